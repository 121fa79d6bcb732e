"""What a model is told: the persona's part for the size, and leads as data that can't become anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judge import question_rows
from ranker.errors import LlmSetup
from ranker.personas.reader import read_persona
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.tasks import BATCH, Tasks
from ranker.scoring.llm.templates import load_prompt, read_prompt, row, shown
from tests.llm.attacks import ATTACKS
from tests.llm.test_strategies import PERSONA

TASKS = Tasks(PERSONA, read_persona(PERSONA), 60.0)
SMALL, LARGE = (bracket.name for bracket in TASKS.spec.brackets)


def lead(title: str, company: str = "Alpha", bracket: str = SMALL, industry: str = "") -> Lead:
    return Lead((bracket,), company, (title, company, "10", ""), industry)


@pytest.mark.parametrize("task", sorted(BATCH))
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_stays_in_its_own_row_and_changes_no_other(task, attack):
    others = [lead(f"Manager {at}") for at in range(3)]
    calm = TASKS.question(task, [*others, lead("Founder", "Beta")])
    hostile = TASKS.question(task, [*others, lead(attack, "Beta")])
    assert hostile.system == calm.system
    before, after = calm.user.splitlines(), hostile.user.splitlines()
    differing = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert len(differing) <= 1
    assert question_rows(hostile)[:3] == question_rows(calm)[:3]
    assert question_rows(hostile)[3]["title"] == shown(attack, 300)
    assert hostile.user.count("</leads>") == hostile.user.count("<leads>") == 1


@given(st.text(max_size=400), st.text(max_size=200), st.text(max_size=200))
def test_no_text_of_a_file_can_change_what_is_around_it(title, company, industry):
    calm = TASKS.question("qualify", [lead("x"), lead("Founder", "Beta", industry="y"), lead("z")])
    hostile = TASKS.question("qualify", [lead("x"), lead(title, company or "Beta", industry=industry), lead("z")])
    assert hostile.system == calm.system
    rows = question_rows(hostile)
    assert [one["id"] for one in rows] == [1, 2, 3]
    assert (rows[0]["title"], rows[2]["title"]) == ("x", "z")
    assert rows[1]["title"] == shown(title, 300)
    marks = [line for line in hostile.user.splitlines() if not line.startswith("{")]
    assert marks == ["<companies>", "</companies>", "<leads>", "</leads>"]


@given(st.dictionaries(st.sampled_from(["title", "name", "size"]), st.text(max_size=300), min_size=1))
def test_a_row_is_one_line_of_json_without_a_tag(values):
    line = row(values)
    assert len(line.splitlines()) == 1
    assert not {"<", ">"} & set(line)
    assert set(json.loads(line)) == set(values)


def test_a_long_title_is_shortened():
    assert len(shown("A" * 5_000, 300)) == 300


def test_only_the_persona_s_part_for_the_size_is_sent():
    small, large = (TASKS.question("pointwise", [lead("x", bracket=name)]).system for name in (SMALL, LARGE))
    assert "Founder · 5/5" in small
    assert "VP of Sales" not in small
    assert "VP of Sales · 5/5" in large
    assert "Founder" not in large
    assert "Interns" in small
    assert "Interns" in large


def test_a_lead_of_unknown_size_is_asked_about_with_every_part():
    unknown = Lead((SMALL, LARGE), "Alpha", ("x", "Alpha", "", ""))
    system = TASKS.question("pointwise", [unknown]).system
    assert "Founder · 5/5" in system
    assert "VP of Sales · 5/5" in system


def test_what_is_the_same_for_all_leads_comes_first_and_is_the_same():
    one, other = (TASKS.question("qualify", [lead(title)]) for title in ("a", "b"))
    assert one.system == other.system
    assert "a" not in [row["title"] for row in question_rows(other)]


@pytest.mark.parametrize("task", sorted(BATCH))
def test_names_and_contacts_of_people_are_not_sent(task):
    sent = TASKS.question(task, [lead("Founder")])
    assert set(question_rows(sent)[0]) <= {"id", "company", "title"}


@pytest.mark.parametrize(
    ("source", "words"),
    [("no user part", "needs a line"), ("{{ x\n=== user ===\n", "not well formed")],
)
def test_a_template_that_can_t_be_used_is_refused_in_words(source, words):
    with pytest.raises(LlmSetup, match=words):
        read_prompt("mine", source)


@pytest.mark.parametrize("inner", ["{{ persona.__class__.__mro__ }}", "{{ nobody }}", "{{ ''.join.__globals__ }}"])
def test_a_template_can_reach_nothing_but_what_it_is_given(inner):
    prompt = read_prompt("mine", f"{inner}\n=== user ===\nx")
    with pytest.raises(LlmSetup, match="can't be rendered"):
        prompt.system(persona="p", size="s", threshold="6")


def test_a_template_s_version_is_its_text():
    assert read_prompt("a", "x\n=== user ===\ny").version != read_prompt("a", "x \n=== user ===\ny").version
    assert load_prompt("rank") is load_prompt("rank")
