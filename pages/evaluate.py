"""Evaluate: which variant is better, on leads that a person labelled: a picture, a table, then one or two of them."""

from __future__ import annotations

import streamlit as st

from pages import _evaluate_sets, _ui
from pages._evaluate_board import MOST_TICKED, draw_picture, draw_table
from pages._evaluate_run import draw_open
from pages._evaluate_start import draw_start
from ranker.evaluation.leaderboard import leaderboard
from ranker.store.engine import Database


def main() -> None:
    database = _ui.database()
    st.title("Evaluate", anchor=False)
    if _ui.parameter("draft") is not None:
        _evaluate_sets.show_upload(database)
        return
    set_id = _evaluate_sets.choose(database)
    if set_id is not None:
        _on_set(database, set_id)


def _on_set(database: Database, set_id: int) -> None:
    board = leaderboard(database, set_id)
    if not board.entries:
        st.markdown("Nothing is evaluated on these leads yet. Choose a version of a persona, and see how far it agrees "
                    "with the labels, and how sure that is.")  # fmt: skip
    draw_open(database, board.open)
    started = bool(board.entries or board.open)
    with st.expander("Evaluate a version", icon=":material/add:", expanded=not started), _ui.errors_shown():
        draw_start(database, set_id, board.leads)
    if board.entries:
        draw_picture(board)
        draw_table(board, _chosen())


def _chosen() -> list[int]:
    """The runs in the address (``runs=4,7``)."""
    return [int(part) for part in st.query_params.get("runs", "").split(",") if part.isdecimal()][:MOST_TICKED]


with _ui.errors_shown():
    main()
