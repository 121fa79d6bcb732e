"""Texts on which the persona reader once failed."""

from pathlib import Path

import pytest

from ranker.personas.reader import read_persona

SHIPPED = next((Path(__file__).parents[2] / "prompts" / "personas").glob("*.md")).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["|---|\n|---|---|\n\n"])
def test_a_text_that_once_broke_the_reader_is_passed_over(text):
    plain, odd = read_persona(SHIPPED), read_persona(SHIPPED + "\n\n" + text)
    assert odd.targets == plain.targets
