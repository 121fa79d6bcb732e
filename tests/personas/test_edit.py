import pytest

from ranker.personas.edit import replace, set_priority
from ranker.personas.reader import read_persona
from ranker.personas.spec import Place


@pytest.mark.parametrize(
    ("old", "new"),
    [("4/5", "1/5"), ("9/10", "2/10"), ("80%", "20%"), ("★★★★☆", "★☆☆☆☆"), ("★★★", "★☆☆☆☆"), ("high", "1/5")],
)
def test_a_priority_stays_in_its_own_notation(old: str, new: str) -> None:
    text = f"## Targets\n- A: {old}\n"
    changed = set_priority(text, read_persona(text).targets[0], 0.2)
    assert changed == f"## Targets\n- A: {new}\n"
    assert read_persona(changed).targets[0].priority == pytest.approx(0.2)


def test_a_title_without_a_priority_has_none_to_set() -> None:
    text = "## Targets\n- A\n"
    with pytest.raises(ValueError, match="write one"):
        set_priority(text, read_persona(text).targets[0], 0.2)
    with pytest.raises(ValueError, match="between 0 and 1"):
        set_priority(text, Place(line=2, start=13, end=14), 2)


def test_a_place_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        replace("abc", Place(line=1, start=2, end=9), "x")
