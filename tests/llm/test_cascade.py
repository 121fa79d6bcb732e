"""The cascade on a server of our own: who is asked again and how, disagreement, failures on the way, and the plan."""

import json
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.judge import question_rows
from ranker.scoring.assessment import Inputs
from ranker.scoring.llm.cascade import at_most_again, together
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.plan import plan
from ranker.scoring.llm.rows import Judged
from ranker.scoring.llm.tasks import BATCH
from ranker.scoring.llm.templates import load_prompt
from ranker.scoring.rank_table import company_keys
from tests.llm.asking import settings
from tests.llm.fake_answers import points
from tests.llm.fake_server import FakeServer
from tests.llm.test_prompts import TASKS
from tests.llm.test_strategies import alike, engine
from tests.llm.test_strategies import judge as judge_by

AGAIN, REASON = "These people were picked", "- reason: one short sentence"


def judge(server, database, strategy, leads, **more):
    """With time for an answer on a busy machine: calls are counted here."""
    return judge_by(server, database, strategy, leads, **{"timeout": 20, **more})


def asked(server):
    """Of each request the task and the titles in order."""
    found = []
    for request in server.requests:
        system, user = (message["content"] for message in request["body"]["messages"])
        task = "score" if AGAIN not in system else "final" if REASON in system else "rescore"
        rows = [json.loads(line) for line in user.splitlines() if line.startswith('{"id"')]
        found.append((task, [row["title"] for row in rows]))
    return found


def test_everybody_is_scored_once_and_whoever_may_be_contacted_twice_more(database):
    with FakeServer() as server:
        leads, outcome = judge(server, database, "cascade", alike(30))
    calls = asked(server)
    titles = {task: [title for name, some in calls if name == task for title in some] for task in BATCH}
    every = [lead.title for lead in leads]
    maybe = sorted(title for title in every if points(title) >= 4)
    assert sorted(titles["score"]) == sorted(every)
    assert len(maybe) > 15
    best = sorted(every, key=lambda title: -points(title))[:15]
    assert sorted(map(points, titles["rescore"])) == sorted(map(points, best))  # no more than half, or one batch
    assert titles["final"] == titles["rescore"][::-1]
    assert all(1 <= len(some) <= 15 for _, some in calls)
    assert outcome.spending.calls == len(calls) == 4


def test_a_company_of_three_hundred_takes_at_most_forty_one_calls(database):
    with FakeServer() as server:
        _, outcome = judge(server, database, "cascade", alike(300))
    assert len(server.requests) <= 41
    assert outcome.ranked.counts()["ranked"] == sum(points(f"Manager of Area {at}") >= 6 for at in range(300))


@pytest.mark.parametrize(("count", "again"), [(0, 0), (1, 1), (15, 15), (16, 15), (29, 15), (40, 20), (300, 150)])
def test_of_a_large_company_no_more_than_half_are_scored_again(count, again):
    assert at_most_again(count) == again


def test_reasons_are_asked_for_only_of_those_who_may_be_contacted(database):
    with FakeServer() as server:
        leads, outcome = judge(server, database, "cascade", alike(12))
    for lead, one in zip(leads, outcome.ranked.assessments, strict=True):
        score = points(lead.title)
        if score >= 6:
            assert one.reasoning == f"points {score}"
        elif score >= 4:
            assert one.reasoning == f"Not contacted: points {score}"
        else:
            given = f"The model gave {score} of 10 (team {score}, level {score})"
            assert one.reasoning == f"Not contacted: {given}; from 6 on somebody is contacted."
        assert not one.flags
        assert not one.needs_review


class Slanted(FakeServer):
    """A judge for whom the first row is worth so much more than the last."""

    slope = 2

    def _completion(self, body, said, fault, into):
        answer = super()._completion(body, said, fault, into)
        data = json.loads(answer["choices"][0]["message"]["content"])
        half = (len(data["leads"]) - 1) / 2
        for at, row in enumerate(data["leads"]):
            row["score"] = min(10, max(0, row["score"] + round(self.slope * (half - at) / max(1.0, half))))
        answer["choices"][0]["message"]["content"] = json.dumps(data)
        return answer


def test_where_orders_disagree_the_mean_decides_and_a_person_should_look(database):
    with Slanted() as server:
        _, outcome = judge(server, database, "cascade", alike(14))
    torn = [one for one in outcome.ranked.assessments if "judge_disagrees" in one.flags]
    calm = [one for one in outcome.ranked.assessments if "judge_disagrees" not in one.flags]
    assert torn
    assert calm
    for one in torn:
        assert one.needs_review
        assert one.confidence <= 0.45
        assert "in different orders" in one.reasoning
        assert one.qualified == (one.score >= 60)
    assert min(one.confidence for one in calm) > max(one.confidence for one in torn)


@pytest.mark.parametrize(
    ("scores", "mean", "sure", "torn"),
    [
        ((8, 8, 8), 80.0, 0.9, False), ((9, 8, 8), 83.3, 0.8, False), ((6, 6, 6), 60.0, 0.9, False),
        ((6, 6, 5), 56.7, 0.45, True), ((7, 6, 5), 60.0, 0.45, True), ((5, 7, 7), 63.3, 0.45, True),
        ((6, 4, 4), 46.7, 0.7, True), ((9, 8, 5), 73.3, 0.5, True), ((10, 9, 5), 80.0, 0.4, True),
        ((5, 5, 3), 43.3, 0.7, False), ((10, 9, 7), 86.7, 0.6, False),
    ],
)  # fmt: skip
def test_several_orders_are_averaged_and_disagree_where_they_answer_differently(scores, mean, sure, torn):
    first, *further = (Judged(None, score * 10.0, None, None, 1.0, "") for score in scores)
    found = together(first, further, 60.0)
    assert (found.score, pytest.approx(sure)) == (mean, found.sure)
    assert found.flags == (("judge_disagrees",) if torn else ())
    assert together(first, further[::-1], 60.0).score == mean


@given(st.lists(st.integers(0, 10), min_size=1, max_size=3), st.floats(0, 100))
@example([10, 0, 10], 60.0)
def test_whatever_a_model_says_score_and_confidence_are_within_their_bounds(scores, threshold):
    first, *further = (Judged(None, 10.0 * score, 0.5, 0.5, 0.9, "Because") for score in scores)
    found = together(first, further, threshold)
    assert min(scores) * 10 - 0.05 <= found.score <= max(scores) * 10 + 0.05
    assert 0 <= found.sure <= 1


def broken_from(task):
    """A server that turns away every question of a task."""

    class Broken(FakeServer):
        mended = False

        def _fault(self, body):
            system = body["messages"][0]["content"]
            later = not self.mended and AGAIN in system and (task == "both" or (REASON in system) == (task == "final"))
            return "bad_request" if later else "ok"

    return Broken()


@pytest.mark.parametrize("task", ["rescore", "final", "both"])
def test_a_lead_that_can_t_be_scored_again_keeps_its_score_with_a_flag(database, task):
    with broken_from(task) as server:
        leads, outcome = judge(server, database, "cascade", alike(12))
    for lead, one in zip(leads, outcome.ranked.assessments, strict=True):
        score = points(lead.title)
        assert one.qualified == (score >= 6)
        assert not one.qualified or one.score == score * 10
        assert ("rescore_failed" in one.flags) == (score >= 4)
        assert one.confidence == pytest.approx(0.63 if score >= 4 else 0.9 if score < 2 else 0.75)
    assert not outcome.failed


def test_what_could_not_be_scored_again_is_asked_again_and_nothing_else(database):
    with broken_from("both") as server:
        _, first = judge(server, database, "cascade", alike(12))
        calls, server.mended = len(server.requests), True
        _, second = judge(server, database, "cascade", alike(12))
        rest = [task for task, _ in asked(server)[calls:]]
    assert any("rescore_failed" in one.flags for one in first.ranked.assessments)
    assert not any(one.flags for one in second.ranked.assessments)
    assert sorted(rest) == ["final", "rescore"]


@pytest.mark.parametrize("fault", ["missing_id", "doubled_id", "out_of_range", "invented_id"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_bad_row_is_asked_again_alone_in_every_stage(database, fault, at):
    with FakeServer(script=["ok"] * at + [fault]) as server:
        leads, outcome = judge(server, database, "cascade", alike(12), concurrency=1)
    calls = asked(server)
    assert [one.qualified for one in outcome.ranked.assessments] == [points(lead.title) >= 6 for lead in leads]
    assert not any(one.flags for one in outcome.ranked.assessments)
    assert len(calls) == (3 if fault == "invented_id" else 4)
    assert [len(some) for _, some in calls].count(1) == (0 if fault == "invented_id" else 1)


def test_when_the_account_runs_dry_half_way_nobody_loses_a_score(database):
    with FakeServer(script=["ok"], always="quota") as server:
        leads, outcome = judge(server, database, "cascade", alike(12), concurrency=1)
    assert [one.qualified for one in outcome.ranked.assessments] == [points(lead.title) >= 6 for lead in leads]
    assert {"rescore_failed"} == {flag for one in outcome.ranked.assessments for flag in one.flags}
    assert "credit is used up" in outcome.stopped.message


def test_the_plan_is_never_passed(database):
    many = [Inputs(f"Manager of Area {at}", f"Company {at % 23}", "10") for at in range(200)] + alike(40)
    with FakeServer() as server:
        built = engine(server, "cascade")
        leads = {
            lead
            for lead in built.leads(many, [""] * 240, company_keys([(one.company, one.domain) for one in many]))
            if isinstance(lead, Lead)
        }
        told = plan(built.tasks, "cascade", sorted(leads), settings(server))
        _, outcome = judge(server, database, "cascade", many)
    assert [step.task for step in told.steps] == ["score", "rescore", "final"]
    assert [step.at_most for step in told.steps] == [False, True, True]
    for step in told.steps:
        calls = [some for task, some in asked(server) if task == step.task]
        assert len(calls) == step.calls if step.task == "score" else len(calls) <= step.calls
    assert outcome.spending.tokens_in <= sum(step.tokens_in for step in told.steps)


def test_shuffled_leads_are_asked_about_in_the_very_same_words(database):
    many = [Inputs(f"Manager of Area {at}", f"Company {at % 7}", "10") for at in range(90)]
    with FakeServer() as server:
        judge(server, database, "cascade", many)
        random.Random(5).shuffle(many)
        calls = len(server.requests)
        judge(server, database, "cascade", many)
    assert len(server.requests) == calls


def test_the_three_prompts_begin_alike_up_to_the_answer():
    systems = {
        task: load_prompt(task).system(persona="The persona.", size="any size", threshold="6").partition("# The answer")
        for task in ("score", "rescore", "final")
    }
    assert len({start for start, _, _ in systems.values()}) == 1
    assert len({end for _, _, end in systems.values()}) == 3


def test_leads_of_one_company_have_no_company_number():
    of_one = [Lead((TASKS.spec.brackets[0].name,), "a", (title, "Alpha", "10", "")) for title in ("x", "y")]
    of_two = [of_one[0], Lead((TASKS.spec.brackets[0].name,), "b", ("y", "Beta", "10", ""))]
    assert [row.get("company") for row in question_rows(TASKS.question("score", of_one))] == [None, None]
    assert [row.get("company") for row in question_rows(TASKS.question("score", of_two))] == [1, 2]
