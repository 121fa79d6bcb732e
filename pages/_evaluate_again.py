"""The same variant on the same labels again: the rest of one that ended too early, or one more repeat.

Whatever asks a model says before what that takes, and how much it may cost at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _rank_cost, _ui
from ranker.errors import RankerError
from ranker.evaluation import eval_run
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine
from ranker.store.run_queries import get_run
from ranker.who import who

if TYPE_CHECKING:
    from ranker.scoring.llm.estimate import Estimate
    from ranker.scoring.llm.variants import ModelChoice


def draw_go_on(database: Database, line: EvalLine) -> None:
    """For one that ended too early: answers that came are kept."""
    if not line.run.persona:
        st.caption("Its persona was removed, so that it can't be gone on with.")
    elif not line.run.decided.is_model:
        if st.button("Go on", icon=":material/play_arrow:", key=f"evaluate_again_{line.run.id}"):
            _by_rules(database, line, repeat=False)
    else:
        st.caption("Answers that came are kept: going on asks, and pays, only for the rest. No other provider is asked "
                   "in its place, because that would be another variant.")  # fmt: skip
        with st.popover("Go on", icon=":material/play_arrow:"):
            _by_model(database, line, repeat=False)


def draw_repeat(database: Database, line: EvalLine) -> None:
    """For one that is done: once more, to see how steady it is."""
    label, icon = "Run it again, to see how steady it is", ":material/replay:"
    if not line.run.persona:
        return
    if not line.run.decided.is_model:
        if st.button(label, icon=icon, key="evaluate_repeat"):
            _by_rules(database, line, repeat=True)
        return
    with st.popover(label, icon=icon), _ui.errors_shown():
        st.caption("The model is asked anew: kept answers are not used.")
        _by_model(database, line, repeat=True)


def _by_rules(database: Database, line: EvalLine, *, repeat: bool) -> None:
    assert line.run.version_id is not None
    with _ui.errors_shown():
        eval_run.start(database, line.set_id, line.run.version_id, who(), again=repeat)
        st.rerun()


def _by_model(database: Database, line: EvalLine, *, repeat: bool) -> None:
    """The estimate, the limit and the button, within what is opened for it."""
    from ranker.scoring.llm.variants import again  # the client behind it takes a second to load

    run = get_run(database, line.run.id)
    limit = st.number_input(
        "Most it may cost, in dollars", min_value=0.0, step=1.0, format="%.2f", value=run.max_usd,
        placeholder="no limit" if run.max_usd is None else f"{run.max_usd:,.2f}, as before",
        key=f"evaluate_limit_{run.id}",
    )  # fmt: skip
    try:
        choice, version_id = again(database, run, limit)
        choice = eval_run.alone(choice)
        found = estimated_on(database, line.set_id, version_id, choice)
    except RankerError as error:
        st.info(_ui.plain(error.message), icon=":material/info:")
        return
    _rank_cost.draw_estimate(found, choice.settings.max_usd, kept=not repeat)
    label = f"{'Ask again' if repeat else 'Ask the rest'} ({_rank_cost.button_words(found, choice.settings.max_usd)})"
    if not _rank_cost.refused(choice) and st.button(label, type="primary", key=f"evaluate_ask_{run.id}"):
        with _ui.errors_shown():
            eval_run.start(database, line.set_id, version_id, who(), choice, again=repeat)
            st.rerun()


def estimated_on(database: Database, set_id: int, version_id: int, choice: ModelChoice) -> Estimate:
    """What a variant would ask on a set; counted once for the same persona, prompts, model and pace."""
    from ranker.evaluation.eval_estimate import set_decided_by

    with st.spinner("Putting the questions together, to see what they would cost"):
        key = f"{database.engine.url!r} {set_decided_by(database, set_id, version_id, choice)}"
        return _counted(key, set_id, version_id, choice)


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(key: str, set_id: int, version_id: int, _choice: ModelChoice) -> Estimate:
    from ranker.evaluation.eval_estimate import estimate_set

    return estimate_set(_ui.database(), set_id, version_id, _choice)
