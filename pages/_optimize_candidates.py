"""The texts of an optimization as a table, and one of them: why it was made, what changed in it, where it gains."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._evaluate_words import HEADLINE, figure
from pages._optimize_words import FLATTERS, gain, unseen
from pages._personas_changes import draw_changes, draw_lines
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_read import Tree, Tried, company_changes, text_of
from ranker.store.engine import Database

_WIDTHS = {
    "Text": 45, "Generation": 78, "From": 45, HEADLINE: 140, "Gain, searched": 105, "In the beam": 80, "State": 80,
    "What was changed": 420, "Why": 420,
}  # fmt: skip
_STATES = {"evaluated": "tried", "proposed": "waits", "rejected": "rejected"}


def draw_candidates(database: Database, line: OptimizationLine, tree: Tree) -> None:
    """The table, and below it the text in the address (``text=7``)."""
    numbers = [number for number in tree.tried if number]
    if not numbers:
        return
    if not line.active:  # while it works, a row must stay where it is
        numbers = [number for number in tree.order if number]
        numbers += [number for number in tree.tried if number and number not in numbers]
    st.subheader("The texts that it tried", anchor=False)
    st.caption(f"Tick one to see why it was made and what changed. {FLATTERS} {unseen(line)}")
    wanted = _ui.parameter("text")
    key = f"optimize_texts_{line.id}"

    def write() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        open_text(numbers[rows[0]] if rows and rows[0] < len(numbers) else None)

    st.dataframe(
        pd.DataFrame([_row(tree.tried[number], line) for number in numbers]),
        hide_index=True,
        key=key,
        on_select=write,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [numbers.index(wanted)]}} if wanted in numbers else None,
        height=min(36 * len(numbers) + 38, 420),
        column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt="Every text that was proposed, with what was changed in it and why",
    )
    _choose(line, tree, numbers, wanted)
    if wanted in tree.tried and wanted:
        with _ui.errors_shown():
            draw_candidate(database, line, tree, tree.tried[wanted])


def open_text(number: int | None) -> None:
    """Put a text into the address, or none."""
    if number is None:
        st.query_params.pop("text", None)
    else:
        st.query_params["text"] = str(number)


def _choose(line: OptimizationLine, tree: Tree, numbers: list[int], wanted: int | None) -> None:
    """The same choice for those who don't tick."""
    st.session_state[f"optimize_text_{line.id}"] = wanted if wanted in numbers else None
    st.selectbox(
        "Look at one text", numbers, index=None, key=f"optimize_text_{line.id}", placeholder="Choose a text",
        format_func=lambda number: f"{number}: {tree.tried[number].edit}"[:120],
        on_change=lambda: open_text(st.session_state[f"optimize_text_{line.id}"]),
    )  # fmt: skip


def _row(one: Tried, line: OptimizationLine) -> dict[str, str]:
    proposed = " ★" if line.result and one.number == line.result.proposal else ""
    beams = "" if not one.beams else f"{one.beams[0]}" if len(one.beams) == 1 else f"{one.beams[0]}–{one.beams[-1]}"
    return {
        "Text": f"{one.number}{proposed}", "Generation": str(one.generation), "From": _from(one),
        HEADLINE: figure(one.standing.pairs_f1 if one.standing else None), "Gain, searched": gain(one.gain),
        "In the beam": beams, "State": _STATES.get(one.state, one.state),
        "What was changed": one.reason or one.edit, "Why": one.critique,
    }  # fmt: skip


def _from(one: Tried) -> str:
    return "start" if not one.parent else str(one.parent)


def draw_candidate(database: Database, line: OptimizationLine, tree: Tree, one: Tried) -> None:
    """One text: the critique, the edit, its figures, the difference to another text, its companies."""
    with st.container(border=True, key="optimize_candidate"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(f"Text {one.number}", anchor=False)
            st.button("Close", icon=":material/close:", type="tertiary", key="optimize_close", on_click=open_text,
                      args=(None,))  # fmt: skip
        st.markdown(f"**What was wrong:** {_ui.plain(one.critique)}  \n**What was changed:** {_ui.plain(one.edit)}")
        if one.reason:
            st.warning(f"It was not tried: {_ui.plain(one.reason)}", icon=":material/block:")
        start = tree.tried[0].standing
        if one.standing and start:
            st.markdown(
                f"{HEADLINE}: {figure(one.standing.pairs_f1)}, {gain(one.gain)} over the start, at the companies that "
                f"it was optimized on; that flatters it. {unseen(line)}"
            )
        _difference(database, line, one)
        _companies(line, tree, one)


def _difference(database: Database, line: OptimizationLine, one: Tried) -> None:
    sides = {"parent": f"Against {'the start' if not one.parent else f'text {one.parent}'}, from which it was made"}
    if one.parent:
        sides["start"] = "Against the start"
    side = "parent"
    if len(sides) > 1:
        asked = st.query_params.get("against", side)
        st.session_state["optimize_against"] = asked if asked in sides else side
        side = st.segmented_control(
            "What changed", list(sides), format_func=sides.__getitem__, required=True, key="optimize_against",
            on_change=lambda: st.query_params.update({"against": st.session_state["optimize_against"]}),
        )  # fmt: skip
    other = (one.parent or 0) if side == "parent" else 0
    draw_difference(line, text_of(database, line.id, other), text_of(database, line.id, one.number))


def draw_difference(line: OptimizationLine, old: str, new: str) -> None:
    """Two texts of the slot: a persona in words too, a prompt line by line."""
    if line.task:
        draw_lines(old, new)
    else:
        draw_changes(old, new)


def _companies(line: OptimizationLine, tree: Tree, one: Tried) -> None:
    if line.split is None or not one.standing:
        return
    held = line.split.held_out if line.looks else ()
    changes = company_changes(tree, one.number, line.split.training + held)
    better, worse = sum(each.change > 1e-9 for each in changes), sum(each.change < -1e-9 for each in changes)
    same = len(changes) - better - worse
    told = f"{_ui.plural(better, 'company', 'companies')} better, {worse} worse, {same} the same as at the start"
    with st.expander(told):
        st.dataframe(
            pd.DataFrame(
                {
                    "Company": [each.company for each in changes],
                    "Part": ["held out" if each.company in held else "searched" for each in changes],
                    "Start": [figure(each.base) for each in changes],
                    "This text": [figure(each.candidate) for each in changes],
                    "Change": [gain(each.change) for each in changes],
                }
            ),
            hide_index=True,
            alt=f"{HEADLINE} of text {one.number} at each company beside the start, the one that loses most first",
        )
