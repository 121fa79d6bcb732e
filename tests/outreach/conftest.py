"""What the tests of outreach share: a ranked world on every database."""

import pytest

from tests.store.databases import KINDS, fresh
from tests.store.ranked import ranked_world


@pytest.fixture(params=KINDS)
def world(request, tmp_path):
    with fresh(request.param, tmp_path) as database:
        yield ranked_world(database)


@pytest.fixture(params=KINDS)
def database(request, tmp_path, monkeypatch):
    """An empty database; a model that fails is tried again at once."""
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ranker.outreach.outreach_piece.PAUSE", 0.01)
    monkeypatch.setattr("ranker.outreach.outreach_piece.COOL", 0.05)
    with fresh(request.param, tmp_path) as opened:
        yield opened
