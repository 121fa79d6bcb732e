"""Whether somebody works on the runs: told from the slots that living processes hold (``ranker.jobs.slots``)."""

from __future__ import annotations

from sqlalchemy import text

from ranker.jobs.slots import FIRST_LOCK, SLOTS, Slots
from ranker.store.engine import Database


def workers(database: Database) -> int:
    """How many processes take runs of this database now, this one included."""
    if database.path is None:
        held = text(
            "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid=l.database WHERE l.granted "
            "AND l.locktype='advisory' AND d.datname=current_database() AND l.objid BETWEEN :first AND :last"
        )
        with database.session() as session:
            found = session.connection().execute(held, {"first": FIRST_LOCK, "last": FIRST_LOCK + SLOTS - 1})
            return int(found.scalar_one())
    slots = Slots(database)
    alive = 0
    for path in database.path.parent.glob("worker-*.lock"):
        number = path.stem.removeprefix("worker-")
        if not number.isdigit():
            continue
        if slots.hold(int(number)):
            slots.free(int(number))
        else:
            alive += 1
    return alive
