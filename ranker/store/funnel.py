"""The funnel behind the newest ranking: from the leads that entered to the people to contact; it adds up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Funnel:
    """``entered`` = ``judged`` + ``not_judged``; ``judged`` = ``qualified`` + ``not_relevant``;
    ``qualified`` + ``put_in`` = ``to_contact`` + ``taken_out`` + ``held``.

    ``put_in`` and ``taken_out`` by a person; ``held`` by the do-not-contact list. ``run_id`` is None where no run
    has current verdicts.
    """

    run_id: int | None
    ended_at: str
    entered: int
    not_judged: int
    judged: int
    not_relevant: int
    qualified: int
    put_in: int
    taken_out: int
    held: int
    to_contact: int


_COUNTS = text("""
    SELECT count(*),
           coalesce(sum(CASE WHEN a.status IN ('ranked', 'not_relevant') THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN a.status='ranked' THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN a.status<>'ranked' AND k.status='ranked' THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN a.status='ranked' AND k.status<>'ranked' THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN k.status='ranked' AND k.suppressed=1 THEN 1 ELSE 0 END), 0),
           coalesce(sum(CASE WHEN k.rank IS NOT NULL THEN 1 ELSE 0 END), 0)
    FROM current_assessment AS k JOIN assessment AS a ON a.run_id=k.run_id AND a.lead_id=k.lead_id
    WHERE k.run_id=:run
""")


def newest_funnel(database: Database) -> Funnel:
    """Count the leads of the newest finished run whose verdicts are the current ones."""
    with database.session() as session:
        connection = session.connection()
        run = connection.execute(
            text(
                "SELECT id, ended_at FROM run WHERE state='done' AND EXISTS "
                "(SELECT 1 FROM current_assessment AS k WHERE k.run_id=run.id) ORDER BY ended_at DESC, id DESC LIMIT 1"
            )
        ).first()
        if run is None:
            return Funnel(None, "", *([0] * 9))
        counted = connection.execute(_COUNTS, {"run": run[0]}).one()
    entered, judged, qualified, put_in, taken_out, held, to_contact = (int(value) for value in counted)
    return Funnel(
        run[0], run[1], entered, entered - judged, judged, judged - qualified, qualified, put_in, taken_out, held,
        to_contact,
    )  # fmt: skip
