"""One optimization: followed from the database while it works, and afterwards what it found and how it got there."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._evaluate_words import figure
from pages._optimize_candidates import draw_candidates
from pages._optimize_ended import draw_ended
from pages._optimize_pictures import draw_generations
from pages._optimize_proposal import draw_proposal
from pages._optimize_spent import draw_asking, spent
from pages._optimize_tree import draw_tree
from pages._optimize_words import gain, set_of, start_of, unseen, what_of
from ranker.optimizer import optimize_run
from ranker.optimizer.optimization_list import OptimizationLine, get_optimization
from ranker.optimizer.optimization_read import Progress, Tree, read_progress, read_tree
from ranker.store.engine import Database
from ranker.store.run_queries import get_run

_VIEWS = {"found": "What it found", "search": "How it got there"}


def draw_optimization(database: Database, run_id: int) -> None:
    """One optimization, whatever it is doing."""
    line = get_optimization(database, run_id)
    _head(line)
    if line.active:
        searching = read_progress(database, line).search == 0
        st.fragment(_following, run_every=1)(database, run_id, searching)
        # The checks add nothing to the pictures, which take longer to draw than all the rest.
        st.fragment(_watching, run_every=2 if searching else None)(database, run_id)
        return
    draw_ended(database, line)
    tree = read_tree(database, line)
    if line.result is None or _view() == "search":
        _search(database, line, tree)
    else:
        draw_proposal(database, line, tree)


def _view() -> str:
    """The half in the address (``view=search``); a text that is open belongs to the second one."""
    usual = "search" if _ui.parameter("text") is not None else "found"
    asked = st.query_params.get("view", usual)
    st.session_state["optimize_view"] = asked if asked in _VIEWS else usual

    def write() -> None:
        st.query_params["view"] = st.session_state["optimize_view"]

    st.segmented_control(
        "Show", list(_VIEWS), format_func=_VIEWS.__getitem__, required=True, key="optimize_view", on_change=write,
        label_visibility="collapsed",
    )  # fmt: skip
    return str(st.session_state["optimize_view"])


def _head(line: OptimizationLine) -> None:
    st.subheader(f"Optimization {line.id}: {_ui.plain(start_of(line))}", anchor=False)
    settings = line.settings
    told = [
        _ui.plain(what_of(line)), f"labelled leads “{_ui.plain(set_of(line))}”",
        f"{_ui.plural(settings.generations, 'generation')} of {settings.variants} texts, beam {settings.beam}",
        f"asked for {_ui.ago(line.run.queued_at)}{_ui.by(line.run.who)}",
    ]  # fmt: skip
    if not line.active and line.run.seconds:
        told.append(f"worked for {_ui.duration(line.run.seconds)}")
    split = f"  \n{_ui.plain(line.split.words)}" if line.split else ""
    st.caption(f"{' · '.join(told)}{split}")


def _following(database: Database, run_id: int, searching: bool) -> None:
    """What is read again every second: how far it is, and what was just tried."""
    with _ui.errors_shown():
        line = get_optimization(database, run_id)
        run, progress, tree = get_run(database, run_id), read_progress(database, line), read_tree(database, line)
        if not line.active or (searching and progress.search):
            st.rerun()
        st.progress(run.share * 0.98, _phase(line, run.state, run.phase, progress))
        st.markdown(" · ".join(_counts(line, tree, progress)))
        if line.model:
            draw_asking(database, run)
        if st.button("Cancel", icon=":material/close:", key="optimize_cancel"):
            optimize_run.cancel(database, run_id)
            st.rerun()
        stops = " Cancelling asks nothing further; calls under way still end, and count." if line.model else ""
        st.caption(f"You can leave this page or close it: it goes on, and this page finds it again.{stops}")
        _newest(progress)


def _watching(database: Database, run_id: int) -> None:
    with _ui.errors_shown():
        line = get_optimization(database, run_id)
        _search(database, line, read_tree(database, line))


def _phase(line: OptimizationLine, state: str, phase: str, progress: Progress) -> str:
    if state == "queued" and not progress.newest:
        return "Waiting for its turn"
    if phase == "opening":
        return "Looking at the companies held out"
    if not progress.search:
        if not progress.generation:
            return "Trying the text that is there now"
        return f"Generation {progress.generation} of {line.settings.generations}"
    folds = line.split.folds if line.split else ()
    left_out = len(folds[progress.search - 1]) if progress.search <= len(folds) else 0
    without = f", without {_ui.plural(left_out, 'company', 'companies')}" if left_out else ""
    at = f"search {progress.search} of {progress.searches - 1}{without}"
    return f"Checking it: {at}, generation {progress.generation}"


def _counts(line: OptimizationLine, tree: Tree, progress: Progress) -> list[str]:
    told = [f"{_ui.plural(progress.evaluated, 'text')} tried, at most {_ui.number(progress.most)}"]
    if progress.rejected:
        told.append(f"{_ui.number(progress.rejected)} rejected without a try")
    if tree.order:
        best = tree.tried[tree.order[0]]
        if best.number:
            told.append(f"best so far {figure(best.standing.pairs_f1)}, {gain(best.gain)} where it searches (what it "
                        "gains elsewhere is told at the end)")  # fmt: skip
        else:
            told.append("none is better than the start so far")
    return [*told, spent(line)]


def _newest(progress: Progress) -> None:
    one = progress.newest
    if one is None:
        return
    state = {"proposed": "being tried", "evaluated": "tried"}.get(one.state, f"rejected: {one.reason}")
    with st.container(border=True, key="optimize_newest"):
        st.markdown(f"**Just now** ({_ui.plain(state)})  \n{_ui.plain(one.critique)}  \n→ **{_ui.plain(one.edit)}**")


def _search(database: Database, line: OptimizationLine, tree: Tree) -> None:
    """The chart, the tree and the texts."""
    if not tree.tried:
        st.caption(f"No text was tried. {unseen(line)}" if not line.active else "The first figures come in a moment.")
        return
    st.subheader("By generation", anchor=False)
    draw_generations(line, tree, f"optimize_generations_{line.id}")
    st.subheader("Which text came from which", anchor=False)
    chosen = _ui.parameter("text")
    if chosen is None and line.result:
        chosen = line.result.proposal or None
    draw_tree(line, tree, chosen, f"optimize_tree_{line.id}")
    draw_candidates(database, line, tree)
