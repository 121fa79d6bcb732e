"""Two prospects that turned out to be one person become one, with everything that was written for either."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_SHARED_RUNS = "(SELECT run_id FROM sequence WHERE prospect_id=:stays AND run_id IS NOT NULL)"
_HASHES = "(SELECT hash FROM prospect_analysis WHERE prospect_id=:stays)"


def merge(session: Session, gone: int, stays: int) -> None:
    """Everything of prospect ``gone`` becomes that of ``stays``; its sequences follow, with the next numbers."""

    def run(sql: str) -> None:
        session.connection().execute(text(sql), {"gone": gone, "stays": stays})

    # Of one run, only one sequence of a person stays the run's; one that still waits is not written at all.
    run(f"DELETE FROM sequence WHERE prospect_id=:gone AND state='waiting' AND run_id IN {_SHARED_RUNS}")
    run(f"UPDATE sequence SET run_id=NULL WHERE prospect_id=:gone AND run_id IN {_SHARED_RUNS}")
    # The same analysis twice: what rests on one rests on the other.
    run(
        "UPDATE sequence SET analysis_id=(SELECT s.id FROM prospect_analysis AS s JOIN prospect_analysis AS g "
        "ON g.hash=s.hash WHERE s.prospect_id=:stays AND g.id=sequence.analysis_id) WHERE prospect_id=:gone "
        f"AND analysis_id IN (SELECT id FROM prospect_analysis WHERE prospect_id=:gone AND hash IN {_HASHES})"
    )
    run(f"UPDATE prospect_analysis SET prospect_id=:stays WHERE prospect_id=:gone AND hash NOT IN {_HASHES}")
    # One approval for a person: the newer one.
    run(
        "UPDATE sequence SET approved_by='', approved_at='' WHERE prospect_id IN (:gone, :stays) AND approved_at<>'' "
        "AND id<>(SELECT id FROM sequence WHERE prospect_id IN (:gone, :stays) AND approved_at<>'' "
        "ORDER BY approved_at DESC, id DESC LIMIT 1)"
    )
    run(
        "UPDATE sequence SET number=number+(SELECT coalesce(max(number), 0) FROM sequence WHERE prospect_id=:stays), "
        "prospect_id=:stays WHERE prospect_id=:gone"
    )
    run("DELETE FROM prospect WHERE id=:gone")
