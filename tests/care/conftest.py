"""What the tests of care share: a database with two files imported, ranked, reviewed and exported."""

import pytest

from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened
