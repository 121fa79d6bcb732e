"""What the optimizer's benchmark compares and counts; its figures are in docs/OPTIMIZER.md."""

from dataclasses import replace

from eval.bench_optimize import BARE, RIVALS, START, bare, one
from eval.planted_worlds import FAMILIES, equal, gain, harmful
from eval.simulated_searches import Simulated, false_claims, share, simulate


def test_no_search_gets_more_evaluations_than_ours() -> None:
    world = FAMILIES["mixed"](1)
    found = one(world, 1, bare, BARE, companies=8)
    ours = found[BARE]
    assert ours.evaluations <= 41 * 8
    assert all(0 < found[rival].evaluations <= ours.evaluations for rival in RIVALS)
    assert found["the right text"].truth > found[START].truth
    assert found[START].truth == world.truth(world.start)["pairs_f1"]


def test_edits_that_only_harm_leave_the_start() -> None:
    found = [simulate(harmful(seed), 14) for seed in range(2)]
    assert not any(run.claimed or run.true_gain for run in found)


def test_a_large_gain_is_claimed_and_measured_by_the_truth() -> None:
    found = [simulate(gain(seed), 14) for seed in range(2)]
    assert any(run.claimed for run in found)
    assert all(run.true_gain > 0.1 if run.claimed else run.true_gain == 0 for run in found)


def test_a_claim_for_a_text_that_is_not_truly_better_is_a_false_one() -> None:
    none = simulate(equal(1), 8)
    assert (none.true_gain, false_claims([none])) == (0.0, int(none.claimed))
    claims = [Simulated(True, True, True, gained, 1) for gained in (-0.1, 0.0, 0.05)]
    assert false_claims([*claims, *(replace(run, claimed=False) for run in claims)]) == 2


def test_a_share_is_told_with_its_exact_interval() -> None:
    assert share(0, 200) == "0 of 200 (0.0% to 1.8%)"
    assert share(7, 200) == "7 of 200 (1.4% to 7.1%)"
    assert share(5, 5) == "5 of 5 (47.8% to 100.0%)"
