"""The database itself: who may read its file, one writer at a time, migrations and their backup."""

import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ranker.errors import UsageError
from ranker.store import migrate
from ranker.store.counter import leads_changed, leads_version
from ranker.store.engine import data_folder, open_database
from ranker.store.tables import METADATA
from tests.store.databases import KINDS, fresh

ROOT = Path(__file__).parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_migrations_make_exactly_the_tables(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_newest_migration_is_the_one_that_is_run(database):
    scripts = ScriptDirectory(str(ROOT / "ranker/store/migrations"))
    assert scripts.get_heads() == [migrate.HEAD]
    assert migrate.revision(database) == migrate.HEAD


def test_the_file_and_its_folder_are_for_the_owner_only(tmp_path):
    database = open_database(folder=tmp_path / "data")
    with database.write() as session:
        leads_changed(session)
        assert mode(tmp_path / "data") == 0o700
        files = list((tmp_path / "data").glob("ranker.db*"))
        assert len(files) > 1  # the write-ahead log too
        assert {mode(path) for path in files} == {0o600}
    database.close()


def test_the_folder_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    open_database().close()
    assert (tmp_path / "elsewhere" / "ranker.db").exists()


def test_a_url_that_is_not_postgres_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/leads")
    with pytest.raises(UsageError, match="postgresql://"):
        open_database()


def test_a_write_that_fails_keeps_nothing(database):
    def fail_half_way() -> None:
        with database.write() as session:
            leads_changed(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.session() as session:
        assert leads_version(session) == 0


def test_writers_from_many_threads_take_turns_and_lose_nothing(database):
    failures = []

    def work() -> None:
        try:
            for _ in range(20):
                with database.write() as session:
                    leads_changed(session)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.session() as session:
        assert leads_version(session) == 80


def test_a_reference_to_nothing_is_refused(database):
    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().execute(text("INSERT INTO review (lead_id, verdict) VALUES (99, 'in')"))


@pytest.mark.parametrize("kind", KINDS)
def test_opening_an_older_database_brings_it_up_to_date_and_keeps_its_rows(kind, tmp_path):
    with fresh(kind, tmp_path, migrate=False) as database:
        migrate.upgrade(database, "0002")
        with database.write() as session:
            session.connection().execute(text("INSERT INTO company (key, name) VALUES ('a.example', 'Alpha')"))
        migrate.upgrade(database)
        assert migrate.revision(database) == migrate.HEAD
        with database.session() as session:
            assert session.connection().execute(text("SELECT name FROM company")).scalar() == "Alpha"
            session.connection().execute(text("SELECT * FROM export"))


def test_a_migration_of_a_file_with_data_makes_a_backup_first(tmp_path):
    database = open_database(folder=tmp_path, migrate=False)
    migrate.upgrade(database, "0002")
    assert not (tmp_path / "backups").exists()  # there was nothing to lose
    with database.write() as session:
        session.connection().execute(text("INSERT INTO company (key, name) VALUES ('a.example', 'Alpha')"))
    migrate.upgrade(database)
    database.close()
    (copy,) = (tmp_path / "backups").iterdir()
    assert mode(copy) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT name FROM company").fetchall() == [("Alpha",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
    connection.close()


def test_a_broken_reference_stops_a_migration_and_nothing_changes(tmp_path):
    database = open_database(folder=tmp_path, migrate=False)
    migrate.upgrade(database, "0002")
    database.close()
    with sqlite3.connect(tmp_path / "ranker.db") as connection:  # foreign keys are off here
        connection.execute("INSERT INTO review (lead_id, verdict) VALUES (99, 'in')")
    connection.close()
    database = open_database(folder=tmp_path, migrate=False)
    with pytest.raises(UsageError, match="review"):
        migrate.upgrade(database)
    assert migrate.revision(database) == "0002"
    with database.session() as session:
        assert session.connection().execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()


def test_the_store_itself_imports_nothing_heavy():
    probe = "import sys, ranker.store; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


_ONE_WHO_COMES_AND_GOES = """
import sys
from sqlalchemy import text
from ranker.store.engine import open_database
database = open_database(folder=sys.argv[1])
with database.session() as session:
    print(session.connection().execute(text("SELECT value FROM counter")).scalar() or 0)
database.close()
"""


def test_opening_the_file_twice_keeps_its_locks_so_that_another_process_does_not_lose_our_commits(tmp_path):
    """A POSIX lock goes when its process closes any handle of the file; the last one out removes the log."""

    def come_and_go() -> int:
        command = [sys.executable, "-c", _ONE_WHO_COMES_AND_GOES, str(tmp_path / "data")]
        return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)

    first = open_database(folder=tmp_path / "data")
    with first.write() as session:
        leads_changed(session)
    second = open_database(folder=tmp_path / "data")
    assert come_and_go() == 1
    assert (tmp_path / "data" / "ranker.db-wal").exists()  # ours is open: nobody else may remove its log
    with first.write() as session:
        leads_changed(session)
    assert come_and_go() == 2
    with second.session() as session:
        assert leads_version(session) == 2
    first.close()
    second.close()
