"""A database of its own for each test of the client."""

import pytest

from ranker.store.engine import open_database


@pytest.fixture
def database(tmp_path):
    opened = open_database(folder=tmp_path / "data")
    yield opened
    opened.close()
