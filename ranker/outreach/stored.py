"""Sequences and analyses in the database: begun, kept once, read whole.

A sequence waits from the moment it is asked for; what comes of it is kept once, and after that only its approval
changes (``approvals``). An edit is another sequence (``edits``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.outreach import as_json, refusals
from ranker.outreach.known import input_hash, known_of
from ranker.outreach.sequence import Analysis, Known, Message, Request, Written
from ranker.outreach.sequence_row import MESSAGES, SELECT, SequenceRow, message_of, sequence_of
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.suppressions import in_pieces


def begin(
    session: Session,
    prospect_ids: Sequence[int],
    request: Request,
    *,
    run_id: int | None = None,
    variant_id: int | None = None,
    who: str = "",
    made_by: str = "page",
    client: str = "",
) -> dict[int, int]:
    """Prospect → its new sequence, ``waiting``, with the prospect's next number.

    Of a run there is one for a prospect: begun again, what there is comes back. Without a run each call makes new ones.
    ``made_by``: ``page``, ``api`` or ``command``; ``client``: the name of the API's key.
    """
    there = waiting_of(session, run_id, all_states=True) if run_id is not None else {}
    fresh = [number for number in dict.fromkeys(prospect_ids) if number not in there]
    last: dict[int, int] = {}
    wanted = _ids("SELECT prospect_id, max(number) FROM sequence WHERE prospect_id IN :ids GROUP BY prospect_id")

    def look(ids: Sequence[int]) -> None:
        last.update({row[0]: row[1] for row in session.connection().execute(wanted, {"ids": list(ids)})})

    in_pieces(fresh, look)
    same = {
        "run_id": run_id, "variant_id": variant_id, "state": "waiting", "context": as_json.plain(request.context),
        "tone": as_json.tone_json(request.tone, request.preset), "wanted": request.messages,
        "fallback": int(request.fallback), "who": who, "made_by": made_by, "client": client, "created_at": now(),
    }  # fmt: skip
    rows = [(number, last.get(number, 0) + 1, *same.values()) for number in fresh]
    bulk.insert(session, "sequence", ("prospect_id", "number", *same), rows)
    if run_id is not None:
        made = waiting_of(session, run_id, all_states=True)
    else:
        made = {}
        newest = _ids("SELECT prospect_id, max(id) FROM sequence WHERE prospect_id IN :ids GROUP BY prospect_id")

        def look_again(ids: Sequence[int]) -> None:
            made.update({row[0]: row[1] for row in session.connection().execute(newest, {"ids": list(ids)})})

        in_pieces(fresh, look_again)
    return {number: made[number] for number in prospect_ids}


def waiting_of(session: Session, run_id: int, *, most: int | None = None, all_states: bool = False) -> dict[int, int]:
    """Prospect → sequence of a run that still waits, in the order of their numbers; ``most`` of them at most."""
    limit = " LIMIT :most" if most is not None else ""
    state = "" if all_states else " AND state='waiting'"
    rows = session.connection().execute(
        text(f"SELECT prospect_id, id FROM sequence WHERE run_id=:run{state} ORDER BY id{limit}"),
        {"run": run_id, "most": most} if limit else {"run": run_id},
    )
    return {row[0]: row[1] for row in rows}


_KEEP = text(
    "UPDATE sequence SET state=:state, origin=:origin, reason=:reason, variant_id=coalesce(:variant, variant_id), "
    "persona_version_id=:persona, analysis_id=:analysis, sources=:sources, input_hash=:hash, summary=:summary, "
    "provider=:provider, model=:model, calls=:calls, tokens_in=:tokens_in, tokens_out=:tokens_out, cost_usd=:usd, "
    "asked_again=:again, ended_at=:at WHERE id=:id AND state='waiting'"
)


def keep(session: Session, sequence_id: int, written: Written, known: Known, *, variant_id: int | None = None) -> bool:
    """Keep what came of a sequence that waits, with all that was known; False if it waits no more, or is gone.

    Nothing is kept twice, so that whoever writes it again after a crash changes nothing. The analysis is kept too,
    where it is new.
    """
    connection = session.connection()
    found = connection.execute(
        text("SELECT prospect_id FROM sequence WHERE id=:id AND state='waiting'"), {"id": sequence_id}
    ).scalar()
    if found is None:
        return False
    analysis = written.analysis
    number = None if analysis is None else analysis.id
    if analysis is not None and number is None:
        number = keep_analysis(session, int(found), analysis, written.provider).id
    usage = written.usage
    values: dict[str, str | int | float | None] = {
        "id": sequence_id, "state": written.state, "origin": written.origin, "reason": written.reason,
        "variant": variant_id, "persona": known.persona_version_id, "analysis": number,
        "sources": as_json.sources_json(known.sources), "hash": input_hash(known), "summary": written.summary,
        "provider": written.provider, "model": written.model, "calls": usage.calls, "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out, "usd": usage.usd, "again": written.asked_again, "at": now(),
    }  # fmt: skip
    plain = {name: as_json.plain(one) if isinstance(one, str) else one for name, one in values.items()}
    connection.execute(_KEEP, plain)
    keep_messages(session, sequence_id, written.messages)
    return True


def keep_messages(session: Session, sequence_id: int, messages: Sequence[Message]) -> None:
    """The messages of a sequence that has none yet."""
    rows = [
        (
            sequence_id, one.step, as_json.plain(one.content), as_json.plain(one.reasoning), one.confidence,
            int(one.cut), as_json.marks_json(one.marks), as_json.basis_json(one.basis),
        )
        for one in messages
    ]  # fmt: skip
    columns = ("sequence_id", "step", "content", "reasoning", "confidence", "cut", "marks", "basis")
    bulk.insert(session, "sequence_message", columns, rows)


def end_waiting(session: Session, run_id: int, reason: str) -> int:
    """Sequences of a run that still wait fail for this reason; how many."""
    ended = session.connection().execute(
        text("UPDATE sequence SET state='failed', reason=:reason, ended_at=:at WHERE run_id=:run AND state='waiting'"),
        {"run": run_id, "reason": reason, "at": now()},
    )
    return int(ended.rowcount)


_ANALYSIS = text("SELECT content, hash, model, id FROM prospect_analysis WHERE prospect_id=:prospect AND hash=:hash")


def analysis_of(session: Session, prospect_id: int, digest: str) -> Analysis | None:
    """The analysis of a prospect that was made from the same; None if there is none."""
    row = session.connection().execute(_ANALYSIS, {"prospect": prospect_id, "hash": digest}).first()
    return None if row is None else as_json.read_analysis(*row)


def keep_analysis(session: Session, prospect_id: int, analysis: Analysis, provider: str = "") -> Analysis:
    """Keep an analysis under its hash, and return it with its number; the first one under a hash stays."""
    columns = ("prospect_id", "hash", "content", "provider", "model", "created_at")
    row = (prospect_id, analysis.hash, as_json.analysis_json(analysis), provider, analysis.model, now())
    bulk.upsert(session, "prospect_analysis", columns, ("prospect_id", "hash"), [row], "hash=excluded.hash")
    kept = analysis_of(session, prospect_id, analysis.hash)
    assert kept is not None
    return kept


def load_sequence(database: Database, sequence_id: int) -> SequenceRow:
    """One sequence, whole. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        return read_sequence(session, sequence_id)


def read_sequence(session: Session, sequence_id: int) -> SequenceRow:
    """``load_sequence`` within a transaction."""
    connection = session.connection()
    row = connection.execute(text(f"{SELECT} WHERE s.id=:id"), {"id": sequence_id}).mappings().first()
    if row is None:
        raise UsageError(f"There is no sequence {sequence_id} any more. Go back to the list of prospects.")
    messages = tuple(message_of(one) for one in connection.execute(MESSAGES, {"id": sequence_id}))
    number = row["prospect_id"]
    today, refused = input_hash(known_of(session, [number])[number]), refusals.of_prospects(session, [number])
    return sequence_of(row, messages, today, refused.get(number, ""))


def _ids(sql: str) -> Any:
    return text(sql).bindparams(bindparam("ids", expanding=True))
