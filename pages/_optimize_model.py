"""The part of the form for a search that asks a model: what may change, the limits, what it takes at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from pages._rank_cost import usd_words
from pages._rank_how import How
from ranker.errors import LlmError
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings
from ranker.store.engine import Database
from ranker.templates.catalog import TemplateText, list_templates
from ranker.templates.catalog import versions as prompt_versions
from ranker.templates.tasks import task_of

if TYPE_CHECKING:
    from ranker.optimizer.optimization_estimate import Estimate
    from ranker.scoring.llm.variants import ModelChoice

PERSONA = "persona"


@dataclass(frozen=True, slots=True)
class Asked:
    """What may change, and how the model is asked. ``slot`` and ``template_version_id`` as ``optimize_run.start``."""

    slot: str
    template_version_id: int | None
    choice: ModelChoice
    max_calls: int | None


def choose_model(database: Database, how: How, like: OptimizationLine | None) -> Asked:
    """The slot, the version of its prompt where it is one, and the most calls."""
    from ranker.optimizer.llm_subject import slots_of  # the client behind it takes a second to load
    from ranker.optimizer.optimization_estimate import with_prompt
    from ranker.scoring.llm.variants import ModelChoice

    slots = slots_of(how.strategy)
    wanted = st.query_params.get("slot") or (like.slot if like else PERSONA)
    left, right = st.columns(2)
    slot = left.selectbox(
        "What may change", slots, index=slots.index(wanted) if wanted in slots else 0, format_func=_slot_words,
        key=f"optimize_slot-{how.strategy}-{wanted}",
    )  # fmt: skip
    version = None if slot == PERSONA else _choose_prompt(database, slot.partition(":")[2], right, like)
    calls = st.number_input(
        "Most calls in all", min_value=1, step=100, value=like.said.get("max_calls") if like else None,
        placeholder="no limit", key="optimize_calls", help="It stops before it could make one more.", width=240,
    )  # fmt: skip
    number = version.id if version else None
    choice = with_prompt(database, ModelChoice(how.strategy, how.settings), number)
    return Asked(slot, number, choice, None if calls is None else int(calls))


def _choose_prompt(
    database: Database, task: str, place: st.delta_generator.DeltaGenerator, like: OptimizationLine | None
) -> TemplateText:
    template = next(one for one in list_templates(database) if one.task == task)
    known = prompt_versions(database, template.id)
    wanted = like.start.id if like and like.start and like.task == task else template.live_version_id
    at = next((at for at, one in enumerate(known) if one.id == wanted), 0)
    chosen: TemplateText = place.selectbox(
        "From which version of the prompt", known, index=at, key=f"optimize_prompt-{task}-{wanted}",
        format_func=lambda one: f"Version {one.version}{' (in use)' if one.live else ''}",
    )  # fmt: skip
    return chosen


def _slot_words(slot: str) -> str:
    return "The persona" if slot == PERSONA else f"The prompt “{task_of(slot.partition(':')[2]).title}”"


def refused(asked: Asked) -> bool:
    """Whether nothing could be asked this way; it is said why."""
    from ranker.optimizer.optimization_estimate import check

    try:
        check(asked.choice)
    except LlmError as error:
        st.error(_ui.plain(error.message), icon=":material/error:")
        return True
    return False


def estimated(
    database: Database, set_id: int, version_id: int, asked: Asked, settings: Settings, parts: Split
) -> Estimate:
    """What it takes at most, counted once for the same choices."""
    from ranker.optimizer.optimization_estimate import decided_by

    with st.spinner("Putting the questions together, to see what they would cost"):
        found = decided_by(database, set_id, version_id, asked.choice, asked.slot, settings)
        return _counted(f"{database.engine.url!r} {found}", set_id, version_id, asked, settings, parts)


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(
    key: str, set_id: int, version_id: int, _asked: Asked, _settings: Settings, _parts: Split
) -> Estimate:  # fmt: skip
    from ranker.optimizer.optimization_estimate import estimate_search

    return estimate_search(_ui.database(), set_id, version_id, _asked.choice, _asked.slot, _settings, _parts)


def draw_estimate(found: Estimate, asked: Asked) -> None:
    """Calls, cost and time at most, and what a limit means."""
    usd, limit = found.usd, asked.choice.settings.max_usd
    st.markdown(
        f"At most about {_ui.plural(found.calls, 'call')}: {_ui.number(found.judging)} to judge texts "
        f"({_ui.number(found.a_text)} for one text at all companies), {_ui.number(found.thinking)} to find out what is "
        f"wrong and to mend it. **{usd_words(usd).capitalize()}**, {_ui.duration(found.seconds)}."
    )
    time = "The time is by how long this model took before." if found.measured else (
        "The time is assumed: this model has not been asked yet."
    )  # fmt: skip
    st.caption(f"Mostly it ends before, and answers that are there from before cost nothing again. {time}")
    short = limit is not None and usd is not None and usd > limit
    if short or (asked.max_calls is not None and asked.max_calls < found.calls):
        st.caption(
            "The limit may end it early. What was found until then is kept, and it is looked at where companies are "
            "held out. If nobody has looked at them, it can go on with a higher limit."
        )


def button_words(found: Estimate, asked: Asked) -> str:
    """``at most $0.42``, ``free``, ``cost unknown``."""
    limit = asked.choice.settings.max_usd
    if limit is not None and found.usd is not None and found.usd > limit:
        return f"at most {_ui.dollars(limit)}"
    words = usd_words(found.usd)
    return f"at most {words}" if words.startswith("about") else words
