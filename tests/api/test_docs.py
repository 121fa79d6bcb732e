"""docs/API.md says what is so: its requests work as they are written, and its fields and statuses are the schema's."""

import re
import shlex
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from ranker.api.answers import SequenceAnswer
from ranker.api.fields import GenerateRequest
from ranker.api.keys import add_key
from tests.api.asking import PATH, body

DOCS = (Path(__file__).parents[2] / "docs/API.md").read_text(encoding="utf-8")
SH = "".join(re.findall(r"^```sh\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL))
REQUESTS = re.findall(r"^curl (?:'[^']*'|[^\n'])*$", SH, re.MULTILINE)


def test_every_request_of_the_documents_is_looked_at():
    assert len(REQUESTS) == SH.count("curl ") >= 7


@pytest.mark.parametrize("line", REQUESTS)
def test_every_request_of_the_documents_works(line, served, world, database):
    httpx2.post(served + PATH, json=body())
    key = add_key("crm-sync") if "KEY" in line else ""
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sequence")).scalar() == 1
    words = shlex.split(line)[1:]
    headers, sent, address = {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value.replace("KEY", key)
        elif word == "-d":
            sent = words.pop(0)
        elif word != "-s":
            address = word.replace("http://127.0.0.1:8600", served)
    answer = httpx2.request("POST" if sent else "GET", address, headers=headers, content=sent, timeout=20)
    assert answer.status_code == 200, answer.text
    assert answer.json()


def test_the_documents_name_every_field_and_every_status(api):
    schema = api.get("/openapi.json").json()
    operation = schema["paths"][PATH]["post"]
    statuses = set(operation["responses"]) - {"200"}
    table = DOCS.partition("## Errors")[2]
    assert statuses == set(re.findall(r"\b[45]\d\d\b", "".join(re.findall(r"^\| [45].*? \|", table, re.MULTILINE))))
    named = set(re.findall(r"`(\w+)`", DOCS))
    assert set(GenerateRequest.model_fields) <= named
    answered = schema["components"]["schemas"]["SequenceAnswer"]["properties"]
    assert set(answered) | set(schema["components"]["schemas"]["MessageAnswer"]["properties"]) <= named


def test_the_schema_has_words_for_every_field_that_is_sent_and_an_example_that_works(api):
    schema = api.get("/openapi.json").json()
    sent = schema["components"]["schemas"]["GenerateRequest"]
    assert [name for name, one in sent["properties"].items() if not one.get("description")] == []
    for example in sent["examples"]:
        assert api.post(PATH, json=example).status_code == 200
    (shown,) = schema["components"]["schemas"]["SequenceAnswer"]["examples"]
    assert SequenceAnswer.model_validate(shown).model_dump() == shown
    for path, methods in schema["paths"].items():
        for one in methods.values():
            assert one["summary"]
            assert one["description"]
            assert all(parameter.get("description") for parameter in one.get("parameters", [])), path
