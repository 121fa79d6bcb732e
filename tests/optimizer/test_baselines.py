"""The searches that ours is compared with do what they are called, and none gets an evaluation more than another."""

from dataclasses import dataclass
from functools import cache

import pytest

from eval.optimizers import Counted, Spent, greedy, protegi, same_for_all, successive_rejects, worth
from eval.planted import World
from eval.planted_worlds import FAMILIES, harmful
from ranker.optimizer.subject import Proposal

SEARCHES = {
    "greedy": greedy,
    "upper confidence": protegi,
    "successive rejects": lambda *given: protegi(*given, bandit=successive_rejects),
    "same for all": lambda *given: protegi(*given, bandit=same_for_all),
}


@cache
def additive(seed: int) -> World:
    return FAMILIES["additive"](seed)


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize("limit", [1, 37, 400])
def test_the_limit_is_never_overshot_and_mostly_used(name: str, limit: int) -> None:
    subject = FAMILIES["additive"](1).subject("train", 12)
    found = SEARCHES[name](subject, limit, 3)
    assert found.evaluations <= limit
    assert found.evaluations >= 0.8 * limit or limit < 300


@pytest.mark.parametrize("name", SEARCHES)
def test_the_same_seed_gives_the_same_outcome_and_another_one_another(name: str) -> None:
    made = FAMILIES["mixed"](2)
    runs = [SEARCHES[name](made.subject("train", 12), 300, seed) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize("name", SEARCHES)
def test_each_finds_a_truly_better_text_where_lines_count_for_themselves(name: str) -> None:
    gained = []
    for seed in range(3):
        made = additive(seed)
        best = SEARCHES[name](made.subject("train", 24), 900, seed).best
        gained.append(made.truth(best)["pairs_f1"] - made.truth(made.start)["pairs_f1"])
    assert sum(gained) / len(gained) > 0.05


def test_greedy_search_moves_only_to_what_is_better_at_its_companies() -> None:
    for made in (FAMILIES["interacting"](0), harmful(0)):
        subject = made.subject("train", 10)
        best = greedy(subject, 300, 1).best
        values = {text: worth(subject.evaluate(text, subject.companies)) for text in (best, made.start)}
        assert values[best] >= values[made.start]
        assert best == made.start or values[best] > values[made.start]


def test_greedy_search_stays_where_no_child_is_better() -> None:
    assert greedy(_Ladder(step=-1), 60, 0).best == "5"
    assert greedy(_Ladder(step=1), 60, 0).best == "9"


@pytest.mark.parametrize("bandit", [None, successive_rejects, same_for_all])
def test_protegi_goes_up_where_every_example_says_so(bandit: object) -> None:
    assert protegi(_Ladder(step=1), 500, 0, bandit).best == "9"


def test_judging_again_is_free_and_seeing_errors_is_not() -> None:
    counted = Counted(FAMILIES["additive"](0).subject("train", 5), limit=7)
    names = counted.companies
    counted.evaluate(counted.start, names[:3])
    counted.evaluate(counted.start, names[1:4])
    assert counted.spent == 4
    proposals = counted.propose(counted.start, names, 2, 1)
    assert counted.spent == 5
    with pytest.raises(Spent):
        counted.evaluate(proposals[0].text, names[:3])
    assert counted.spent == 5
    counted.evaluate(proposals[0].text, names[:2])
    assert counted.left == 0


@dataclass
class _Ladder:
    """Texts are numbers up to 9, worth as much at every company; each proposes one number."""

    step: int
    start: str = "5"
    companies: tuple[str, ...] = ("A", "B", "C")

    def evaluate(self, text: str, companies: object) -> dict[str, dict[str, float]]:
        return {company: {"pairs": int(text) / 10, "f1": int(text) / 10} for company in companies}

    def propose(self, text: str, companies: object, wanted: int, seed: int) -> list[Proposal]:
        new = int(text) + self.step
        return [Proposal(str(new), "", "")] if 0 <= new <= 9 else []
