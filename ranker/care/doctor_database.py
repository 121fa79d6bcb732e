"""The doctor's look at the database, without making or changing one."""

from __future__ import annotations

import os
from collections.abc import Iterator

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ranker.care.finding import Finding
from ranker.care.restore import POSTGRES
from ranker.errors import RankerError
from ranker.jobs.alive import workers
from ranker.personas.catalog import get_version, list_personas
from ranker.personas.reader import read_persona
from ranker.store import backups, run_queries
from ranker.store.engine import FILE_NAME, Database, data_folder, open_database
from ranker.store.migrate import HEAD, SCRIPTS, revision
from ranker.store.run_costs import ledger_state
from ranker.store.traces import is_pending

LARGE_LOG = 256 * 1024 * 1024


def look_at_database() -> Iterator[Finding]:
    """Reachable, of this version, whole; its log, leads, runs, personas and backups."""
    url = os.environ.get("DATABASE_URL", "")
    if not url and not (data_folder() / FILE_NAME).exists():
        yield Finding("Database", "warning", "There is none yet.", "It is made at the first start: make run")
        return
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")  # seconds; a host that is silent would be waited for in vain
    try:
        database = open_database(migrate=False)
    except RankerError as error:
        yield Finding("Database", "problem", error.message, "Correct DATABASE_URL.")
        return
    try:
        yield from _look(database)
    except DBAPIError as error:
        yield _unreachable(database, error)
    finally:
        database.close()


def _unreachable(database: Database, error: DBAPIError) -> Finding:
    kind = type(error.orig).__name__ if error.orig is not None else type(error).__name__
    if database.is_sqlite:
        way = "Restore a backup: python -m ranker backup --list"
        return Finding("Database", "problem", f"The file {database.path} can't be read ({kind}).", way)
    place = f"{database.engine.url.host or 'localhost'}:{database.engine.url.port or 5432}"
    way = "Check that Postgres runs, that DATABASE_URL is right, and that its user may connect."
    return Finding("Database", "problem", f"Postgres at {place} can't be reached or read ({kind}).", way)


def _look(database: Database) -> Iterator[Finding]:
    at = revision(database)
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    kind = "Embedded file" if database.is_sqlite else "Postgres"
    if at is not None and at not in known:
        way = "Update the program, or restore a backup that it can read."
        yield Finding("Database", "problem", f"{kind} of a newer version of this program (tables {at}).", way)
        return
    if at != HEAD:
        way = "It is brought up to date at the next start, after a backup: make run"
        yield Finding("Database", "warning", f"{kind}, tables {at or 'none'} of {HEAD}.", way)
        return
    if database.is_sqlite:
        yield from _file(database)
    else:
        yield Finding("Database", "ok", f"Postgres, tables {HEAD}.")
    yield from _content(database)
    yield from _outreach(database)
    yield from _ledger(database)
    yield from _personas(database)
    yield from _backups(database)


def _file(database: Database) -> Iterator[Finding]:
    assert database.path is not None
    with database.session() as session:
        said = session.connection().execute(text("PRAGMA quick_check(1)")).scalar()
    if said == "ok":
        size = database.path.stat().st_size / 1e6
        yield Finding("Database", "ok", f"Embedded file, {size:,.1f} MB, tables {HEAD}, no damage found.")
    else:
        yield Finding("Database", "problem", "The file is damaged.", "Restore a backup: python -m ranker backup --list")
    log = database.path.with_name(f"{FILE_NAME}-wal")
    if log.exists() and log.stat().st_size > LARGE_LOG:
        way = "Close other windows and programs that have the database open; the app then tidies it."
        yield Finding("Write-ahead log", "warning", f"{log.stat().st_size / 1e6:,.0f} MB.", way)
    if is_pending(database):
        way = "Close other windows, then: python -m ranker delete rest"
        yield Finding("Deletion", "warning", "Traces of a deletion are still in the file.", way)


def _content(database: Database) -> Iterator[Finding]:
    with database.session() as session:
        leads, companies = (
            session.connection()
            .execute(text("SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM company)"))
            .one()
        )
    yield Finding("Leads", "ok", f"{leads:,} at {companies:,} companies.")
    active, alive = run_queries.active_runs(database), workers(database)
    if active and not alive:
        way = "Start the app; it goes on with them: make run"
        yield Finding("Runs", "warning", f"{len(active)} wait, and nobody takes them.", way)
    else:
        yield Finding("Runs", "ok", f"{len(active)} under way." if active else "None waits.")


def _outreach(database: Database) -> Iterator[Finding]:
    with database.session() as session:
        people, written, waiting, approved = (
            session.connection()
            .execute(
                text(
                    "SELECT (SELECT count(*) FROM prospect), (SELECT count(*) FROM sequence), (SELECT count(*) FROM "
                    "sequence AS s JOIN run AS r ON r.id=s.run_id WHERE s.state='waiting' AND "
                    "r.state NOT IN ('queued', 'running')), "
                    "(SELECT count(*) FROM sequence WHERE approved_at<>'')"
                )
            )
            .one()
        )
    if not people:
        return
    rest = f" {waiting:,} wait for a run that has ended." if waiting else ""
    yield Finding(
        "Outreach", "ok", f"Prospects: {people:,}. Sequences: {written:,}, {approved:,} of them approved.{rest}"
    )


def _ledger(database: Database) -> Iterator[Finding]:
    with database.session() as session:
        found = ledger_state(session.connection())
    if not found.calls:
        return
    if found.stray:
        told = f"{found.stray:,} of {found.calls:,} calls belong to runs that are not there; no run shows their cost."
        yield Finding("Model calls", "warning", told, "Restore a backup that has them, if their cost matters.")
        return
    lost = f" {found.lost:,} never came to an end: they count as the most that they can have cost."
    yield Finding("Model calls", "ok", f"{found.calls:,}, all accounted for.{lost if found.lost else ''}")


def _personas(database: Database) -> Iterator[Finding]:
    known = list_personas(database)
    bad = []
    for one in known:
        try:
            read_persona(get_version(database, one.live_version_id).content, one.name)
        except RankerError:
            bad.append(one.name)
    if bad:
        way = "Open it under Personas; each line that was not understood is marked."
        yield Finding("Personas", "problem", f"{len(bad)} of {len(known)} can't be read: {', '.join(bad)}.", way)
    elif known:
        yield Finding("Personas", "ok", f"{len(known)}, all readable.")
    else:
        yield Finding("Personas", "warning", "None yet.", "The first start of the app brings some: make run")


def _backups(database: Database) -> Iterator[Finding]:
    if not database.is_sqlite:
        yield Finding("Backups", "ok", POSTGRES)
        return
    there = backups.list_backups(database)
    if there:
        yield Finding("Backups", "ok", f"{len(there)}, the newest of {there[0].made_at[:10]}.")
    else:
        yield Finding("Backups", "warning", "None yet.", "Make one: python -m ranker backup")
