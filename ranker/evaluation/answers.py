"""What one evaluation said of each labelled lead: its mistakes, and how far it agrees with the labels."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from ranker.evaluation.evaluate import Prediction
from ranker.evaluation.moves import Judged, wrongness
from ranker.evaluation.set_items import Item, company_names, load_items
from ranker.store.engine import Database

PLACES = ("1", "2", "3", "4 to 6", "7 and on", "none")
"""Ranks as a picture shows them; ``none`` is judged, and not to be contacted."""
FAILED_PLACE = "not judged"


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled lead and what was said of it. ``company`` is the name to show.

    ``wrong``: 0 (right) to 2, as in ``ranker.evaluation.moves.Move``: 1 for a wrong or missing verdict, and the share
    of its pairs in the wrong order.
    """

    item: Item
    company: str
    status: str
    judged: Judged
    confidence: float | None
    flags: tuple[str, ...]
    needs_review: bool
    wrong: float = 0.0

    @property
    def mistake(self) -> str:
        """What is wrong, in a few words; "" for a right verdict."""
        said, meant = self.judged.prediction.qualified, self.item.label < math.inf
        if said is None:
            return "not judged"
        if said != meant:
            return "left out" if meant else "would be contacted"
        return "in the wrong place" if said and self.wrong > 0 else ""


def answers_of(database: Database, run_id: int, set_id: int) -> tuple[Answer, ...]:
    """Every labelled lead that an evaluation has a row for, in the order of the set."""
    with database.session() as session:
        items = load_items(session, set_id)
        rows = session.connection().execute(
            text(
                "SELECT item_id, status, qualified, score, rank, confidence, reasoning, flags, needs_review "
                "FROM eval_prediction WHERE run_id=:run"
            ),
            {"run": run_id},
        )
        said = {row[0]: row for row in rows}
    names = company_names(items)
    found = [
        Answer(
            item, names[item.company_key], row[1],
            Judged(Prediction(None if row[2] is None else bool(row[2]), row[4], row[3]), row[6]),
            row[5], tuple(json.loads(row[7])), bool(row[8]),
        )
        for item in items
        if (row := said.get(item.id)) is not None
    ]  # fmt: skip
    return _with_wrong(found)


def mistakes(answers: Sequence[Answer]) -> list[Answer]:
    """Those that are wrong, the most harmful first; equal ones by company and row."""
    wrong = [one for one in answers if one.mistake]
    return sorted(wrong, key=lambda one: (-round(one.wrong, 9), one.company.casefold(), one.item.id))


def places(answers: Sequence[Answer]) -> dict[tuple[str, str], int]:
    """(Labelled, said) → leads; each is one of ``PLACES``, the second also ``FAILED_PLACE``."""
    return dict(Counter((_place(one.item.label), _said(one)) for one in answers))


def _said(one: Answer) -> str:
    found = one.judged.prediction
    if found.qualified is None:
        return FAILED_PLACE
    return _place(float(found.rank or math.inf)) if found.qualified else PLACES[-1]


def _place(rank: float) -> str:
    if math.isinf(rank):
        return PLACES[-1]
    return PLACES[int(rank) - 1] if rank <= 3 else PLACES[3] if rank <= 6 else PLACES[4]


def _with_wrong(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    groups: dict[str, list[int]] = {}
    for at, one in enumerate(answers):
        groups.setdefault(one.item.company_key, []).append(at)
    found = list(answers)
    for members in groups.values():
        wrong = wrongness([answers[at].item.label for at in members], [answers[at].judged for at in members])
        for at, much in zip(members, wrong, strict=True):
            one = answers[at]
            found[at] = Answer(
                one.item, one.company, one.status, one.judged, one.confidence, one.flags, one.needs_review, much
            )  # fmt: skip
    return tuple(found)
