"""What the tests of imports share."""

import shutil
from contextlib import contextmanager
from itertools import count

import pytest

from tests.store.databases import KINDS, empty, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def emptied(tmp_path):
    """Opens an empty SQLite database at each call."""
    numbers = count()

    @contextmanager
    def opened():
        folder = tmp_path / f"copy-{next(numbers)}"
        database = empty(folder)
        yield database
        database.close()
        shutil.rmtree(folder)

    return opened
