from pathlib import Path

import pytest

from ranker.errors import VocabularyError
from ranker.personas.priorities import read_priority
from ranker.personas.vocabulary import read_vocabulary, vocabulary, words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5/5", 1.0),
        ("4 / 5", 0.8),
        ("9/10", 0.9),
        ("80 %", 0.8),
        ("4 out of 5", 0.8),
        ("★★★★☆", 0.8),
        ("★★", 0.4),
        ("⭐⭐⭐⭐⭐", 1.0),
        ("High priority", 1.0),
        ("very low", 0.2),
        ("✓", 1.0),
        ("✔️", 1.0),
        ("❌", 0.0),
        ("N/A", 0.0),
        ("–", 0.0),
        ("no", 0.0),
    ],
)
def test_a_priority_is_between_0_and_1(text: str, value: float) -> None:
    assert read_priority(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "maybe", "7/5", "high or low", "not high", "no budget", "3", "5/5 → 1/5", "highly unlikely"]
)
def test_what_is_no_priority_is_none(text: str) -> None:
    assert read_priority(text) is None


def test_words_ignore_case_accents_and_signs() -> None:
    assert words("Priorität & PRIORITÉ — prio") == ("prioritat", "priorite", "prio")


def test_every_priority_word_has_a_readable_value() -> None:
    for phrase, means in vocabulary().rows["priority"]:
        assert read_priority(" ".join(phrase)) is not None, means


def test_a_row_that_is_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("use,phrase,means\nsection,targets,targets\ncolour,red,x\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="row 3"):
        read_vocabulary(file)
