"""What the tests of outreach share: a ranked world on every database."""

import pytest

from tests.store.databases import KINDS, fresh
from tests.store.ranked import ranked_world


@pytest.fixture(params=KINDS)
def world(request, tmp_path):
    with fresh(request.param, tmp_path) as database:
        yield ranked_world(database)
