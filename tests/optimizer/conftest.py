"""A database of its own for each test."""

import pytest

from tests.store.databases import empty


@pytest.fixture
def database(tmp_path):
    opened = empty(tmp_path / "data")
    yield opened
    opened.close()
