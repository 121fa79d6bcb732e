"""What a language model said of somebody beside others: their job title, quoted in a verdict on a colleague.

A model is never told a name. A title that others have too, or that a persona asks for, says nothing about one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.care.prospects import has_prospects, mend_written
from ranker.ingest.mentions import FEW, Mentions
from ranker.store.fold import fold
from ranker.store.suppressions import in_pieces

_TITLES = text(
    "SELECT company_id, title FROM lead WHERE id IN :ids UNION SELECT company_id, title FROM assessment "
    "WHERE lead_id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_SAID = (
    "SELECT a.run_id, a.lead_id, a.company_id, a.reasoning FROM assessment AS a JOIN run AS r ON r.id=a.run_id "
    "JOIN variant AS v ON v.id=r.variant_id WHERE v.engine LIKE 'llm%'"
)
_ANSWERED = (
    "SELECT p.run_id, p.item_id, i.company_key, p.reasoning FROM eval_prediction AS p "
    "JOIN eval_item AS i ON i.id=p.item_id JOIN eval_run AS r ON r.run_id=p.run_id "
    "JOIN variant AS v ON v.id=r.variant_id WHERE v.engine LIKE 'llm%' AND i.eval_set_id=:id"
)


def titles_of(session: Session, lead_ids: Sequence[int]) -> dict[str, set[int]]:
    """The titles that these leads have, or had when they were judged, each with the companies where."""
    found: dict[str, set[int]] = {}

    def read(some: Sequence[int]) -> None:
        for company, title in session.connection().execute(_TITLES, {"ids": list(some)}):
            if title.strip():
                found.setdefault(title.strip(), set()).add(company)

    in_pieces(lead_ids, read)
    return found


def forget_titles(session: Session, titles: Mapping[str, set[int]]) -> int:
    """Take the titles of people who are gone out of what models said of others; how many verdicts were mended.

    Up to a few titles are looked for in every verdict, more of them in those on people at the same company. Call it
    once the people are gone from ``lead``.
    """
    if not titles:
        return 0
    connection = session.connection()
    stay = {fold(row[0]) for row in connection.execute(text("SELECT DISTINCT title FROM lead"))}
    asked = "\n".join(fold(row[0]) for row in connection.execute(text("SELECT content FROM persona_version")))
    gone = {title: at for title, at in titles.items() if fold(title) not in stay and fold(title) not in asked}
    if not gone:
        return 0
    everywhere = _words(gone) if len(gone) <= FEW else None
    here: dict[int, list[str]] = {}
    for title, companies in gone.items():
        for company in companies:
            here.setdefault(company, []).append(title)
    by_company = {} if everywhere else {company: _words(some) for company, some in here.items()}
    changes = []
    for run_id, lead_id, company_id, said in connection.execute(text(_SAID)):
        titles_here = everywhere or by_company.get(company_id)
        mended = titles_here.mend(said) if titles_here else said
        if mended != said:
            changes.append({"said": mended, "run": run_id, "lead": lead_id})
    if changes:
        connection.execute(text("UPDATE assessment SET reasoning=:said WHERE run_id=:run AND lead_id=:lead"), changes)
    if has_prospects(session):  # a verdict is among what messages are made from
        mend_written(session, lambda company: everywhere or by_company.get(company))
    return len(changes)


def label_titles(session: Session, label_ids: Sequence[int]) -> dict[tuple[int, str], set[str]]:
    """The titles of these labels, by set and company; call it before the labels go."""
    found: dict[tuple[int, str], set[str]] = {}
    chosen = text("SELECT eval_set_id, company_key, title FROM eval_item WHERE id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )

    def read(some: Sequence[int]) -> None:
        for set_id, company, title in session.connection().execute(chosen, {"ids": list(some)}):
            if title.strip():
                found.setdefault((set_id, company), set()).add(title.strip())

    in_pieces(label_ids, read)
    return found


def forget_label_titles(session: Session, titles: Mapping[tuple[int, str], set[str]]) -> int:
    """Take the titles of deleted labels out of what models answered on others at their company, in the same set.

    A title that another label of the set has, or that a persona asks for, stays. How many answers were mended.
    """
    if not titles:
        return 0
    connection = session.connection()
    asked = "\n".join(fold(row[0]) for row in connection.execute(text("SELECT content FROM persona_version")))
    changes = []
    for set_id in sorted({number for number, _ in titles}):
        rows = connection.execute(text("SELECT title FROM eval_item WHERE eval_set_id=:id"), {"id": set_id})
        stay = {fold(row[0]) for row in rows}
        gone = {
            company: _words(some)
            for (number, company), every in titles.items()
            if number == set_id and (some := [one for one in every if fold(one) not in stay and fold(one) not in asked])
        }
        for run_id, item_id, company, said in connection.execute(text(_ANSWERED), {"id": set_id}) if gone else ():
            mended = gone[company].mend(said) if company in gone else said
            if mended != said:
                changes.append({"said": mended, "run": run_id, "item": item_id})
    if changes:
        connection.execute(
            text("UPDATE eval_prediction SET reasoning=:said WHERE run_id=:run AND item_id=:item"), changes
        )
    return len(changes)


def _words(titles: Iterable[str]) -> Mentions:
    """Any of the titles, the longest first, however its spaces and cases are."""
    longest = sorted(titles, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, title.split())) for title in longest)
    pattern = "|".join(rf"(?<!\w){one}(?!\w)" for one in spaced)
    return Mentions(re.compile(pattern, re.IGNORECASE), tuple({max(one.lower().split(), key=len) for one in longest}))
