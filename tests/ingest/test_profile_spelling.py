"""One person whose profile's address is written in two ways of Unicode is one lead, also in a database from before."""

from __future__ import annotations

from unicodedata import normalize
from urllib.parse import quote

from sqlalchemy import text

from ranker.care.deletion import delete_people
from ranker.ingest.keys import former_profile_key, keys_by_kind, profile_key
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store import migrate
from ranker.store.engine import Database
from ranker.store.tombstones import Tombstone, add, digest, new_salt
from tests.store.databases import empty, fresh

TOGETHER = "linkedin.com/in/jos\u00e9-example"
APART = normalize("NFD", TOGETHER)


def file(url: str) -> bytes:
    return f"Company,Website,Person,Job title,LinkedIn URL\nAlpha,alpha.example,Lead 0001,CEO,{url}\n".encode()


def imported(database: Database, url: str) -> dict[str, int]:
    return dict(commit(database, stage_file(database, f"{len(url)}.csv", file(url)).id).counts)


def test_both_spellings_and_any_port_are_one_profile() -> None:
    for url in (TOGETHER, APART, quote(APART), quote(TOGETHER), f"https://{TOGETHER}".replace(".com", ".com:443")):
        assert profile_key(url) == TOGETHER
    assert former_profile_key(quote(APART)) == APART
    assert former_profile_key(quote(TOGETHER)) == former_profile_key("linkedin.com/in/ada") == ""
    assert keys_by_kind(quote(APART), "", "", "")["url"] == [f"url:{TOGETHER}", f"url:{APART}"]
    assert profile_key("lin\u212aedin.com/in/ada") != "linkedin.com/in/ada"


def test_a_file_with_the_other_spelling_brings_nobody_twice(tmp_path) -> None:
    database = empty(tmp_path)
    assert imported(database, quote(TOGETHER))["new"] == 1
    assert imported(database, quote(APART))["new"] == 0
    database.close()


def test_leads_from_before_are_named_anew_unless_the_name_is_taken(tmp_path) -> None:
    with fresh("sqlite", tmp_path, migrate=False) as database:
        migrate.upgrade(database, "0014")
        _add(database, 1, f"url:{APART}")
        _add(database, 2, f"url:{APART}-two")
        _add(database, 3, f"url:{normalize('NFC', APART)}-two")
        _add(database, 4, "url:linkedin.com/in/plain")
        migrate.upgrade(database)
        with database.session() as session:
            rows = session.connection().execute(text("SELECT id, dedup_key FROM lead"))
            keys = {row[0]: row[1] for row in rows}
        assert keys == {
            1: f"url:{TOGETHER}",
            2: f"url:{APART}-two",
            3: f"url:{TOGETHER}-two",
            4: "url:linkedin.com/in/plain",
        }
        assert imported(database, quote(APART))["new"] == 0


def test_who_was_deleted_under_either_spelling_does_not_come_back(tmp_path) -> None:
    database = empty(tmp_path)
    imported(database, quote(APART))
    with database.session() as session:
        lead = session.connection().execute(text("SELECT id FROM lead")).scalar_one()
    delete_people(database, [lead])
    for url in (quote(APART), quote(TOGETHER)):
        assert imported(database, f"{url}?again")["rejected"] == 1
    salt = new_salt()
    with database.write() as session:
        session.connection().execute(text("DELETE FROM tombstone"))
        stone = Tombstone(digest(salt, f"url:{APART}"), salt, "p", "url", "request", "2026-11-01T00:00:00Z")
        add(session, [stone])  # as it was written before
    assert imported(database, f"{quote(APART)}?third")["rejected"] == 1
    database.close()


def _add(database: Database, number: int, key: str) -> None:
    with database.write() as session:
        connection = session.connection()
        connection.execute(
            text("INSERT INTO company (id, key, name) VALUES (1, 'alpha.example', 'Alpha') ON CONFLICT (id) DO NOTHING")
        )
        connection.execute(
            text("INSERT INTO lead (id, dedup_key, company_id, title) VALUES (:id, :key, 1, 'CEO')"),
            {"id": number, "key": key},
        )
