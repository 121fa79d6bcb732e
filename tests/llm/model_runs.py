"""Runs with a model for tests of what comes after them: a few leads, a fake server, and how it is asked."""

from __future__ import annotations

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.llm.settings import load_settings
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from tests.llm.fake_server import FakeServer

HEADER = "Name,Company,Website,Employees,Job title,Industry"
SIZES = ("1-10", "51-200", "501-1000")
LEADS = [
    f"Lead {at:04},Company {at % 4},company{at % 4}.example,{SIZES[at % 4 % 3]},Manager of Area {at},Retail"
    for at in range(12)
]
VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD")


class Declining(FakeServer):
    """Declines to answer, however often it is asked, what is about one of the titles in ``declines``."""

    declines: tuple[str, ...] = ()

    def _completion(self, body, said, fault, into):
        if any(f'"{title}"' in said for title in self.declines):
            fault = "refusal"
        return super()._completion(body, said, fault, into)


def bring(database: Database, *rows: str, name: str = "leads.csv") -> int:
    """Import leads, and the personas; the number of the import."""
    seed_personas(database)
    return commit(database, stage_file(database, name, "\n".join([HEADER, *rows]).encode()).id).id


def choice(monkeypatch, server, strategy="pointwise", model="fake", **more) -> ModelChoice:
    """How the fake server is asked; ``more`` are variables such as ``RANKER_MAX_USD``."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    prices = {"RANKER_PRICE_INPUT": 1, "RANKER_PRICE_OUTPUT": 2}
    for name, value in {"OPENAI_BASE_URL": server.url, **prices, "RANKER_TIMEOUT": 5, **more}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, str(value))
    return ModelChoice(strategy, load_settings().with_model(model))


def ranked(database: Database, model: ModelChoice | None = None, selection: Selection | None = None) -> int:
    """One run to its end, by rules or by a model; its number."""
    version = list_personas(database)[0].live_version_id
    run_id = rank_run.start(database, selection or Selection("all"), version, model=model)
    drive(database, run_id, rank_run.step)
    return run_id
