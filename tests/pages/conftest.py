from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ranker.evaluation import eval_run
from ranker.ingest import import_run
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from ranker.store.engine import Database
from tests.pages.opening import PATIENCE, ROUTER
from tests.pages.outreach_runs import LEADS
from tests.store.databases import empty

STEPS = {
    rank_run.KIND: rank_run.step,
    import_run.KIND: import_run.step,
    eval_run.KIND: eval_run.step,
    outreach_run.KIND: outreach_run.step,
}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that the pages of this test open."""
    monkeypatch.setenv("RANKER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = empty(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def open_page(database: Database) -> Callable[..., AppTest]:
    """Opens a page through the router: ``open_page("rank.py", batch=1)``, the file as it stands in ``pages``."""

    def opened(file: str = "home.py", **params: object) -> AppTest:
        app = AppTest.from_file(ROUTER, default_timeout=PATIENCE)
        if file != "home.py":
            app.run()
            app.switch_page(file)
        for name, value in params.items():
            app.query_params[name] = str(value)
        return app.run()

    return opened


@pytest.fixture
def work(database: Database) -> Callable[[], None]:
    """Does what the worker would do: every run that waits, to its end."""

    def done() -> None:
        for run in run_queries.active_runs(database):
            drive(database, run.id, STEPS[run.kind])

    return done


@pytest.fixture
def ranked(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """Five leads at two companies, of whom four rank; nothing is set up for language models."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    commit(database, stage_file(database, "leads.csv", LEADS.encode()).id)
    seed_personas(database)
    drive(
        database,
        rank_run.start(database, Selection("all"), list_personas(database)[-1].live_version_id),
        rank_run.step,
    )
    return database
