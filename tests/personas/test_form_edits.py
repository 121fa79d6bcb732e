"""A persona edited at random through its form: text and form never disagree, and every edit changes one place."""

import difflib
import random
from collections import Counter
from typing import Any

import pytest

from ranker.errors import EditRefused
from ranker.personas import adding, edit, grid, removing
from ranker.personas.differences import differences
from ranker.personas.form import Form, Row, read_form
from ranker.personas.line_diff import Change, change_between, diff_lines, keep_line_ends
from ranker.personas.starting import blank

EDITS = 70  # for each of three personas: 210 that were made, besides those that were refused
TITLES = ["Head of Zebras", "VP of Tides", "Gärtnermeister", "Chief Kite Officer", "R&D Lead", "Night Porter (remote)"]
KINDS = ("targets", "champions", "departments", "seniority", "hard", "soft", "positive", "negative")


class Model:
    """What the form shows, kept beside the text and changed on its own: kind, name, priorities, sizes."""

    def __init__(self, form: Form) -> None:
        self.rows = [[row.kind, row.name, dict(row.values), row.sizes, row.note] for row in form.rows]
        self.threshold = form.threshold
        self.rest = (form.name, form.sizes)

    def find(self, row: Row) -> list[Any]:
        wanted = [row.kind, row.name, dict(row.values), row.sizes, row.note]
        return next(one for one in self.rows if one == wanted)

    def agrees(self, form: Form) -> None:
        shown = Model(form)
        assert Counter(map(repr, self.rows)) == Counter(map(repr, shown.rows))
        assert (self.threshold, self.rest) == (shown.threshold, shown.rest)


def one_edit(rng: random.Random, text: str, model: Model) -> str:
    """Make one edit of the form; the model changes as the form says it would, only after the text took it."""
    form = read_form(text)
    action = rng.choice(["rename", "value", "value", "value", "sizes", "threshold", "add", "remove"])
    if action == "threshold":
        score = rng.choice([45.0, 55.0, 60.0, 65.0, 72.5, 80.0])
        new = edit.set_threshold(text, score) if form.threshold is not None else adding.add_threshold(text, score)
        model.threshold = score
        return new
    if action == "add":
        kind = rng.choice(KINDS)
        name = rng.choice(TITLES) + f" {rng.randrange(1000)}"
        chosen = form.names if kind in {"departments", "seniority"} else (rng.choice(form.names),)
        values = {one: rng.randrange(1, 6) / 5 for one in form.names if one in chosen}
        sizes = rng.choice([None, form.names[:1], form.names[1:]]) if kind in {"hard", "soft"} else None
        if kind not in adding.RATED:
            values = {}
        new = adding.add(text, kind, name, values, sizes)
        model.rows.append([kind, name, values, None if sizes == form.names else sizes, ""])
        return new
    rated = [row for row in form.rows if row.values]
    row = rng.choice(rated if action == "value" else form.of("hard", "soft") if action == "sizes" else form.rows)
    mine = model.find(row)
    if action == "rename":
        name = rng.choice(TITLES)
        new = edit.rename(text, row, name)
        mine[1] = name
    elif action == "value":
        bracket, value = rng.choice(list(dict(row.values))), rng.randrange(6) / 5
        new = edit.set_value(text, row, bracket, value)
        mine[2][bracket] = value
    elif action == "sizes":
        some = tuple(one for one in form.names if rng.random() < 0.5) or None
        new = edit.set_sizes(text, row, some)
        mine[3] = None if some is None or len(some) == len(form.names) else some
    else:
        new = removing.remove(text, row)
        model.rows.remove(mine)
    return new


def hunks(old: str, new: str) -> int:
    lines = difflib.SequenceMatcher(None, old.splitlines(True), new.splitlines(True), autojunk=False).get_opcodes()
    return sum(tag != "equal" for tag, *_ in lines)


@pytest.mark.parametrize("seed", [1])
def test_random_edits_of_the_form_change_one_place_and_are_read_back(persona_text: str, seed: int) -> None:
    rng = random.Random(seed)
    text, model, refused, changes = persona_text, Model(read_form(persona_text)), 0, list[tuple[str, Change]]()
    while len(changes) < EDITS:
        try:
            new = one_edit(rng, text, model)
        except EditRefused:
            refused += 1
            model.agrees(read_form(text))
            assert refused <= EDITS // 4, "the form refuses what it should be able to write"
            continue
        model.agrees(read_form(new))
        if new == text:
            continue
        change = change_between(text, new)
        assert hunks(text, new) == 1
        assert change.apply(text) == new
        assert change.undo(new) == text
        changes.append((text, change))
        text = new
    for before, change in reversed(changes):
        text = change.undo(text)
        assert text == before
    assert text == persona_text


SIZES = "## Company sizes\n- Tiny: 1-9 employees\n- Mid: 10-249 employees\n- Large: 250+ employees\n\n"


def changed(text: str, name: str, bracket: str, value: float) -> str:
    form = read_form(text)
    return edit.set_value(text, next(row for row in form.rows if row.name == name), bracket, value)


@pytest.mark.parametrize(
    ("line", "bracket", "value", "wanted"),
    [
        ("- Ops: 5/5 → 1/5", "Mid", 1.0, "- Ops: 5/5 → 5/5 → 1/5"),
        ("- Ops: 4/5", "Large", 0.2, "- Ops: 4/5 → 4/5 → 1/5"),
        ("- Ops: 5/5 at Tiny, 3/5 at Mid, 1/5 at Large", "Mid", 0.4, "- Ops: 5/5 at Tiny, 2/5 at Mid, 1/5 at Large"),
        ("- Ops", "Mid", 0.4, "- Ops: 5/5 → 2/5 → 5/5"),
        ("- Ops: ★★★★ → none", "Tiny", 0.2, "- Ops: ★ → ★★ → none"),
    ],
)
def test_one_size_of_a_priority_for_all_changes_alone(line: str, bracket: str, value: float, wanted: str) -> None:
    text = SIZES + f"## Departments\n{line}\n"
    assert changed(text, "Ops", bracket, value) == SIZES + f"## Departments\n{wanted}\n"


def test_a_persona_that_speaks_in_words_is_answered_in_its_words() -> None:
    text = "## Departments\n- Ops: must have\n- Sales: nice to have\n- IT: 3/5\n"
    assert changed(text, "Ops", "All sizes", 0.4) == text.replace("Ops: must", "Ops: nice to", 1)
    assert changed(text, "IT", "All sizes", 0.4) == text.replace("3/5", "2/5")


def test_an_empty_cell_of_a_matrix_is_filled_and_a_name_in_a_list_gets_a_line_of_its_own() -> None:
    matrix = SIZES + "## Targets\n| Title | Tiny | Mid | Large |\n|-|-|-|-|\n| A | 5/5 | | 3/5 |\n| B | 1/5 | 1/5 | |\n"
    assert changed(matrix, "A", "Mid", 0.8) == matrix.replace("| A | 5/5 | |", "| A | 5/5 | 4/5 |")
    listed = "## Targets\n- X\n\n## Champions\n- A, B, C\n"
    assert changed(listed, "B", "All sizes", 0.8) == "## Targets\n- X\n\n## Champions\n- A, C\n- B (4/5)\n"


def test_numbers_without_a_scale_keep_the_scale_that_they_are_read_by() -> None:
    text = "## Departments\n| Team | Score |\n|-|-|\n| Ops | 8 |\n| IT | 4 |\n"
    assert changed(text, "IT", "All sizes", 0.9) == text.replace("| 4 |", "| 9 |")
    with pytest.raises(EditRefused, match="would change another priority too"):
        changed(text, "Ops", "All sizes", 0.2)  # without the 8, the largest number, the 4 would be out of 5


@pytest.mark.parametrize("name", ["A|B", "*A* and _B_", "A [B]"])
def test_signs_that_mean_something_in_markdown_stay_part_of_a_name(name: str) -> None:
    text = "## Targets\n| Title | Priority |\n|-|-|\n| X | 5/5 |\n"
    new = edit.rename(text, read_form(text).rows[0], name)
    assert read_form(new).rows[0].name == name


def test_what_would_be_read_as_something_else_is_refused_and_nothing_changes() -> None:
    text = "## Targets\n- X\n\n**Champions:** A, B\n"
    with pytest.raises(EditRefused, match="would be read as something else on line 4"):
        edit.rename(text, read_form(text).rows[1], "A, C and D")
    with pytest.raises(EditRefused, match="can't be empty"):
        edit.rename(text, read_form(text).rows[0], "  ")
    with pytest.raises(EditRefused, match="the text has changed"):
        edit.rename("\n" + text, read_form(text).rows[0], "Y")
    with pytest.raises(EditRefused, match="is there already"):
        adding.add(text, "targets", "X", {"All sizes": 1.0})
    with pytest.raises(EditRefused, match="can't be taken out"):
        removing.remove("## Targets\n- CEO\n", read_form("## Targets\n- CEO\n").rows[0])


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_priority_off_the_scale_is_refused(value: float) -> None:
    with pytest.raises(EditRefused, match="between 0 and 5 out of 5"):
        changed("## Targets\n- A: 4/5\n", "A", "All sizes", value)


def test_a_priority_at_a_size_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(EditRefused, match="has no priority at “Tiny”"):
        changed("## Targets\n- A: 4/5\n", "A", "Tiny", 0.5)


def test_a_row_is_taken_out_with_its_line_and_a_name_with_its_comma() -> None:
    text = "## Targets\n- X\n- Head of\n  Sales\n\n**Champions:** A, B (4/5), and C\n"

    def left(name: str) -> str:
        return removing.remove(text, next(row for row in read_form(text).rows if row.name == name))

    assert left("Head of Sales") == text.replace("- Head of\n  Sales\n", "")
    assert left("B") == text.replace(", B (4/5)", "")
    assert left("A") == text.replace("A, ", "")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_first_of_its_kind_gets_a_section_with_the_line_ends_of_the_text(end: str) -> None:
    text = (SIZES + "## Targets\n- X\n").replace("\n", end)
    for kind in KINDS[1:]:
        values = {"Tiny": 0.8, "Mid": 0.6, "Large": 0.2} if kind in {"departments", "seniority"} else {"Mid": 0.6}
        sizes = ("Mid", "Large") if kind in {"hard", "soft"} else None
        new = adding.add(text, kind, '"Zebra" in the title', values if kind in adding.RATED else {}, sizes)
        assert len(read_form(new).of(kind)) == 1
        assert end == "\n" or "\n" not in new.replace("\r\n", "")
        assert removing.remove(new, read_form(new).of(kind)[0]).startswith(text.rstrip())
    assert read_form(adding.add("Targets: CEO\n", "hard", "HR")).names == ("All sizes",)
    assert read_form(adding.add_threshold("Targets: CEO\n", 65)).name == "Persona"
    scored = adding.add_threshold(text, 65)
    assert read_form(scored).threshold == 65
    assert read_form(removing.remove_threshold(scored)).threshold is None


def test_a_table_of_the_form_is_written_cell_by_cell_and_what_can_not_be_is_told() -> None:
    text = SIZES + "## Targets\n- X\n\n## Never contact\n- HR\n- Legal (only at Large)\n"
    done = grid.apply(text, "hard", None, {0: {"0": False}, 1: {"name": "Law", "0": True, "1": True}}, [{"name": "IT"}])
    assert done.refused == ()
    assert [(row.name, row.sizes) for row in read_form(done.text).of("hard")] == [
        ("HR", ("Mid", "Large")),
        ("Law", None),
        ("IT", None),
    ]
    done = grid.apply(text, "hard", None, {0: {"0": False, "1": False, "2": False}}, deleted=[1])
    assert "at least one size" in done.refused[0]
    assert [row.name for row in read_form(done.text).of("hard")] == ["HR"]
    shown = grid.grid_of(read_form(text), "targets", 1)
    assert shown.cells == ({"name": "X", "1": 5.0},)
    assert "needs a number" in grid.apply(text, "targets", 1, {0: {"1": None}}).refused[0]
    assert grid.apply(text, "targets", 1, {}, [{"name": " "}]).text == text


def test_a_text_from_the_browser_keeps_the_line_ends_that_it_had() -> None:
    old = "# A\r\n\r\n- x\n- y\r\n- z"
    assert keep_line_ends(old, "# A\n\n- x\n- y\n- z") == old
    assert keep_line_ends(old, "# A\n\n- x\n- new\n- y\n- z\n") == "# A\r\n\r\n- x\n- new\r\n- y\r\n- z\r\n"


def test_changes_are_told_in_words() -> None:
    old = (
        SIZES + "## Targets\n### Tiny\n- VP of Sales: 4/5\n- COO: 3/5\n\n## Never contact\n- HR\n\nMinimum score: 60\n"
    )
    new = old.replace("4/5", "5/5").replace("COO", "CFO").replace("- HR", "- HR (only at Mid)\n- IT")
    new = new.replace("score: 60", "score: 65").replace("- VP", "- CEO: 2/5\n- VP")
    assert differences(read_form(old), read_form(new)) == (
        "Contact from a score of: 60 → 65",
        "New: Whom to contact, CEO at 1–9, 2/5",
        "VP of Sales at 1–9: 4/5 → 5/5",
        "Whom to contact at 1–9: “COO” is now “CFO”",
        "Never contact, HR: every size → 10–249",
        "New: Never contact, IT, at every size",
    )
    assert differences(read_form(old), read_form("<!-- a note -->\n" + old)) == ()


def test_the_diff_numbers_the_lines_of_both_texts() -> None:
    old = "".join(f"line {number}\n" for number in range(1, 21))
    lines = diff_lines(old, old.replace("line 10\n", "line ten\nand more\n"), around=1)
    assert [(one.kind, one.old, one.new) for one in lines] == [
        ("gap", None, None),
        ("same", 9, 9),
        ("gone", 10, None),
        ("new", None, 10),
        ("new", None, 11),
        ("same", 11, 12),
        ("gap", None, None),
    ]
    assert diff_lines(old, old) == ()


def test_a_blank_persona_is_understood_whole() -> None:
    form = read_form(blank("Our buyers"))
    assert form.missed == ()
    assert form.name == "Our buyers"
    assert {row.kind for row in form.rows} == {"targets", "champions", "departments", "seniority", "hard", "soft"}
