"""A persona edited at random through its form: text and form never disagree, and every edit changes one place."""

import difflib
import random
from collections import Counter
from typing import Any

import pytest

from ranker.errors import EditRefused
from ranker.personas import adding, edit, removing
from ranker.personas.form import Form, Row, read_form
from ranker.personas.line_diff import Change, change_between

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
        model.rows.append([kind, name, values, sizes, ""])
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
