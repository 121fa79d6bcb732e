"""What a request can hold: whatever it is, a field is named in words and nothing fails."""

import json

import pytest

from tests.api.asking import CONTEXT, PATH, URL, body, problem, sequences

LONG = "x" * 2_001


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"prospect_url": "https://example.com/in/ada"}, "prospect_url", "linkedin.com"),
        ({"prospect_url": "https://linkedin.com.evil.example/in/ada"}, "prospect_url", "linkedin.com"),
        ({"prospect_url": "https://www.linkedin.com/company/acme"}, "prospect_url", "not a person's profile"),
        ({"prospect_url": "linkedin"}, "prospect_url", "at least 10 characters"),
        ({"prospect_url": URL + "x" * 512}, "prospect_url", "512 characters at most"),
        ({"prospect_url": URL + "\0"}, "prospect_url", "no text"),
        ({"prospect_url": 7}, "prospect_url", "has to be text"),
        ({"prospect_url": None, "lead_id": 0}, "lead_id", "at least 1"),
        ({"prospect_url": None, "lead_id": 10**12}, "lead_id", "at most"),
        ({"prospect_url": None, "lead_id": "1"}, "lead_id", "whole number"),
        ({"prospect_url": None, "lead_id": 1.5}, "lead_id", "whole number"),
        ({"prospect_url": None, "lead_id": True}, "lead_id", "whole number"),
        ({"company_context": None}, "company_context", "missing"),
        ({"company_context": ""}, "company_context", "too short"),
        ({"company_context": " \n\t "}, "company_context", "blanks only"),
        ({"company_context": LONG}, "company_context", "2,000 characters at most"),
        ({"company_context": "We are [Company] and sell."}, "company_context", "placeholder in it: [Company]"),
        ({"company_context": "a\0b"}, "company_context", "no text"),
        ({"company_context": "half \ud83d of a sign"}, "company_context", "no text"),
        ({"company_context": ["a"]}, "company_context", "has to be text"),
        ({"sequence_length": 0}, "sequence_length", "at least 1"),
        ({"sequence_length": 11}, "sequence_length", "10 at most"),
        ({"sequence_length": 10**400}, "sequence_length", "10 at most"),
        ({"sequence_length": 2.5}, "sequence_length", "whole number"),
        ({"tov_config": {"formality": "0.5"}}, "tov_config.formality", "has to be a number"),
        ({"tov_config": {"formality": float("nan")}}, "tov_config.formality", "has to be a number"),
        ({"tov_config": {"warmth": float("inf")}}, "tov_config.warmth", "has to be a number"),
        ({"tov_config": {"directness": 10**400}}, "tov_config.directness", "has to be a number"),
        ({"tov_config": {"humour": 1}}, "tov_config.humour", "not known"),
        ({"tov_config": [1]}, "tov_config", "JSON object"),
        ({"fallback": "yes"}, "fallback", "true or false"),
        ({"sequence_lenght": 3}, "sequence_lenght", "not known"),
    ],
)  # fmt: skip
def test_a_field_that_can_t_be_used_is_named_in_words(api, database, changes, field, words):
    sent = json.dumps(body(**changes))
    status, kind, place, said = problem(api.post(PATH, content=sent, headers={"Content-Type": "application/json"}))
    assert status == 422
    assert kind
    assert place == ["body", *field.split(".")]
    assert field in said
    assert words in said
    assert sequences(database) == []


@pytest.mark.parametrize("changes", [{"prospect_url": None}, {"lead_id": 1}, {"prospect_url": None, "lead_id": None}])
def test_exactly_one_of_address_and_lead_is_given(api, changes):
    status, _, place, words = problem(api.post(PATH, json=body(**changes)))
    assert (status, place) == (422, ["body"])
    assert "prospect_url or lead_id" in words


def test_every_field_that_is_wrong_is_told_and_nothing_of_what_was_sent(api):
    for url in ("ada-secret" * 60, "https://linkedin.com.evil.example/in/ada-secret"):
        answer = api.post(PATH, json={"prospect_url": url, "sequence_length": 99, "ada-field": 1})
        assert answer.status_code == 422
        assert {one["loc"][-1] for one in answer.json()["detail"]} == {
            "prospect_url", "company_context", "sequence_length", "ada-field",
        }  # fmt: skip
        assert "ada-secret" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe{}", b"NaN", b"[" * 50_000, b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
     b'{"company_context": "\\ud800"}', b'{"lead_id": ' + b"9" * 5_000 + b"}", b'{"\\ud800": 1}', b"\0" * 100],
)  # fmt: skip
def test_a_body_that_is_no_request_is_refused_in_one_shape(api, sent):
    status, *_ = problem(api.post(PATH, content=sent, headers={"Content-Type": "application/json"}))
    assert status in {400, 422}


def test_whole_numbers_may_be_written_with_a_point_and_blanks_around_the_context_do_not_count(api):
    answer = api.post(PATH, json=body(sequence_length=2.0, company_context=f"  {CONTEXT}\n"))
    assert answer.status_code == 200
    assert len(answer.json()["messages"]) == 2


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 30, "%00", "1%2e"])
def test_a_number_of_a_sequence_that_is_none_is_refused(api, number):
    status, _, place, _ = problem(api.get(f"/api/sequences/{number}"))
    assert (status, place) == (422, ["path", "sequence_id"])


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("offset=-1", "offset"),
     (f"offset={10**20}", "offset"), ("search=" + "x" * 201, "search"), ("search=%00", "search")],
)  # fmt: skip
def test_a_query_out_of_bounds_is_refused(api, query, field):
    status, _, place, words = problem(api.get(f"/api/prospects?{query}"))
    assert (status, place) == (422, ["query", field])
    assert field in words
