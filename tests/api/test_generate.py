"""A sequence is asked for: by a model, by a template where none can be asked, or not at all, and it says which."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from ranker.api.keys import add_key
from ranker.care.deletion import delete_people
from ranker.outreach.tone import Tone
from tests.api.asking import CONTEXT, PATH, URL, body, calls, problem, sequences
from tests.llm.fake_server import FakeServer


def lead(world, name):
    return body(prospect_url=None, lead_id=world.leads[name])


def test_a_model_analyses_and_writes_for_a_ranked_lead(api, world, model, database):
    with FakeServer() as server:
        model(server)
        answer = api.post(PATH, json=lead(world, "Lead 0001") | {"sequence_length": 4})
    found = answer.json()
    assert answer.status_code == 200
    assert (found["status"], found["reason"], found["clamped"]) == ("complete", "", {})
    assert [one["step"] for one in found["messages"]] == [1, 2, 3, 4]
    assert [one["character_limit"] for one in found["messages"]] == [299, 499, 499, 499]
    assert all(0 < len(one["content"]) <= one["character_limit"] for one in found["messages"])
    assert all(0 <= one["confidence_score"] <= 1 for one in found["messages"])
    assert found["prospect_analysis"]["signals"]
    assert found["model_used"] == server.model
    usage = found["token_usage"]
    assert usage["total"] == usage["prompt"] + usage["completion"] == server.tokens > 0
    assert found["cost_usd"] == pytest.approx(sum(cost for *_, cost in calls(database)))
    assert found["tone"] == {"values": Tone().as_json(), "words": Tone().words()}
    assert sequences(database) == [(found["prospect_id"], 1, "complete", "model", "api", "open")]
    assert [server.requests[at]["body"]["response_format"]["json_schema"]["name"] for at in range(2)] == [
        "analysis", "sequence",
    ]  # fmt: skip


def test_the_same_is_looked_up_and_an_approval_is_told(api, world, model, database):
    with FakeServer() as server:
        model(server)
        made = api.post(PATH, json=lead(world, "Lead 0001")).json()
    assert api.get(f"/api/sequences/{made['sequence_id']}").json() == made
    with database.write() as session:
        session.connection().execute(text("UPDATE sequence SET approved_at='2026-11-21T10:00:00Z'"))
    again = api.get(f"/api/sequences/{made['sequence_id']}").json()
    assert again == made | {"approved": True}
    assert problem(api.get("/api/sequences/999"))[:3] == (404, "not_found", ["path", "sequence_id"])


def test_without_a_key_templates_come_and_say_so(api, world, database):
    found = api.post(PATH, json=lead(world, "Lead 0001")).json()
    assert (found["status"], found["model_used"], found["prospect_analysis"]) == ("fallback", "template", None)
    assert "needs a key" in found["reason"]
    assert [one["confidence_score"] for one in found["messages"]] == [None] * 3
    assert found["token_usage"] == {"prompt": 0, "completion": 0, "total": 0}
    assert found["cost_usd"] == 0
    assert sequences(database)[0][2:4] == ("complete", "template")


def test_without_a_key_and_without_a_template_it_fails_and_is_kept_as_failed(api, world, database):
    status, kind, _, words = problem(api.post(PATH, json=lead(world, "Lead 0001") | {"fallback": False}))
    assert (status, kind) == (502, "llm.no_key")
    assert "needs a key" in words
    assert sequences(database)[0][2] == "failed"
    kept = api.get("/api/sequences/1").json()
    assert (kept["status"], kept["messages"]) == ("failed", [])


@pytest.mark.parametrize("fault", ["auth", "error_500", "refusal"])
def test_a_provider_that_fails_gives_a_marked_template_or_its_reason(api, world, model, database, fault):
    with FakeServer(always=fault) as server:
        model(server)
        found = api.post(PATH, json=lead(world, "Lead 0001")).json()
        assert (found["status"], found["model_used"]) == ("fallback", "template")
        assert found["reason"]
        assert [one["confidence_score"] for one in found["messages"]] == [None] * 3
        assert problem(api.post(PATH, json=lead(world, "Lead 0002") | {"fallback": False}))[0] == 502
    assert [row[2:4] for row in sequences(database)] == [("complete", "fallback"), ("failed", "model")]
    told = api.get("/health").json()
    assert (told["model"], told["model_reason"]) == ((True, "") if fault == "refusal" else (False, "llm.providers"))


def test_what_a_failed_request_cost_is_told_with_it_and_not_again_with_the_next(api, world, model, database):
    with FakeServer(always="refusal") as server:
        model(server)
        failed = api.post(PATH, json=lead(world, "Lead 0001")).json()
        server.always = ""
        found = api.post(PATH, json=lead(world, "Lead 0001")).json()
    assert (failed["status"], found["status"]) == ("fallback", "complete")
    assert failed["cost_usd"] > 0
    assert failed["cost_usd"] + found["cost_usd"] == pytest.approx(sum(cost for *_, cost in calls(database)))


def test_an_analysis_that_is_there_is_told_also_beside_a_template(api, world, model):
    with FakeServer(script=["ok"], always="refusal") as server:
        model(server)
        found = api.post(PATH, json=lead(world, "Lead 0001")).json()
        assert (found["status"], found["model_used"]) == ("fallback", "template")
        assert found["prospect_analysis"]["role"] == "VP Sales"
        server.always = ""
        asked = len(server.requests)
        assert api.post(PATH, json=lead(world, "Lead 0001")).json()["status"] == "complete"
        assert len(server.requests) == asked + 1  # it is not asked for again
        of_nobody = api.post(PATH, json=body()).json()["prospect_analysis"]
        assert "Nothing is known" in of_nobody["summary"]


def test_values_of_the_tone_outside_are_set_to_the_nearest_end_and_told(api):
    found = api.post(PATH, json=body(tov_config={"formality": -3, "warmth": 1e300, "directness": 1})).json()
    assert found["clamped"] == {"formality": -3.0, "warmth": 1e300}
    assert found["tone"]["values"] == {"formality": 0.0, "warmth": 1.0, "directness": 1.0}
    assert api.get("/api/sequences/1").json()["clamped"] == {}


def test_one_person_is_one_prospect_however_the_address_is_written_and_each_request_makes_a_sequence(api, database):
    spellings = (URL, "http://de.linkedin.com/in/Ada-Example/?trk=x#top", "linkedin.com/in/ada-example/de")
    found = [api.post(PATH, json=body(prospect_url=one)).json() for one in spellings]
    assert len({one["prospect_id"] for one in found}) == 1
    assert [row[1] for row in sequences(database)] == [1, 2, 3]


def test_asking_again_gives_another_text_and_a_new_tone_pays_for_writing_only(api, world, model):
    with FakeServer() as server:
        model(server)
        first, again = (api.post(PATH, json=lead(world, "Lead 0001")).json() for _ in range(2))
        assert len(server.requests) == 3  # analysis, messages; other messages
        formal = api.post(PATH, json=lead(world, "Lead 0001") | {"tov_config": {"formality": 0.9}}).json()
        assert len(server.requests) == 4
    assert first["sequence_id"] != again["sequence_id"]
    assert again["cost_usd"] < first["cost_usd"]
    assert "I would" in formal["messages"][0]["content"] + formal["messages"][1]["content"]


def test_whom_nobody_may_write_to_is_refused_with_the_reason(api, world, database, model):
    with FakeServer() as server:
        model(server)
        not_relevant = problem(api.post(PATH, json=lead(world, "Lead 0004")))
        assert not_relevant[:3] == (409, "outreach.prospect.not_relevant", ["body", "lead_id"])
        assert "not to be contacted" in not_relevant[3]
        with database.write() as session:
            session.connection().execute(text("UPDATE lead SET suppressed=1 WHERE full_name='Lead 0001'"))
        assert problem(api.post(PATH, json=lead(world, "Lead 0001")))[:2] == (409, "outreach.prospect.held")
        delete_people(database, [world.leads["Lead 0002"]])
        assert problem(api.post(PATH, json=lead(world, "Lead 0002")))[:2] == (404, "not_found")
        assert server.requests == []
    assert sequences(database) == []


def test_an_address_of_somebody_who_was_deleted_is_gone(api, world, database):
    with database.write() as session:
        session.connection().execute(
            text("UPDATE lead SET linkedin_url=:url WHERE full_name='Lead 0001'"), {"url": URL}
        )
    assert api.post(PATH, json=body()).status_code == 200
    delete_people(database, [world.leads["Lead 0001"]])
    assert problem(api.post(PATH, json=body()))[:3] == (410, "outreach.prospect.deleted", ["body", "prospect_url"])
    assert problem(api.get("/api/sequences/1"))[0] == 404


def test_somebody_put_on_the_list_while_the_model_wrote_gets_nothing(api, world, database, model):
    class Meanwhile(FakeServer):
        def _completion(self, *said):
            with database.write() as session:
                session.connection().execute(text("UPDATE lead SET suppressed=1"))
            return super()._completion(*said)

    with Meanwhile() as server:
        model(server)
        assert problem(api.post(PATH, json=lead(world, "Lead 0001")))[:2] == (409, "outreach.prospect.held")
    assert sequences(database) == []


def test_the_limit_of_a_key_and_day_can_t_be_passed_by_requests_at_the_same_time(api, world, model, database):
    names = ("Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005")
    with FakeServer(latency=0.01) as server:
        model(server)
        rich = {"X-API-Key": add_key("rich", 1000)}
        assert api.post(PATH, json=lead(world, "Lead 0001"), headers=rich).json()["status"] == "complete"
        highest = max(reserved for _, _, reserved, _ in calls(database))
        spent = sum(cost for *_, cost in calls(database))
        cap = highest + 3 * spent
        poor = {"X-API-Key": add_key("poor", 1000, cap)}
        asked = [lead(world, name) | {"company_context": f"{CONTEXT} {at}"} for at in range(5) for name in names]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: api.post(PATH, json=one, headers=poor), asked))
        found = [one.json() for one in answers]
        assert [one.status_code for one in answers] == [200] * len(asked)
        complete = [one for one in found if one["status"] == "complete"]
        limited = [one for one in found if one["status"] == "fallback"]
        assert complete
        assert limited
        assert all("limit of $" in one["reason"] and one["model_used"] == "template" for one in limited)
        refused = api.post(PATH, json=asked[0] | {"fallback": False, "company_context": CONTEXT * 3}, headers=poor)
        assert problem(refused)[:2] == (402, "llm.cap")
        assert api.post(PATH, json=lead(world, "Lead 0002"), headers=rich).json()["status"] == "complete"
    paid = [row for row in calls(database) if row[0].startswith("api-poor-")]
    assert len({row[0] for row in paid}) == 1
    assert sum(reserved if cost is None else cost for _, _, reserved, cost in paid) <= cap
    assert not [row for row in paid if row[1] == "open"]
    assert {row[5] for row in sequences(database)} == {"rich", "poor"}


def test_a_limit_of_money_with_a_price_that_is_not_known_asks_nothing(api, world, model):
    with FakeServer() as server:
        model(server, RANKER_PRICE_INPUT=None, RANKER_PRICE_OUTPUT=None)
        header = {"X-API-Key": add_key("capped", 60, 1.0)}
        found = api.post(PATH, json=lead(world, "Lead 0001"), headers=header).json()
        assert (found["status"], server.requests) == ("fallback", [])
    assert "price" in found["reason"]


def test_settings_that_change_hold_from_the_next_request_on(api, world, model):
    with FakeServer(model="first") as one, FakeServer(model="second") as other:
        model(one)
        assert api.post(PATH, json=lead(world, "Lead 0001")).json()["model_used"] == "first"
        model(other)
        assert api.post(PATH, json=lead(world, "Lead 0002")).json()["model_used"] == "second"


def test_prospects_are_listed_searched_and_paged(api, world):
    for name in ("Lead 0001", "Lead 0002", "Lead 0005"):
        api.post(PATH, json=lead(world, name))
    api.post(PATH, json=body())
    whole = api.get("/api/prospects").json()
    assert (whole["total"], whole["limit"], whole["offset"]) == (4, 50, 0)
    assert {one["name"] for one in whole["prospects"]} == {"Lead 0001", "Lead 0002", "Lead 0005", ""}
    paged = [api.get(f"/api/prospects?limit=1&offset={at}").json()["prospects"] for at in range(5)]
    assert [one for page in paged for one in page] == whole["prospects"]
    (found,) = api.get("/api/prospects", params={"search": "lead 0005"}).json()["prospects"]
    assert (found["title"], found["newest_status"], found["sequences"], found["approved"]) == (
        "Founder", "fallback", 1, False,
    )  # fmt: skip
    assert api.get(f"/api/sequences/{found['newest_sequence_id']}").json()["prospect_id"] == found["prospect_id"]
    assert api.get("/api/prospects", params={"search": "%_'\U0001f600"}).json()["total"] == 0


def test_the_log_holds_nothing_of_a_request_or_a_sequence(api, world, caplog):
    caplog.set_level("DEBUG")
    api.post(PATH, json=lead(world, "Lead 0001"))
    api.post(PATH, json=body())
    api.get("/api/prospects?search=ada-example")
    said = "\n".join([json.dumps(record.__dict__, default=str) for record in caplog.records if record.name == "ranker"])
    assert "api.request" in said
    assert not [word for word in ("ada-example", "repair", "Lead 0001") if word in said]
