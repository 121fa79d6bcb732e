"""Who is let in: by which name, with which key, how often, with how much."""

import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from ranker.api.app import make_app
from ranker.api.gate import LARGEST_BODY
from ranker.api.keys import KeyBook, add_key, key_file, remove_key
from ranker.api.service import Service
from ranker.care.logs import start_logs
from ranker.errors import LlmSetup, UsageError
from ranker.store import api_use
from tests.api.asking import problem

WRITES = "/api/generate-sequence"
PATH = "/api/nothing"  # let in or not is decided before the path is looked at


def test_without_any_key_everybody_on_this_computer_is_let_in(api):
    assert problem(api.get(PATH))[:2] == (404, "not_found")


@pytest.mark.parametrize("how", ["X-API-Key", "Authorization"])
def test_with_a_key_set_only_a_right_one_opens(api, how):
    text = add_key("crm-sync")
    right, wrong = ({how: one if how == "X-API-Key" else f"Bearer {one}"} for one in (text, text[:-1] + "!"))
    assert api.get(PATH, headers=right).status_code == 404
    status, kind, place, words = problem(api.get(PATH, headers=wrong))
    assert (status, kind, place) == (401, "key", ["header", "X-API-Key"])
    assert text[:-1] not in words
    assert problem(api.get(PATH))[0] == 401
    assert api.get("/health").status_code == api.get("/docs").status_code == 200
    assert remove_key("crm-sync")
    add_key("another")
    assert api.get(PATH, headers=right).status_code == 401


def test_headers_that_are_no_key_are_refused_not_failed(api):
    add_key("crm-sync")
    for value in ("", " ", "Bearer", "Basic eDp5", "Bearer  ", b"\xc3\xa9", "x" * 5000):
        assert api.get(PATH, headers={"Authorization": value, "X-API-Key": value}).status_code == 401


def test_beyond_this_computer_nobody_is_let_in_without_a_key_also_once_the_last_one_is_removed(database):
    add_key("crm-sync")
    with TestClient(make_app(Service(database, KeyBook(), open=False, hosts=None))) as client:
        assert client.get(PATH).status_code == 401
        remove_key("crm-sync")
        assert problem(client.get(PATH))[:2] == (401, "key")


def test_a_key_is_kept_as_a_hash_in_a_file_for_its_owner_alone(folder, database):
    text = add_key("crm-sync", 5, 2.5)
    path = key_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for file in folder.rglob("*"):
        assert not file.is_file() or text.encode() not in file.read_bytes()
    (kept,) = KeyBook().all()
    assert (kept.name, kept.requests_per_minute, kept.usd_per_day) == ("crm-sync", 5, 2.5)
    assert KeyBook().find(text) == kept
    assert KeyBook().find(path.read_text()) is None


@pytest.mark.parametrize("name", ["", "open", "Crm", "a b", "-a", "a" * 41, "é", "a\n"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(UsageError):
        add_key(name)


def test_a_name_is_given_once():
    add_key("crm-sync")
    with pytest.raises(UsageError, match="already"):
        add_key("crm-sync")


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": "{}"}', '{"a": "[1]"}'])
def test_a_damaged_file_of_keys_lets_nobody_in(api, folder, text):
    folder.mkdir(exist_ok=True)
    key_file().write_text(text)
    with pytest.raises(LlmSetup):
        KeyBook().all()
    assert problem(api.get(PATH))[:2] == (503, "keys")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8600", "127.0.0.1.evil.example", "", "[::2]", "localhost@e"]
)
def test_a_foreign_name_is_refused_on_this_computer(api, host):
    for path in ("/health", "/docs", "/openapi.json", PATH):
        assert problem(api.get(path, headers={"Host": host}))[:3] == (400, "host", ["header", "Host"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8600", "LOCALHOST", "[::1]:8600"])
def test_its_own_names_are_answered_to(api, host):
    assert api.get("/health", headers={"Host": host}).status_code == 200


def test_a_key_may_ask_so_often_a_minute_and_is_told_when_again(api):
    header = {"X-API-Key": add_key("slow", 3)}
    other = {"X-API-Key": add_key("other", 3)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: api.get(PATH, headers=header), range(12)))
    refused = [one for one in answers if one.status_code == 429]
    assert 6 <= len(refused) <= 9  # 9, unless the minute ended in between
    assert problem(refused[0])[1] == "requests"
    assert all(1 <= int(one.headers["Retry-After"]) <= 60 for one in refused)
    assert api.get(PATH, headers=other).status_code == 404


def test_the_count_holds_for_all_processes_and_old_minutes_go(database):
    first = datetime(2026, 11, 21, 10, 0, 12, tzinfo=UTC)
    later = datetime(2026, 11, 21, 10, 1, 0, tzinfo=UTC)

    def take(moment):
        with database.write() as session:
            return api_use.take(session, "crm-sync", 5, moment)

    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(lambda _: take(first), range(20)))
    assert sorted(waits) == [0] * 5 + [48] * 15
    assert take(later) == 0
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT client, minute, requests FROM api_use").all()
    assert rows == [("crm-sync", "2026-11-21T10:01", 1)]


def test_a_body_has_to_be_json_and_small(api):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = api.post(WRITES, content=b"{}", headers={"Content-Type": kind})
        assert problem(answer)[:2] == (415, "content_type")
    json = {"Content-Type": "application/json; charset=utf-8"}
    assert problem(api.post(WRITES, content=b"x" * (LARGEST_BODY + 1), headers=json))[:2] == (413, "body_too_large")
    streamed = iter([b"x" * 30_000] * 3)
    assert problem(api.post(WRITES, content=streamed, headers=json))[:2] == (413, "body_too_large")
    assert api.post(WRITES, content=b"x" * LARGEST_BODY, headers=json).status_code in {400, 422}


def test_nobody_elsewhere_may_read_by_a_browser(api):
    answer = api.options(PATH, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert not [name for name in api.get("/health").headers if name.startswith("access-control")]


def test_the_log_names_routes_and_keys_and_nothing_of_a_request(api, folder, capsys):
    header = {"X-API-Key": add_key("crm-sync")}
    stop = start_logs(folder)
    logging.getLogger("uvicorn.error").warning("Invalid request by ada-secret")
    api.get("/health?who=ada-secret")
    api.get("/api/ada-secret?who=ada-secret", headers=header)
    api.post("/api/x", content=b'{"ada-secret": 1}', headers={**header, "Content-Type": "application/json"})
    stop()
    written = (folder / "logs/ranker.log").read_text() + capsys.readouterr().err
    assert '"client": "crm-sync"' in written
    assert '"route": "health"' in written
    assert "ada-secret" not in written
    assert header["X-API-Key"] not in written
