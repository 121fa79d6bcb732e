"""Evaluate: which variant is better, on leads that a person labelled: a picture, a table, then one or two of them."""

from __future__ import annotations

import streamlit as st

from pages import _evaluate_sets, _ui
from pages._evaluate_board import MOST_TICKED, draw_picture, draw_table
from pages._evaluate_one import draw_one
from pages._evaluate_run import draw_open
from pages._evaluate_start import draw_start
from pages._evaluate_two import draw_more, draw_two
from ranker.evaluation.leaderboard import Leaderboard, leaderboard
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine


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
    started = bool(board.entries or board.open)
    if not started:
        st.markdown("Nothing is evaluated on these leads yet. Choose a version of a persona, and see how far it agrees "
                    "with the labels, and how sure that is.")  # fmt: skip
    draw_open(database, board.open)
    asked = bool(st.query_params.keys() & {"versions", "how"})
    with st.expander("Evaluate a version", icon=":material/add:", expanded=asked or not started), _ui.errors_shown():
        draw_start(database, set_id, board)
    if board.entries:
        chosen = _chosen(board)
        draw_picture(board)
        draw_table(board, [line.run.id for line in chosen])
        with _ui.errors_shown():
            _below(database, board, chosen)


def _chosen(board: Leaderboard) -> list[EvalLine]:
    """The evaluations in the address (``runs=7,4``), in that order; of an older repeat the variant's newest."""
    newest = {run_id: one.line for one in board.entries for run_id in one.runs}
    numbers = [int(part) for part in st.query_params.get("runs", "").split(",") if part.isdecimal()][:MOST_TICKED]
    chosen = {newest[number].run.id: newest[number] for number in numbers if number in newest}
    return list(chosen.values())


def _below(database: Database, board: Leaderboard, chosen: list[EvalLine]) -> None:
    if len(chosen) == 1:
        draw_one(database, chosen[0])
    elif len(chosen) == 2:
        draw_two(database, *chosen)
    elif chosen:
        in_order = [one.line for one in board.entries if one.line in chosen]
        base = next((line for line in in_order if line.live), chosen[-1])  # of several in use, the best
        draw_more(database, [line for line in chosen if line is not base], base)


with _ui.errors_shown():
    main()
