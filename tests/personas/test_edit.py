import pytest

from ranker.personas.edit import replace
from ranker.personas.reader import read_persona
from ranker.personas.spec import Place
from tests.personas.priorities import with_priority


@pytest.mark.parametrize(
    ("old", "new"),
    [("4/5", "1/5"), ("9/10", "2/10"), ("80%", "20%"), ("★★★★☆", "★☆☆☆☆"), ("★★★", "★☆☆☆☆"), ("high", "1/5")],
)
def test_a_priority_stays_in_its_own_notation(old: str, new: str) -> None:
    text = f"## Targets\n- A: {old}\n"
    changed = with_priority(text, read_persona(text).targets[0].priority_place, 0.2)
    assert changed == f"## Targets\n- A: {new}\n"
    assert read_persona(changed).targets[0].priority == pytest.approx(0.2)


def test_a_place_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        replace("abc", Place(line=1, start=2, end=9), "x")
