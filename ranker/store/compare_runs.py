"""Two finished runs side by side: who came in, who went out, who moved, and why. Counted and paged in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.decided import Decided, otherwise
from ranker.store.engine import Database
from ranker.store.failed import FAILED

KINDS = ("in", "out", "moved", "told", "same", "failed", "gone", "fresh")
"""Of the leads that both runs judged: ``in`` (contacted in the second only), ``out`` (in the first only),
``moved`` (contacted in both, other rank or score), ``told`` (contacted in neither, other status), ``same``.
Of the others: ``failed`` (a call failed in one of them, which is no verdict), ``gone`` (only in the first) and
``fresh`` (only in the second)."""

LISTED = ("in", "out", "moved", "told", "failed", "gone", "fresh")
"""The kinds whose leads can be listed."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one run said of a lead, and the inputs that it judged; ``held``: on the do-not-contact list then."""

    status: str
    held: bool
    rank: int | None
    score: float | None
    reasoning: str
    title: str
    company: str
    size: str
    domain: str
    failed: bool
    """Not judged because a call failed: no verdict."""


@dataclass(frozen=True, slots=True)
class Move:
    """A lead in two runs; a side is None where that run did not judge it.

    ``cause``: ``failed`` (a call failed in one of them), ``held`` (put on, or taken off, the do-not-contact list),
    ``lead`` (title, company, size or domain changed in between), ``verdict`` (the same inputs, judged differently),
    ``company`` (the same verdict, but others at the company came or went), or ``leads`` (only one of the runs judged
    it). ``otherwise``: what the runs decided by differently, in one sentence.
    """

    lead_id: int
    name: str
    kind: str
    cause: str
    old: Side | None
    new: Side | None
    otherwise: str = ""

    @property
    def side(self) -> Side:
        """The newest thing known of the lead."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a move has at least one side")
        return found

    @property
    def why(self) -> str:
        """What made the difference, in one sentence for a sales person."""
        if self.old is None:
            return "Only the second run judged this lead."
        if self.new is None:
            return "Only the first run judged this lead."
        if self.cause == "failed":
            which = (
                "Both runs"
                if self.old.failed and self.new.failed
                else f"The {'first' if self.old.failed else 'second'} run"
            )
            return f"{which} could not judge this lead, because a call failed. That is no verdict."
        if self.cause == "held":
            went = "put on" if self.new.held else "taken off"
            return f"The lead was {went} the do-not-contact list."
        if self.cause == "company":
            return "The same verdict; others at the company came, went or moved."
        if self.cause == "verdict":
            return self.otherwise
        pairs = [
            (name, getattr(self.old, name), getattr(self.new, name)) for name in ("title", "company", "size", "domain")
        ]
        told = [f"{name} “{old or 'none'}” is now “{new or 'none'}”" for name, old, new in pairs if old != new]
        return f"The lead changed: {', '.join(told)}." if told else "The lead changed."


@dataclass(frozen=True, slots=True)
class Comparison:
    """``counts``: kind → leads, every kind of ``KINDS`` there; ``old`` and ``new`` are the leads of each run.

    ``in + out + moved + told + same + failed + gone`` is ``old``; with ``fresh`` for ``gone`` it is ``new``.
    """

    counts: dict[str, int]
    old: int
    new: int


_CONTACT = "({0}.status='ranked' AND {0}.stage<>'held')"
"""Contacted: the do-not-contact list holds people back whom the persona wants."""
_OLD, _NEW = _CONTACT.format("a"), _CONTACT.format("b")
_FAILED = f"({FAILED.format('a')} OR {FAILED.format('b')})"
_KIND = (
    f"CASE WHEN {_FAILED} THEN 'failed' WHEN NOT {_OLD} AND {_NEW} THEN 'in' WHEN {_OLD} AND NOT {_NEW} THEN 'out' "
    f"WHEN {_OLD} AND (coalesce(a.rank, 0)<>coalesce(b.rank, 0) OR coalesce(a.score, -1)<>coalesce(b.score, -1)) "
    "THEN 'moved' WHEN a.status<>b.status THEN 'told' ELSE 'same' END"
)
_CAUSE = (
    f"CASE WHEN {_FAILED} THEN 'failed' WHEN (a.stage='held')<>(b.stage='held') THEN 'held' "
    "WHEN a.input_hash<>b.input_hash THEN 'lead' "
    "WHEN a.status<>b.status OR coalesce(a.score, -1)<>coalesce(b.score, -1) THEN 'verdict' ELSE 'company' END"
)
_BOTH = "FROM assessment AS a JOIN assessment AS b ON b.lead_id=a.lead_id AND b.run_id=:new WHERE a.run_id=:old"
_ONE = (
    "FROM assessment AS a WHERE a.run_id=:here AND NOT EXISTS "
    "(SELECT 1 FROM assessment AS b WHERE b.run_id=:there AND b.lead_id=a.lead_id)"
)


def count_moves(database: Database, old: int, new: int) -> Comparison:
    """How many leads are of each kind. Raises ``UsageError`` unless both runs are there and differ."""
    with database.session() as session:
        _check(session, old, new)
        connection = session.connection()
        counts = dict.fromkeys(KINDS, 0)
        for kind, count in connection.execute(
            text(f"SELECT {_KIND} AS kind, count(*) {_BOTH} GROUP BY 1"), {"old": old, "new": new}
        ):
            counts[kind] = count
        totals = {
            run: connection.execute(
                text("SELECT count(*) FROM assessment WHERE run_id=:run"), {"run": run}
            ).scalar_one()
            for run in (old, new)
        }
    both = sum(counts.values())
    counts["gone"], counts["fresh"] = totals[old] - both, totals[new] - both
    return Comparison(counts, totals[old], totals[new])


def list_moves(database: Database, old: int, new: int, kind: str, *, offset: int = 0, limit: int = 50) -> list[Move]:
    """One page of the leads of one kind, by company, within it by rank. Raises ``UsageError`` for another kind."""
    if kind not in LISTED:
        raise UsageError(f"Leads can't be listed by “{kind}”. Choose one of: {', '.join(LISTED)}.")
    with database.session() as session:
        _check(session, old, new)
        page = {"limit": limit, "offset": max(0, offset)}
        connection = session.connection()
        # First the numbers alone, so that the sort carries no text; then the details of one page.
        order = "ORDER BY c.key, coalesce({side}.rank, 1000000), a.lead_id LIMIT :limit OFFSET :offset"
        if kind in {"gone", "fresh"}:
            here, there = (old, new) if kind == "gone" else (new, old)
            source = _ONE.replace("AS a WHERE", "AS a JOIN company AS c ON c.id=a.company_id WHERE")
            found = connection.execute(
                text(f"SELECT a.lead_id, 'leads' {source} {order.format(side='a')}"),
                {"here": here, "there": there, **page},
            )
        else:
            source = _BOTH.replace(" WHERE", " JOIN company AS c ON c.id=b.company_id WHERE")
            found = connection.execute(
                text(f"SELECT a.lead_id, {_CAUSE} {source} AND {_KIND}=:kind {order.format(side='b')}"),
                {"old": old, "new": new, "kind": kind, **page},
            )
        causes = {int(row[0]): str(row[1]) for row in found}
        first, second = _sides(session, old, list(causes)), _sides(session, new, list(causes))
        names = {
            row[0]: row[1]
            for row in connection.execute(
                text("SELECT id, full_name FROM lead WHERE id IN :ids").bindparams(bindparam("ids", expanding=True)),
                {"ids": list(causes)},
            )
        }
        told = otherwise(_decided(session, old), _decided(session, new))
        return [
            Move(lead, names.get(lead, ""), kind, cause, first.get(lead), second.get(lead), told)
            for lead, cause in causes.items()
        ]


def _sides(session: Session, run_id: int, leads: list[int]) -> dict[int, Side]:
    rows = session.connection().execute(
        text(
            "SELECT lead_id, status, stage, rank, score, reasoning, title, company_name, size, domain, "
            f"({FAILED.format('a')}) FROM assessment AS a "
            "WHERE run_id=:run AND lead_id IN :ids"
        ).bindparams(bindparam("ids", expanding=True)),
        {"run": run_id, "ids": leads},
    )
    return {row[0]: Side(row[1], row[2] == "held", *row[3:]) for row in rows}


def _decided(session: Session, run_id: int) -> Decided:
    found = session.connection().execute(
        text(
            "SELECT v.engine, v.settings, pv.persona_id FROM run AS r JOIN variant AS v ON v.id=r.variant_id "
            "LEFT JOIN persona_version AS pv ON pv.id=v.persona_version_id WHERE r.id=:run"
        ),
        {"run": run_id},
    )
    row = found.first()
    return Decided() if row is None else Decided.from_json(*row)


def _check(session: Session, old: int, new: int) -> None:
    if old == new:
        raise UsageError("Choose two different runs to compare.")
    for run in (old, new):
        found = session.connection().execute(text("SELECT kind, state FROM run WHERE id=:id"), {"id": run}).first()
        if found is None:
            raise UsageError(f"There is no run {run}. Choose one from the list.")
        if found[0] != "rank" or found[1] != "done":
            raise UsageError(f"Run {run} is no ranking that is done. Choose two of those.")
