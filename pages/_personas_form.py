"""A draft as a form: tables whose every change is made at its one place in the text."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages import _ui
from pages._personas_state import again, attempt, learn, state_of, tell
from ranker.errors import PersonaMoved, RankerError
from ranker.personas.adding import RATED, add_threshold
from ranker.personas.describe import people
from ranker.personas.drafts import Draft, keep
from ranker.personas.edit import set_threshold
from ranker.personas.form import Form, Kind, read_form
from ranker.personas.grid import NAME, USUAL, Grid, apply, grid_of
from ranker.personas.removing import remove_threshold
from ranker.scoring.rules import DEFAULT_THRESHOLD
from ranker.store.engine import Database

_PARTS: dict[str, str] = {
    "titles": "Titles",
    "departments": "Teams",
    "seniority": "Levels",
    "out": "Leave out",
    "signals": "Signals",
    "score": "Score",
}
_TABLES: dict[Kind, tuple[str, str, str]] = {
    "targets": (
        "Whom to contact",
        "The most wanted have 5; 0 says that the title is not wanted at this size.",
        "Title",
    ),
    "champions": ("Champions", "They help to reach the buyers and come behind them.", "Title"),
    "departments": ("Teams that matter", "How much each team counts, out of 5, by the number of people.", "Team"),
    "seniority": ("Levels", "How much each level counts, out of 5, by the number of people.", "Level"),
    "hard": ("Never contact", "Held back at the sizes that are ticked, whatever else fits.", "Who"),
    "soft": ("Only as a last resort", "They end up behind everybody else at the sizes that are ticked.", "Who"),
    "positive": ("What raises a score", 'Words in quotes count where the line says "in the title".', "Sign"),
    "negative": ("What lowers a score", 'Words in quotes count where the line says "in the title".', "Sign"),
}

_COLUMN = 88


def draw_form(database: Database, draft: Draft) -> None:
    """One part of the form at a time."""
    form = read_form(draft.content)
    part = st.segmented_control(
        "Part", list(_PARTS), default="titles", format_func=_PARTS.__getitem__, key="personas_part", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if part == "titles":
        at = _size(form)
        for kind in ("targets", "champions"):
            _table(database, draft, form, kind, at)
    elif part == "out":
        for kind in ("hard", "soft"):
            _table(database, draft, form, kind)
    elif part == "signals":
        for kind in ("positive", "negative"):
            _table(database, draft, form, kind)
    elif part == "score":
        _score(database, draft, form)
    else:
        _table(database, draft, form, "seniority" if part == "seniority" else "departments")
    if part != "score":
        st.caption(
            "Click into a cell to change it, below the last row to add one; tick rows at the left to remove them."
        )


def _size(form: Form) -> int:
    brackets = form.brackets
    if len(brackets) == 1:
        return 0
    chosen = st.segmented_control(
        "At companies of so many people", range(len(brackets)), default=0, key="personas_at", required=True,
        format_func=lambda one: people(brackets[one]).removesuffix(" people"),
    )  # fmt: skip
    return min(int(chosen or 0), len(brackets) - 1)


def _table(database: Database, draft: Draft, form: Form, kind: Kind, bracket: int | None = None) -> None:
    title, hint, first = _TABLES[kind]
    grid = grid_of(form, kind, bracket)
    st.markdown(f"**{title}**")
    st.caption(hint)
    shared = [row.name for row in grid.rows if bracket is not None and len(row.values) > 1]
    key = f"personas_grid-{state_of(draft)}-{kind}-{bracket}"
    names = [NAME, *(str(one) for one in grid.columns)]
    st.data_editor(
        pd.DataFrame([[cells[one] for one in names] for cells in grid.cells], columns=names).astype({NAME: object}),
        num_rows="dynamic",
        column_config=_columns(form, grid, first),
        key=key,
        hide_index=True,
        alt=title if bracket is None else f"{title} at {people(form.brackets[bracket])}",
        on_change=_changed,
        args=(database, draft, kind, bracket, key),
    )
    if shared:
        st.caption(f"A new name holds at every size for: {_ui.plain(', '.join(shared[:6]))}{'…' if shared[6:] else ''}")


def _columns(form: Form, grid: Grid, first: str) -> dict[str, Any]:
    width = 260 if len(grid.columns) < 2 else 150
    columns: dict[str, Any] = {NAME: st.column_config.TextColumn(first, required=True, width=width)}
    for at in grid.columns:
        label = "Out of 5" if grid.bracket is not None else people(form.brackets[at]).removesuffix(" people")
        if grid.kind in RATED:
            columns[str(at)] = st.column_config.NumberColumn(
                label, min_value=0, max_value=5, step=0.1, format="%g", default=USUAL[grid.kind], width=_COLUMN
            )
        else:
            columns[str(at)] = st.column_config.CheckboxColumn(label, default=True, width=_COLUMN)
    return columns


def _changed(database: Database, draft: Draft, kind: Kind, bracket: int | None, key: str) -> None:
    """Make in the text what was done in the table, on the draft as the table showed it."""
    done = st.session_state[key]

    def work() -> None:
        edited = {int(at): cells for at, cells in done.get("edited_rows", {}).items()}
        outcome = apply(draft.content, kind, bracket, edited, done.get("added_rows", []), done.get("deleted_rows", []))
        for message in outcome.refused:
            tell("error", message)
        _keep(database, draft, outcome.text)
        if outcome.refused:
            again(draft)  # the table shows what the text says, not what could not be done

    attempt(work)


def _keep(database: Database, draft: Draft, text: str) -> None:
    try:
        learn(keep(database, draft.id, draft.revision, text))
    except PersonaMoved:
        tell("warning", "This draft was changed in another window, so yours was not made. Here is what it says now.")


def _score(database: Database, draft: Draft, form: Form) -> None:
    st.markdown("**Contact from**")
    usual = f"the text names no score, so the usual one holds: {DEFAULT_THRESHOLD:g}"
    st.caption(
        "People who score less, of 100, are left out." + ("" if form.threshold is not None else f" Now {usual}.")
    )
    key = f"personas_score-{state_of(draft)}"
    st.number_input(
        "Score, 0 to 100", 0.0, 100.0, DEFAULT_THRESHOLD if form.threshold is None else form.threshold, step=5.0,
        format="%g", key=key, width=200, on_change=_scored, args=(database, draft, form, key),
    )  # fmt: skip
    if form.threshold is not None:
        st.button(
            "Remove it from the text", key=f"personas_unscored-{draft.id}", icon=":material/delete:",
            on_click=lambda: attempt(lambda: _keep(database, draft, remove_threshold(draft.content))),
        )  # fmt: skip


def _scored(database: Database, draft: Draft, form: Form, key: str) -> None:
    def work() -> None:
        score = float(st.session_state[key])
        change = set_threshold if form.threshold is not None else add_threshold
        try:
            _keep(database, draft, change(draft.content, score))
        except RankerError:
            again(draft)
            raise

    attempt(work)
