"""One sequence at once, without a run: for the REST API, and for whoever waits for it."""

from __future__ import annotations

from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.sequence import Known, Request, Written
from ranker.outreach.stored import analysis_of
from ranker.outreach.writing import TASKS, analysis_hash_of, write_one
from ranker.store.engine import Database


def write_now(
    database: Database, known: Known, request: Request, model: OutreachModel | None, *, scope: str, turn: int = 0,
    pause: float = 0.5, cool: float = 15.0,
) -> Written:  # fmt: skip
    """What comes of one request, from any thread; the caller keeps it (``stored.begin``, ``stored.keep``).

    ``scope``: the name of this piece of work in the ledger; the limit of money of the model's settings holds for it.
    An analysis that is kept is used where its inputs are the same. ``turn``, and what comes of a call that fails: as
    in ``write_one``. Raises ``NoKey``, ``SpendingOff``, ``PriceUnknown`` or ``LlmSetup`` before anything is asked.
    """
    return run_to_end(_write(database, known, request, model, scope, turn, pause, cool))


async def _write(
    database: Database, known: Known, request: Request, model: OutreachModel | None, scope: str, turn: int,
    pause: float, cool: float,
) -> Written:  # fmt: skip
    if model is None:
        return await write_one(None, {}, known, request)
    model.check()
    with database.session() as session:
        prompts = model.prompts(session)
    async with LlmClient(
        model.settings, database, scope, TASKS, pause=pause, breaker=lambda: Breaker(cool=cool)
    ) as client:
        with database.session() as session:
            kept = analysis_of(session, known.prospect_id, analysis_hash_of(client, prompts, known))
        return await write_one(client, prompts, known, request, kept, turn=turn)
