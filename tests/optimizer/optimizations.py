"""Optimizations for tests of what reads them: a real search of a toy subject, kept in the tables as a run keeps it.

The toy changes the stars of a persona's text, one place at a time. How well a text does follows from which places are
changed: the first of them gain at every company, the others gain and lose by chance.
"""

import hashlib
import json
import re
from dataclasses import asdict

from sqlalchemy import text as sql

from ranker.evaluation.evaluate import COUNTS, FIGURES
from ranker.evaluation.set_counts import SetItem
from ranker.evaluation.set_write import write_set
from ranker.optimizer.holdout import conclude, open_hold_out
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome_json import opening_json, outcome_json, split_json
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Proposal
from ranker.personas.catalog import get_version, list_personas, seed_personas
from ranker.store import bulk, run_queries
from ranker.store.clock import now

QUICK = Settings(generations=3, variants=4, folds=3)
PERSONA = "Rosterleaf: our buyers"
_STARS = re.compile("★{2,5}")


class Stars:
    """What is searched: ``good`` places gain ``gain`` each when their stars become two, others by ``luck``."""

    def __init__(self, start, companies, *, good=3, gain=0.08, luck=0.05):
        self.start, self.companies = start, tuple(companies)
        self.good, self.gain, self.luck = good, gain, luck
        self.stars = _STARS.findall(start)
        self.places = [at for at, one in enumerate(self.stars) if len(one) > 2]

    def evaluate(self, text, companies):
        changed = [self.places.index(at) for at, one in enumerate(_STARS.findall(text)) if one != self.stars[at]]
        return {company: self._figures(company, changed) for company in companies}

    def propose(self, text, companies, wanted, seed):
        free = [one for one, at in enumerate(self.places) if _STARS.findall(text)[at] == self.stars[at]]
        free.sort(key=lambda one: _chance(seed, one) + (0.0 if one < self.good else 0.3))
        return [self._proposal(text, one) for one in free[:wanted]]

    def _proposal(self, text, one):
        found = list(_STARS.finditer(text))[self.places[one]]
        return Proposal(
            f"{text[: found.start()]}★★{text[found.end() :]}",
            f"Whom place {one + 1} names was ranked above others at {2 + one % 3} companies.",
            f"Place {one + 1}: two stars instead of {len(found[0])}.",
        )

    def _figures(self, company, changed):
        value = 0.4 + 0.2 * _chance(company)
        value += sum(
            self.gain * (0.7 + 0.6 * _chance(company, one)) if one < self.good
            else self.luck * (_chance(company, one, "luck") - 0.5)
            for one in changed
        )  # fmt: skip
        value = min(max(value, 0.0), 1.0)
        return {**dict.fromkeys(COUNTS, 5), **dict.fromkeys(FIGURES)} | {
            "pairs": value, "f1": value, "tau_b": 2 * value - 1, "spearman": 2 * value - 1, "mae": 4 * (1 - value),
        }  # fmt: skip


def _chance(*parts):
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4], "big") / 2**32


def make_set(database, companies=16, leads=4, name="Made labels"):
    """A saved set of made leads; its number."""
    items = [
        SetItem(
            at * leads + place + 2, f"L{at:02}{place}", f"company{at}.example", f"Company {at:02}",
            ("HR Director", "Payroll Manager", "Sales Director", "Head of HR")[place % 4], "51-200", "", "",
            float("inf") if place % 4 == 2 else float(place + 1),
        )
        for at in range(companies)
        for place in range(leads)
    ]  # fmt: skip
    with database.write() as session:
        return write_set(session, name, "upload", items, "", file_name="made.csv").id


def live_persona(database, name=PERSONA):
    """The version of a persona that is in use."""
    seed_personas(database)
    return get_version(database, next(one.live_version_id for one in list_personas(database) if one.name == name))


def keep(
    database, set_id, *, settings=QUICK, state="done", companies=16, error="", upto=None, opened=True, who="", **toy
):
    """An optimization in the tables; its run's number.

    ``upto``: only so many candidates, over all searches, and no result, as in the middle of it.
    """
    version = live_persona(database)
    subject = Stars(version.content, [f"Company {at:02}" for at in range(companies)], **toy)
    memory = InMemory()
    outcome = optimize(subject, memory, settings)
    if opened and outcome.split.held_out:
        outcome = conclude(outcome, open_hold_out(subject, memory, outcome))
    rows = [(search, one) for (search, _), one in sorted(memory.rows.items())][:upto]
    whole = upto is None
    said = {"search": asdict(settings), "strategy": "rules"}
    with database.write() as session:
        run = run_queries.ask(
            session, "optimize", f"{set_id}-{now()}-{len(rows)}", {"kind": "labelled", "ids": [set_id]}, who=who
        )
        session.connection().execute(
            sql(
                "INSERT INTO optimization (run_id, eval_set_id, persona_version_id, slot, settings, split, result, "
                "openings) VALUES (:run, :set, :version, 'persona', :settings, :split, :result, :openings)"
            ),
            {
                "run": run, "set": set_id, "version": version.id, "settings": json.dumps(said),
                "split": json.dumps(split_json(outcome.split)) if whole else "{}",
                "result": json.dumps(outcome_json(outcome)) if whole else "{}",
                "openings": json.dumps(
                    [{"at": now(), "who": who, **opening_json(outcome.opening)}] if whole and outcome.opening else []
                ),
            },
        )  # fmt: skip
        beams = {}
        for (search, generation), numbers in memory.beams.items():
            for number in numbers:
                beams[search, number] = max(beams.get((search, number), 0), generation + 1)
        bulk.insert(
            session,
            "candidate",
            (
                "search", "number", "parent", "generation", "hash", "content", "critique", "edit", "state", "reason",
                "in_beam", "created_at",
            ),
            [
                (
                    search, one.number, one.parent, one.generation, one.hash, one.text, one.critique, one.edit,
                    one.state, one.reason, beams.get((search, one.number), 0), now(),
                )
                for search, one in rows
            ],
            {"run_id": run},
        )  # fmt: skip
        kept = {one.hash for _, one in rows}
        bulk.insert(
            session, "candidate_score", ("hash", "company", "figures"),
            [(key[0], key[1], json.dumps(one)) for key, one in memory.figures.items() if key[0] in kept],
            {"run_id": run},
        )  # fmt: skip
    if state != "queued":
        with database.write() as session:
            session.connection().execute(
                sql("UPDATE run SET state=:state, error=:error, started_at=:at, ended_at=:ended WHERE id=:id"),
                {"state": state, "error": error, "at": now(), "ended": "" if state == "running" else now(), "id": run},
            )
    return run
