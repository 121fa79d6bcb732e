"""The simulated judge errs as it is told to, and before it the cascade does what it is for."""

import random
from itertools import islice
from pathlib import Path
from statistics import fmean

import pytest

from eval.bench_cascade import compare, together
from eval.bench_tokens import ways
from eval.judge import Nature, SimulatedJudge, world
from ranker.llm.apart import run_to_end
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import reader_of
from tests.llm.test_prompts import SMALL, TASKS

EXACT = Nature(opinion=0, context=0, call=0, drift=0, bias=0)


def scores(nature, task="score", count=15, seed=0, times=1):
    """What the judge says of leads that are all worth 5, each time it is asked the same."""
    titles = [f"Title {at}" for at in range(count)]
    judge = SimulatedJudge(dict.fromkeys(titles, 5.0), nature, seed)
    leads = [Lead((SMALL,), "Alpha", (title, "Alpha", "10", "")) for title in titles]

    async def ask():
        answer = await judge.ask(TASKS.question(task, leads), reader_of(task, count))
        return [answer.value.good[at].score for at in range(1, count + 1)]

    return [run_to_end(ask()) for _ in range(times)]


def test_without_faults_it_says_what_was_planted():
    assert scores(EXACT) == [[50.0] * 15]


def test_bias_raises_the_first_rows_and_lowers_the_last():
    (found,) = scores(Nature(opinion=0, context=0, call=0, drift=0, bias=2))
    assert found[0] == 70
    assert found[7] == 50
    assert found[-1] == 30
    assert found == sorted(found, reverse=True)
    assert scores(Nature(opinion=0, context=0, call=0, drift=0, bias=-2)) == [found[::-1]]


def test_the_same_prompt_brings_the_same_context_error_and_another_call_error():
    first, again = scores(Nature(opinion=0, context=2, call=0, drift=0, bias=0), times=2)
    assert first == again
    assert len(set(first)) > 1
    first, again = scores(Nature(opinion=0, context=0, call=2, drift=0, bias=0), times=2)
    assert first != again


def test_long_batches_are_judged_worse():
    def apart(count):
        return fmean(
            (score - 50) ** 2
            for seed in range(10)
            for score in scores(Nature(opinion=0, call=0, drift=0, bias=0), "rank", count, seed)[0]
        )

    assert apart(60) > 1.5 * apart(5)


def test_worlds_are_planted_alike_for_the_same_seed():
    assert world(3) == world(3)
    assert world(3) != world(4)
    assert 0.1 < fmean(truth >= 6 for seed in range(5) for truth in world(seed).truth.values()) < 0.2


def test_cascade_orders_better_than_a_plain_batch_at_equal_calls_and_keeps_the_relevant():
    found = compare(range(3), Nature(), (2, 8, 15, 30, 100))
    ours, plain = found["cascade"], found["plain, file's order"]
    assert ours.calls == plain.calls
    assert ours.mean("pairs") > plain.mean("pairs") > found["do nothing"].mean("pairs") == 0.5
    assert ours.hits > plain.hits
    assert ours.hits / ours.relevant > 0.93  # 0.985 over the thirty seeds of the bench; here are few


def test_shuffled_input_gets_the_same_scores_from_a_judge_that_minds_the_order():
    assert together(range(1), Nature(bias=2))[1] == 0


def test_on_our_own_leads_cascade_sends_a_sixth_of_one_call_a_lead_at_most(tmp_path):
    with Path("eval/sample/leads.csv").open(encoding="utf-8") as file:
        lines = list(islice(file, 250))
    (tmp_path / "few.csv").write_text("".join(lines), encoding="utf-8")
    found, _ = ways(str(tmp_path / "few.csv"), "prompts/personas/outbound-sales.md")
    tokens = {name: into for name, (_, into, _) in found.items()}
    assert tokens["cascade, at most"] <= tokens["one call a lead, whole persona"] / 6
    assert tokens["cascade, at most"] <= tokens["qualify by 50, rank companies, whole, all"]
    assert tokens["cascade, judged"] <= tokens["qualify by 50, rank companies, whole, judged"]


@pytest.mark.parametrize("seed", range(3))
def test_a_plain_batch_does_mind_the_order(seed):
    titles = list(world(seed, (20,)).truth)
    judge = SimulatedJudge(world(seed, (20,)).truth, Nature(bias=2), seed)
    leads = [Lead((SMALL,), "Alpha", (title, "Alpha", "10", "")) for title in titles]

    def ask():
        answer = run_to_end(judge.ask(TASKS.question("score", leads), reader_of("score", len(leads))))
        return {leads[at - 1]: row.score for at, row in answer.value.good.items()}

    first = ask()
    random.Random(seed).shuffle(leads)
    assert ask() != first
