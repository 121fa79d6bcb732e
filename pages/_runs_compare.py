"""Two rankings side by side: who came in, went out and moved, and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._paging import draw_paging
from pages._runs_agree import draw_agreement
from ranker.store.compare_runs import LISTED, Comparison, Move, Side, count_moves, list_moves
from ranker.store.engine import Database
from ranker.store.run_list import get_run_line

PAGE_ROWS = 50
_ROW, _MOST_HEIGHT = 98, 860
_NAMES = {
    "in": "Came in",
    "out": "Went out",
    "moved": "Moved",
    "told": "Told differently",
    "failed": "Not judged",
    "gone": "Only in the first",
    "fresh": "Only in the second",
}
_STATUSES = {
    "ranked": "to contact",
    "not_relevant": "not to contact",
    "not_judged": "could not be judged",
    "rejected": "no company",
}


def draw_comparison(database: Database, old: int, new: int) -> None:
    """Counts that add up, then the leads of one kind with what both runs said."""
    found = count_moves(database, old, new)
    with st.container(border=True, key="runs_compared"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(f"Run {old} → run {new}", anchor=False)
            st.button("Close", icon=":material/close:", type="tertiary", on_click=_close, key="runs_close")
        first, second = get_run_line(database, old), get_run_line(database, new)
        draw_agreement(database, first, second)
        _sum(found)
        kinds = [kind for kind in LISTED if found.counts[kind]]
        if not kinds:
            st.success("Nobody came in, went out or moved.", icon=":material/check_circle:")
            return
        kind = _kind(kinds, found)
        _moves(database, old, new, kind, found.counts[kind])


def _sum(found: Comparison) -> None:
    counts = found.counts
    st.markdown(
        f"**{_ui.number(counts['in'])} came in, {_ui.number(counts['out'])} went out, "
        f"{_ui.number(counts['moved'])} moved.**"
    )
    both = sum(counts[kind] for kind in ("in", "out", "moved", "told", "same"))
    other = f", {_ui.number(counts['told'])} told differently" if counts["told"] else ""
    moved = "Moved: to contact in both, with another rank or score. " if counts["moved"] else ""
    rest = f"{_ui.number(counts['same'])} as before{other}"
    told = f"{moved}Of {_ui.plural(both, 'lead')} in both runs, the rest: {rest}."
    if counts["gone"] or counts["fresh"]:
        told += (
            f" {_ui.number(counts['gone'])} were only in the first run, "
            f"{_ui.number(counts['fresh'])} only in the second."
        )
    if counts["failed"]:
        told += f" {_ui.number(counts['failed'])} could not be judged by one of them, because a call failed."
    st.caption(told)


def _kind(kinds: list[str], found: Comparison) -> str:
    asked = st.query_params.get("kind", kinds[0])
    st.session_state["runs_kind"] = asked if asked in kinds else kinds[0]

    def write() -> None:
        st.query_params["kind"] = st.session_state["runs_kind"]
        st.query_params.pop("moves", None)

    st.segmented_control(
        "Who", kinds, required=True, key="runs_kind", on_change=write,
        format_func=lambda kind: f"{_NAMES[kind]} {_ui.number(found.counts[kind])}",
    )  # fmt: skip
    return str(st.session_state["runs_kind"])


def _moves(database: Database, old: int, new: int, kind: str, count: int) -> None:
    pages = max(1, -(-count // PAGE_ROWS))
    page = min(max(1, _ui.parameter("moves") or 1), pages)
    moves = list_moves(database, old, new, kind, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    st.caption("Tick a person to open them in Results.")
    chosen = st.dataframe(
        _frame(moves),
        hide_index=True,
        key=f"runs_moves_{old}_{new}_{kind}_{page}",
        on_select="rerun",
        selection_mode="single-row",
        row_height=_ROW,
        height=min(_MOST_HEIGHT, _ROW * len(moves) + 40),
        column_config={
            name: st.column_config.TextColumn(width=width)
            for name, width in {
                "Person": 130,
                "Company": 95,
                "Before": 80,
                "The first run said": 190,
                "After": 70,
                "The second run said": 190,
                "What made the difference": 150,
            }.items()
        },
        alt=f"{_NAMES[kind]}: what both runs said",
    )
    rows = chosen["selection"]["rows"]
    if rows:
        _ui.go(_ui.RESULTS, lead=moves[rows[0]].lead_id)
    draw_paging(page, pages, "runs_moves", parameter="moves")


def _frame(moves: list[Move]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Person": [f"{move.name or '(no name)'}, {move.side.title or '(no title)'}" for move in moves],
            "Company": [move.side.company for move in moves],
            "Before": [_said(move.old) for move in moves],
            "The first run said": [move.old.reasoning if move.old else "" for move in moves],
            "After": [_said(move.new) for move in moves],
            "The second run said": [move.new.reasoning if move.new else "" for move in moves],
            "What made the difference": [move.why for move in moves],
        }
    )


def _said(side: Side | None) -> str:
    if side is None:
        return "not in this run"
    score = "" if side.score is None else f" ({side.score:.1f})"
    if side.held:
        return f"do not contact{score}"
    if side.rank is not None:
        return f"rank {side.rank}{score}"
    return f"{_STATUSES.get(side.status, side.status)}{score}"


def _close() -> None:
    for name in ("run", "with", "kind", "moves"):
        st.query_params.pop(name, None)
