"""What the API says of itself, and how it is started."""

import re

import pytest

from ranker import __version__
from ranker.api import serve as serving
from ranker.cli import main
from tests.api.asking import problem


def test_health_tells_of_the_database_and_the_model_and_no_secret(api, database, monkeypatch):
    assert api.get("/health").json() == {
        "status": "ok", "version": __version__, "database": True, "model": False, "model_reason": "llm.no_key",
    }  # fmt: skip
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-shown")
    answer = api.get("/health")
    assert (answer.json()["model"], answer.json()["model_reason"]) == (True, "")
    assert "sk-not" not in answer.text
    monkeypatch.setenv("RANKER_CAN_SPEND", "no")
    assert api.get("/health").json()["model_reason"] == "llm.spending_off"
    if not database.is_sqlite:
        return
    database.close()
    database.path.write_bytes(b"this is no database" * 100)
    answer = api.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "unreachable")


def test_the_documentation_asks_no_host_but_this_one(api):
    page = api.get("/docs")
    assert page.status_code == 200
    named = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", page.text)
    assert named
    assert [one for one in named if not one.startswith("/")] == []
    assert "://" not in re.sub(r"window\.location\.\w+", "", page.text)
    for one in named:
        assert api.get(one).status_code == 200


def test_the_schema_tells_of_keys_and_of_errors(api):
    schema = api.get("/openapi.json").json()
    assert schema["info"]["version"] == __version__
    assert set(schema["components"]["securitySchemes"]) == {"key", "bearer"}
    assert "HTTPValidationError" not in str(schema)


def test_every_wrong_address_and_method_is_refused_in_one_shape(api):
    assert problem(api.get("/"))[:2] == (404, "not_found")
    assert problem(api.get("/api/../api/%00%ff?a=%ff"))[:2] == (404, "not_found")
    assert problem(api.delete("/health"))[:2] == (405, "method")


def test_an_address_beyond_this_computer_is_not_served_without_keys(capsys, monkeypatch):
    monkeypatch.setattr(serving, "open_database", lambda: pytest.fail("it went on"))
    assert main(["api", "--host", "0.0.0.0", "--port", "8699"]) == 2
    said = capsys.readouterr().err
    assert "0.0.0.0 can be reached from other computers, and no key is set" in said
    assert "api-key add" in said


def test_a_port_that_is_taken_is_told(served, capsys):
    assert main(["api", "--port", served.rpartition(":")[2]]) == 2
    assert "is taken by another program" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.7", False), ("example.com", False), ("127.0.0.1.example.com", False)],
)  # fmt: skip
def test_which_addresses_are_this_computer_only(host, near):
    assert serving.is_loopback(host) is near


def test_keys_are_made_listed_and_removed_by_command(capsys):
    assert main(["api-key", "list"]) == 0
    assert "There is no key yet" in capsys.readouterr().out
    assert main(["api-key", "add", "crm-sync", "--requests-per-minute", "30", "--usd-per-day", "2.50"]) == 0
    text = capsys.readouterr().out.strip()
    assert re.fullmatch(r"rk_[\w-]{43}", text)
    assert main(["api-key", "list"]) == 0
    listed = capsys.readouterr().out
    assert re.match(r"crm-sync +30 requests a minute  \$2\.50 a day", listed)
    assert text not in listed
    assert main(["api-key", "remove", "crm-sync"]) == 0
    assert main(["api-key", "remove", "crm-sync"]) == 2
    assert main(["api-key", "add"]) == 2
    assert "Name the key" in capsys.readouterr().err
