"""Backups: one whole file each, the newest kept; and restoring one, checked before anything is touched."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete_people, let_in
from ranker.care.restore import POSTGRES, check_backup, restore
from ranker.errors import UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import backups, migrate, run_queries
from ranker.store.counter import leads_version
from ranker.store.engine import open_database
from tests.care.worlds import EMAIL, FIRST, NAME, SECOND, lived_in, numbers, persona, ranks, traces
from tests.store.databases import empty


@pytest.fixture
def database(tmp_path):
    opened = empty(tmp_path / "data")
    yield opened
    opened.close()


def made(database, why=backups.BY_HAND) -> Path:
    path = backups.make(database, why)
    assert path is not None
    return path


def test_a_backup_is_one_file_for_the_owner_with_all_there_is(database, tmp_path):
    lived_in(database)
    path = made(database)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.name.startswith("ranker-20")
    [one] = backups.list_backups(database)
    assert (one.why, one.leads, one.revision, one.automatic) == ("by-hand", 4, migrate.HEAD, False)
    assert one.size_bytes == path.stat().st_size
    assert check_backup(path).companies == 2


def test_a_backup_made_while_others_write_is_whole(database):
    lived_in(database)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.write() as session:
                session.connection().execute(text("UPDATE lead SET phone=phone || '1', location=phone || '1'"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            with closing(sqlite3.connect(made(database))) as copy:
                assert copy.execute("SELECT count(*) FROM lead WHERE phone<>location").fetchone() in {(0,), (1,), (4,)}
                assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        stop.set()
        writer.join()


def test_the_newest_automatic_ones_are_kept_and_no_manual_one_goes(database, monkeypatch):
    monkeypatch.setattr(backups, "KEPT", 2)
    by_hand = [made(database) for _ in range(3)]
    automatic = [made(database, f"before-{at}") for at in range(4)]
    left = [one.path for one in backups.list_backups(database)]
    assert left == [*reversed(automatic[2:]), *reversed(by_hand)]
    backups.remove(database, by_hand[0].name)
    assert not by_hand[0].exists()
    with pytest.raises(UsageError, match="no backup"):
        backups.remove(database, "../ranker.db")


def test_a_restore_brings_back_what_was_and_keeps_what_is(database, tmp_path):
    lived_in(database)
    before, there = ranks(database), numbers(database)
    path = made(database)
    with database.session() as session:
        version = leads_version(session)
    commit(database, stage_file(database, "more.csv", b"Company,Title,Person\nDelta,CEO,Lead 0010\n").id)
    other = open_database(folder=tmp_path / "data")  # another process
    assert "Lead 0010" in numbers(other)
    done = restore(database, path)
    assert (done.leads, done.removed, done.clean) == (4, 0, True)
    assert ranks(database) == ranks(other) == before
    assert numbers(database) == numbers(other) == there
    assert check_backup(done.before).leads == 5
    with database.session() as session:
        assert leads_version(session) > version + 1
        assert session.connection().execute(text("PRAGMA integrity_check")).scalar() == "ok"
    commit(other, stage_file(other, "more.csv", b"Company,Title,Person\nDelta,CEO,Lead 0011\n").id)
    assert "Lead 0011" in numbers(database)
    restore(database, done.before)
    assert "Lead 0010" in numbers(database)
    other.close()


def test_an_uploaded_older_backup_brings_nobody_back_who_was_deleted(database, tmp_path):
    leads = lived_in(database)
    upload = tmp_path / "upload.db"
    upload.write_bytes(made(database).read_bytes())
    delete_people(database, [leads[NAME]])
    done = restore(database, upload)
    assert done.removed == 1
    assert (NAME in numbers(database), len(numbers(database))) == (False, 3)
    assert traces(tmp_path / "data", NAME, EMAIL, "in/lead-zerodix-0001") == []
    let_in(database, EMAIL)
    restore(database, upload)
    assert NAME in numbers(database)


def test_a_backup_of_older_tables_is_brought_up_to_date(tmp_path):
    old = open_database(folder=tmp_path / "old", migrate=False)
    migrate.upgrade(old, "0002")
    with old.write() as session:
        session.connection().execute(text("INSERT INTO company (id, key, name) VALUES (1, 'a.example', 'Alpha')"))
        session.connection().execute(
            text(
                "INSERT INTO lead (dedup_key, company_id, full_name, email) VALUES "
                "(:key, 1, :name, :mail), ('email:b@a.example', 1, 'Lead 0002', 'b@a.example')"
            ),
            {"key": f"email:{EMAIL}", "name": NAME, "mail": EMAIL},
        )
    path = made(old)
    old.close()
    database = empty(tmp_path / "data")
    commit(database, stage_file(database, "first.csv", FIRST.encode()).id)
    (tmp_path / "data" / "backups").mkdir()
    kept = tmp_path / "data" / "backups" / path.name
    kept.write_bytes(path.read_bytes())
    delete_people(database, [numbers(database)[NAME]])  # rewrites the old backup as it is, without a migration
    assert traces(tmp_path / "data", NAME, EMAIL) == []
    assert check_backup(kept).revision == "0002"
    restore(database, path)
    assert set(numbers(database)) == {"Lead 0002"}
    assert migrate.revision(database) == migrate.HEAD
    database.close()


def test_what_is_no_backup_is_refused_in_words_and_nothing_changes(database, tmp_path):
    lived_in(database)
    there = numbers(database)
    whole = made(database).read_bytes()
    files = {
        "text.db": (b"Company,Title\n", "not a SQLite file"),
        "cut.db": (whole[: len(whole) // 2], "damaged"),
        "empty.db": (b"", "not a SQLite file"),
        "torn.db": (whole[:4096] + b"\xff" * 8192 + whole[12288:], "damaged|no backup"),
    }
    for name, (data, why) in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UsageError, match=why):
            restore(database, tmp_path / name)
    for name, sql, why in (
        ("other.db", "DROP TABLE lead", "no backup of this program"),
        ("newer.db", "UPDATE alembic_version SET version_num='9999'", "newer version"),
        ("broken.db", "INSERT INTO review (lead_id, verdict) VALUES (99, 'in')", "table review"),
    ):
        (tmp_path / name).write_bytes(whole)
        with closing(sqlite3.connect(tmp_path / name, isolation_level=None)) as copy:
            copy.execute(sql)
        with pytest.raises(UsageError, match=why):
            restore(database, tmp_path / name)
    with pytest.raises(UsageError, match="There is no file"):
        restore(database, tmp_path / "gone.db")
    assert numbers(database) == there
    assert len(backups.list_backups(database)) == 1
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if path.is_dir()) == ["backups"]


def test_a_restore_is_refused_while_a_run_is_active_and_cuts_off_those_of_the_backup(database):
    lived_in(database)
    run_id = rank_run.start(database, Selection("all"), persona(database))
    path = made(database)
    with pytest.raises(UsageError, match=f"Run {run_id} is queued"):
        restore(database, path)
    rank_run.cancel(database, run_id)
    restore(database, path)
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.error) == ("cancelled", "It was under way when the backup was made. Start it again.")


def test_an_import_that_was_deleted_is_not_brought_back_by_a_restore(database, tmp_path):
    from ranker.care.deletion import delete_import

    lived_in(database)
    upload = tmp_path / "upload.db"
    upload.write_bytes(made(database).read_bytes())
    delete_import(database, 1, leads=False)
    restore(database, upload)
    with database.session() as session:
        ids = session.connection().execute(text("SELECT id FROM import_batch WHERE state='done'")).scalars().all()
    assert ids == [2]
    assert SECOND


def test_postgres_is_told_its_own_tools():
    assert "pg_dump" in POSTGRES
    assert "pg_restore" in POSTGRES
