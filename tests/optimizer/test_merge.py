"""Two good changes in one text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ranker.optimizer.memory import Candidate, InMemory
from ranker.optimizer.merge import merged, merges
from ranker.optimizer.search import Search
from ranker.optimizer.settings import Settings
from tests.optimizer.words_subject import WordsSubject

BASE = "one\ntwo\nthree\nfour\n"
LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n", "e\n", "f\n"]), max_size=8, unique=True)


def candidate(number: int, parent: int | None, text: str) -> Candidate:
    return Candidate(number, parent, 1, text, str(number), "", f"edit {number}.", "evaluated")


def test_changes_at_different_lines_come_together() -> None:
    assert merged(BASE, "ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nfive\n") == "ONE\ntwo\nthree\nfive\n"
    assert merged(BASE, "one\nthree\nfour\n", "one\ntwo\nthree\nfour\nfive\n") == "one\nthree\nfour\nfive\n"
    assert merged(BASE, BASE + "five\n", BASE + "six\n") == BASE + "five\nsix\n"
    assert merged("one", "one\ntwo", "one\nthree") == "one\ntwo\nthree"
    assert merged("one\r\ntwo", "ONE\r\ntwo", "one\r\nTWO") == "ONE\r\nTWO"


def test_changes_of_the_same_line_do_not() -> None:
    assert merged(BASE, "one\n2\nthree\nfour\n", "one\nii\nthree\nfour\n") is None
    assert merged(BASE, "one\nthree\nfour\n", "one\n2\nthree\nfour\n") is None


def test_the_same_line_is_not_added_twice() -> None:
    assert merged(BASE, BASE + "five\n", BASE + "five\n") is None
    assert merged(BASE, BASE + "five\nsix\n", BASE + "six\n") is None


@given(LINES, LINES)
def test_merging_with_what_changed_nothing_changes_nothing(base: list[str], one: list[str]) -> None:
    for lines in (base, one):
        lines.append("last\n")
    assert merged("".join(base), "".join(one), "".join(base)) == "".join(one)
    assert merged("".join(base), "".join(base), "".join(one)) == "".join(one)


@given(LINES, st.data())
def test_lines_that_both_kept_stay_and_lines_that_one_dropped_go(base: list[str], data: st.DataObject) -> None:
    one, other = ([line for line in base if data.draw(st.booleans())] for _ in range(2))
    both = merged("".join(base), "".join(one), "".join(other))
    if both is not None:
        assert both == "".join(line for line in base if line in one and line in other)


def test_only_what_should_be_better_than_the_best_is_merged_the_most_promising_first() -> None:
    texts = [BASE, *(BASE.replace(word, word.upper()) for word in ("one", "two", "three", "four"))]
    rows = [candidate(0, None, texts[0]), *(candidate(number, 0, texts[number]) for number in range(1, 5))]
    means = {0: 0.5, 1: 0.6, 2: 0.55, 3: 0.7, 4: 0.4}
    order = [3, 1, 2, 0, 4]
    found = merges(rows, means, order, 2)
    assert [one.parent for one in found] == [3, 3]
    assert [one.proposal.text for one in found] == ["ONE\ntwo\nTHREE\nfour\n", "one\nTWO\nTHREE\nfour\n"]
    assert found[0].proposal.critique == (
        "No. 3 and no. 1 are both better than the start, by changes at different places."
    )
    assert found[0].proposal.edit == "Taken over from no. 1: edit 1."
    # 0.6 + 0.55 - 0.5 is less than the best; what was made before is not made again.
    assert len(merges(rows, means, order, 9)) == 2
    assert len(merges([*rows, candidate(5, 3, found[0].proposal.text)], means, order, 9)) == 1
    assert not merges(rows, means, order, 0)


def test_what_was_taken_over_is_told_step_by_step_and_nothing_twice() -> None:
    texts = [BASE, "ONE\ntwo\nthree\nfour\n", "one\nTWO\nthree\nfour\n", "one\nTWO\nTHREE\nfour\n"]
    rows = [candidate(number, (None, 0, 0, 2)[number], text) for number, text in enumerate(texts)]
    found = merges(rows, {0: 0.1, 1: 0.5, 2: 0.2, 3: 0.3}, [1, 3, 2, 0], 1)
    assert [(one.parent, one.proposal.edit) for one in found] == [(1, "Taken over from no. 3: edit 2. edit 3.")]


def test_a_text_is_not_merged_with_what_it_comes_from() -> None:
    texts = [BASE, "ONE\ntwo\nthree\nfour\n", "ONE\nTWO\nthree\nfour\n"]
    rows = [candidate(number, number - 1 if number else None, text) for number, text in enumerate(texts)]
    assert not merges(rows, {0: 0.1, 1: 0.2, 2: 0.3}, [2, 1, 0], 9)


def test_a_search_tries_what_it_merged_within_its_variants() -> None:
    subject = WordsSubject(seed=2, count=10, start="sales 1\nchief 1\nhead 1\nlead 1\nclerk 1")
    subject.changes = ("clerk -3", "legal -9", "kitchen -9", "revenue 2", "sales 1", "chief 2")
    result = Search(subject, subject.companies, InMemory(), Settings(generations=4)).run()
    made = [one for one in result.candidates if one.edit.startswith("Taken over from no. ")]
    assert any(one.state == "evaluated" for one in made)
    for generation in range(1, 5):
        tried = [one for one in result.candidates if one.generation == generation and one.number in result.standings]
        assert len(tried) <= 8
