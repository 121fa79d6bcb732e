"""What writing to some leads or prospects would take, from the prompts that would really be sent; nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.llm.question import Question, output_limit
from ranker.outreach import refusals
from ranker.outreach.analysing import analysis_question, hash_of, unknown
from ranker.outreach.drafts import Task, write_question
from ranker.outreach.known import known_of, known_of_leads
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.sequence import Analysis, Known, Request, Signal
from ranker.outreach.writing import ROUNDS, TASKS
from ranker.scoring.llm.plan import SECONDS_A_CALL
from ranker.scoring.llm.templates import Prompt
from ranker.store import ai_calls
from ranker.store.engine import Database
from ranker.store.suppressions import in_pieces

AGAIN = 0.25
"""Rounds in which something is asked for again, a sequence, until sequences by this model tell."""
_SAMPLE = 500
"""Prospects whose questions are put together and counted; of more, that many stand for all."""
_TOKENS_ANALYSIS, _TOKENS_MESSAGE, _TOKENS_SUMMARY = 220, 150, 70
_LIKE = Analysis("x" * 300, "x" * 40, tuple(Signal("x" * 110, "title") for _ in range(4)))
"""About as long as an analysis is."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``people`` to write to, without the ``held``, who must not be contacted. ``analyses`` are asked for, ``kept`` are
    there from before. ``calls``: as many as are expected; ``most_calls``: if every sequence took all its rounds.

    Tokens are estimates: four bytes each, no thinking. ``usd`` and ``worst`` (every answer the longest allowed,
    every round used) are dollars, None for an unknown price; 0 for templates. ``measured``: whether the time rests on
    how long this model's answers took before.
    """

    people: int = 0
    held: int = 0
    analyses: int = 0
    kept: int = 0
    calls: int = 0
    most_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    worst: float | None = 0.0
    seconds: float = 0.0
    measured: bool = False


def estimate(
    database: Database, request: Request, model: OutreachModel | None, *, lead_ids: Sequence[int] = (),
    prospect_ids: Sequence[int] = (),
) -> Estimate:  # fmt: skip
    """Count what a run would ask for these leads (prospects or not yet) and prospects. ``model``: None for templates.

    Answers that are kept from before are counted too, kept analyses are not. Raises ``LlmSetup`` for a prompt that
    can't be used.
    """
    leads, prospects = list(dict.fromkeys(lead_ids)), list(dict.fromkeys(prospect_ids))
    with database.session() as session:
        of_leads, of_prospects = refusals.of_leads(session, leads), refusals.of_prospects(session, prospects)
        held = len(of_leads) + len(of_prospects)
        leads = [one for one in leads if one not in of_leads]
        prospects = [one for one in prospects if one not in of_prospects]
        people = len(leads) + len(prospects)
        if model is None or not people:
            return Estimate(people, held)
        some = _some(session, leads, prospects)
        prompts = model.prompts(session)
        there = _analysed(session, some)
        again, took = _again(session, model), _took(session, model)
    return _of(model, prompts, request, people, held, some, there, again, took)


def _of(
    model: OutreachModel, prompts: Mapping[str, Prompt], request: Request, people: int, held: int, some: list[Known],
    there: Mapping[int, frozenset[str]], again: float, took: float | None,
) -> Estimate:  # fmt: skip
    first, times = model.settings.providers[0], people / max(1, len(some))
    models = {task: first.model_for(task) for task in TASKS}
    steps = tuple(range(1, request.messages + 1))
    out = _TOKENS_MESSAGE * request.messages + _TOKENS_SUMMARY
    calls = {"analyse": 0.0, "write": len(some) * (1 + again)}
    into = {"analyse": 0.0, "write": 0.0}
    worst: dict[str, float | None] = {"analyse": 0.0, "write": 0.0}
    kept = 0
    for known in some:
        if hash_of(known, prompts["analyse"], first.name, models["analyse"]) in there.get(known.prospect_id, ()):
            kept += 1
        elif unknown(known) is None:
            question = analysis_question(prompts["analyse"], known)
            calls["analyse"] += 1
            into["analyse"] += question.likely_input()
            _add(worst, "analyse", _worst(model, question))
        question = write_question(prompts["write"], known, request, _LIKE, Task(steps))
        into["write"] += question.likely_input() * (1 + again)
        _add(worst, "write", _worst(model, question), ROUNDS)
    told = {"analyse": calls["analyse"] * _TOKENS_ANALYSIS, "write": len(some) * (1 + again) * out}
    prices = {task: first.price(models[task]) for task in TASKS}
    usd = [price.cost(round(into[task] * times), 0, round(told[task] * times))
           for task, price in prices.items() if price is not None]  # fmt: skip
    most = [value * times for value in worst.values() if value is not None]
    all_calls, tokens = sum(calls.values()) * times, (sum(into.values()) + sum(told.values())) * times
    settings, a_call = model.settings, took or SECONDS_A_CALL
    seconds = max(
        all_calls * a_call / settings.concurrency, min(2, all_calls) * a_call,
        all_calls / settings.rpm * 60 if settings.rpm else 0.0, tokens / settings.tpm * 60 if settings.tpm else 0.0,
    )  # fmt: skip
    return Estimate(
        people, held, round(calls["analyse"] * times), round(kept * times), round(all_calls),
        round(calls["analyse"] * times) + people * ROUNDS, round(sum(into.values()) * times),
        round(sum(told.values()) * times), sum(usd) if len(usd) == len(prices) else None,
        sum(most) if len(most) == len(worst) else None, seconds, took is not None,
    )  # fmt: skip


def _some(session: Session, leads: Sequence[int], prospects: Sequence[int]) -> list[Known]:
    """What is known of those that are counted: all of a few, evenly chosen ones of many; leads under their prospect."""
    every = len(leads) + len(prospects)
    step = max(1, -(-every // _SAMPLE))
    found = [*known_of(session, prospects[::step]).values()]
    named: dict[int, int] = {}
    wanted = text("SELECT lead_id, id FROM prospect WHERE lead_id IN :ids").bindparams(bindparam("ids", expanding=True))
    in_pieces(
        leads[::step],
        lambda ids: named.update({row[0]: row[1] for row in session.connection().execute(wanted, {"ids": list(ids)})}),
    )
    found += known_of(session, list(named.values())).values()
    found += known_of_leads(session, [one for one in leads[::step] if one not in named]).values()
    return found


def _analysed(session: Session, some: Sequence[Known]) -> dict[int, frozenset[str]]:
    """Prospect → the hashes of its analyses."""
    found: dict[int, set[str]] = {}
    wanted = text("SELECT prospect_id, hash FROM prospect_analysis WHERE prospect_id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )

    def look(ids: Sequence[int]) -> None:
        for prospect_id, digest in session.connection().execute(wanted, {"ids": list(ids)}):
            found.setdefault(prospect_id, set()).add(digest)

    in_pieces([one.prospect_id for one in some if one.prospect_id], look)
    return {prospect_id: frozenset(hashes) for prospect_id, hashes in found.items()}


def _again(session: Session, model: OutreachModel) -> float:
    """Rounds a sequence beyond the first, as the newest by this model took them."""
    row = (
        session.connection()
        .execute(
            text(
                "SELECT avg(asked_again), count(*) FROM (SELECT s.asked_again FROM sequence AS s JOIN variant AS v "
                "ON v.id=s.variant_id WHERE v.hash=:hash AND s.origin='model' AND s.state='complete' AND s.edited=0 "
                "ORDER BY s.id DESC LIMIT 200) AS newest"
            ),
            {"hash": model.digest(session)},
        )
        .one()
    )
    return float(row[0]) if row[1] >= 10 else AGAIN


def _took(session: Session, model: OutreachModel) -> float | None:
    first = model.settings.providers[0]
    return ai_calls.usual_seconds(session, first.name, sorted({first.model_for(task) for task in TASKS}))


def _worst(model: OutreachModel, question: Question) -> float | None:
    """Dollars if the answer to a question were the longest allowed."""
    first = model.settings.providers[0]
    name = first.model_for(question.purpose)
    return first.worst(name, question.worst_input(), output_limit(question, name))


def _add(sums: dict[str, float | None], task: str, more: float | None, times: int = 1) -> None:
    known = sums[task]
    sums[task] = None if known is None or more is None else known + more * times
