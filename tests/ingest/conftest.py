"""What the tests of imports share."""

import pytest

from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened
