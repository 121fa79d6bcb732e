"""An API in process, on a database of its own and without a model, and one served for real on loopback."""

import threading

import pytest
import uvicorn
from fastapi.testclient import TestClient

from ranker.api.app import make_app
from ranker.api.keys import KeyBook
from ranker.api.serve import config_of
from ranker.api.service import Service
from ranker.llm.breaker import Breaker
from tests.llm.model_runs import choice
from tests.store.databases import KINDS, fresh
from tests.store.ranked import ranked_world


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder without any key or setting."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MAX_USD", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(params=KINDS)
def database(request, folder):
    with fresh(request.param, folder.parent) as opened:
        yield opened


@pytest.fixture
def service(database):
    return Service(database, KeyBook(), pause=0.01, breaker=lambda: Breaker(cool=0.05))


@pytest.fixture
def world(database):
    """Two companies that were ranked by hand: leads by name."""
    return ranked_world(database)


@pytest.fixture
def model(monkeypatch):
    """Makes a fake server the model that is asked; ``more`` are variables such as ``RANKER_MAX_USD``."""
    return lambda server, **more: choice(monkeypatch, server, **more)


@pytest.fixture
def api(service):
    with TestClient(make_app(service), base_url="http://127.0.0.1:8600") as client:
        yield client


@pytest.fixture
def server(service):
    """A real server, which is stopped at the end."""
    config = config_of(service)
    config.port = 0
    made = uvicorn.Server(config)
    started = threading.Event()
    whole_startup = made.startup

    async def startup(*arguments, **more):
        await whole_startup(*arguments, **more)
        started.set()

    made.startup = startup
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    assert started.wait(20)
    yield made
    made.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def served(server):
    """The address of a real server."""
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
