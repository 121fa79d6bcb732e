"""What an optimization found: may a gain be claimed, and where; which changes and why; what they move; the decision."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import streamlit as st

from pages import _ui
from pages._evaluate_words import HEADLINE, figure
from pages._optimize_candidates import draw_difference
from pages._optimize_decision import draw_decision, draw_next
from pages._optimize_words import FLATTERS, compared, gain, sure
from pages._personas_live import draw_preview
from ranker.optimizer import optimize_run
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_read import Tree, text_of
from ranker.optimizer.optimization_result import Compared, Result
from ranker.store.engine import Database
from ranker.who import who

_WIDTHS = {
    "Where": 290, "Companies": 85, "Start": 65, "New": 65, "Difference": 85, "95% sure": 130, "Could show": 95,
}  # fmt: skip
_NORMAL = "That is a normal end: most texts are hard to better, and with few companies luck looks like a gain."


def draw_proposal(database: Database, line: OptimizationLine, tree: Tree) -> None:
    """The verdict first, then the figures, the changes, what they move, and the two buttons."""
    result = line.result
    assert result is not None
    _verdict(line, result)
    _figures(line, tree, result)
    _looks(database, line, result)
    if not result.proposal or result.proposal not in tree.tried:
        draw_next(line)
        return
    _changes(database, line, tree, result)
    _today(database, line, result)
    draw_decision(database, line, result)


def _verdict(line: OptimizationLine, result: Result) -> None:
    if result.gain and result.unseen:
        st.success(
            f"**A gain of {_ui.plain(compared(result.unseen))} at companies that the search did not see.** That is "
            f"more than luck explains. ({HEADLINE}, 0 to 1)",
            icon=":material/trending_up:",
        )
    else:
        better = "" if result.proposal else " The version that is there stays."
        st.info(f"**{_ui.plain(result.words)}** {_NORMAL}{better}", icon=":material/balance:")
    st.caption(f"{_ui.plain(result.why)} {_ui.plain(result.ended_words)}")


def _figures(line: OptimizationLine, tree: Tree, result: Result) -> None:
    """The honest figures first; that of the companies that were searched last, and called what it is."""
    rows = []
    opened = line.looks[0].comparison if line.looks else None
    if result.unseen and opened and result.nested:
        rows.append(_row("Not seen by the search, all of them", result.unseen))
    if result.nested:
        rows.append(_row("Left out in turn, by searches like this", result.nested))
    for look in line.looks:
        again = "" if look.number == 1 else f", look {look.number}"
        if look.comparison:
            rows.append(_row(f"Held out to the end, this very text{again}", look.comparison))
    start, new = (tree.tried[at].standing if at in tree.tried else None for at in (0, result.proposal))
    if start and new and line.split and result.proposal:
        rows.append(
            {
                "Where": "Searched: it was optimized on these", "Companies": _ui.number(len(line.split.training)),
                "Start": figure(start.pairs_f1), "New": figure(new.pairs_f1), "Difference": gain(line.training_gain),
                "95% sure": "it flatters", "Could show": "",
            }
        )  # fmt: skip
    if rows:
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, key="optimize_figures",
            column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
            alt=f"{HEADLINE}: the start and the new text, by companies",
        )  # fmt: skip
        last = f" Last row: {FLATTERS[:1].lower()}{FLATTERS[1:]}" if rows[-1]["95% sure"] == "it flatters" else ""
        st.caption(f"{HEADLINE}, each company counting once.{last}")


def _row(where: str, found: Compared) -> dict[str, str]:
    return {
        "Where": where, "Companies": _ui.number(len(found.companies)), "Start": figure(found.base),
        "New": figure(found.candidate), "Difference": gain(found.difference), "95% sure": sure(found),
        "Could show": "–" if found.detectable is None else f"about {found.detectable:.2g}",
    }  # fmt: skip


def _looks(database: Database, line: OptimizationLine, result: Result) -> None:
    """When and by whom the held-out companies were looked at; a further look is possible, and recorded."""
    held = len(line.split.held_out) if line.split else 0
    if not held or not result.proposal:
        return
    for look in line.looks:
        st.caption(f"{_ui.plain(look.words)} Looked at {_ui.ago(look.at)}{_ui.by(look.who)}.")
    if len(line.looks) > 1 or any(look.number > 1 for look in line.looks):
        st.warning(
            "The held-out companies were looked at more than once. From the second time on they are no longer "
            "companies that nobody has seen, so they are no evidence.",
            icon=":material/visibility:",
        )
    if line.decision or line.run.state != "done":
        return
    some = _ui.plural(held, "company", "companies")
    label = f"Look at the {some} held out" if not line.looks else f"Look once more at the {some} held out"
    help_ = "It is recorded, with your name. Only the first look is one at companies that nobody has seen."
    if st.button(label, icon=":material/visibility:", type="tertiary", key="optimize_look", help=help_):
        with _ui.errors_shown():
            optimize_run.ask_opening(database, line.id, who())
            st.rerun()


def _changes(database: Database, line: OptimizationLine, tree: Tree, result: Result) -> None:
    steps = list(pairwise(tree.lineage(result.proposal)))
    st.subheader("What it would change", anchor=False)
    if len(steps) > 1:
        draw_difference(line, text_of(database, line.id, 0), text_of(database, line.id, result.proposal))
        st.markdown(f"**How it came to that, in {len(steps)} steps, and why**")
    for at, (old, new) in enumerate(steps, start=1):
        one = tree.tried[new]
        left, right = st.columns([2, 3], gap="medium")
        with left:
            st.markdown(f"**{at}. {_ui.plain(one.edit)}**")
            st.markdown(f"Why: {_ui.plain(one.critique)}")
        with right:
            draw_difference(line, text_of(database, line.id, old), text_of(database, line.id, new))


def _today(database: Database, line: OptimizationLine, result: Result) -> None:
    st.subheader("What it would move on today's leads", anchor=False)
    if line.model:
        st.caption(
            "Only the model could tell, and it would have to be asked about every lead, which costs. Once the new text "
            "is live, rank some leads and compare that run with the last one on the page Runs."
        )
    elif line.start is None:
        st.caption("The persona was removed, so there is nothing to compare with.")
    else:
        new = text_of(database, line.id, result.proposal)
        draw_preview(database, line.start.owner_id, line.start.name, new)
