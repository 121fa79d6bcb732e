"""How it is written: by a model, with what it would cost, or from templates, which says so plainly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from pages._outreach_state import bound
from pages._rank_how import with_what
from ranker.llm.settings import Settings
from ranker.scoring.llm.offer import offer

if TYPE_CHECKING:
    from ranker.outreach.outreach_model import OutreachModel

SENT = (
    "your text about us, the persona, and of each person the name, job title, company name, domain, size, industry, "
    "place and what the ranking said; no email addresses, no phone numbers, no profile addresses"
)


@dataclass(frozen=True, slots=True)
class How:
    """``settings`` of the model, None for templates; ``fallback``: a template may stand in where a call fails."""

    settings: Settings | None
    fallback: bool

    def model(self) -> OutreachModel | None:
        """The model as a run takes it; None for templates."""
        if self.settings is None:
            return None
        from ranker.outreach.outreach_model import OutreachModel  # the client behind it takes a second to load

        return OutreachModel(self.settings)


def choose_how() -> How:
    """The choice that stands in the address (``how=templates``); without a key there is none."""
    st.markdown("##### How")
    found = offer()
    if found.settings is None:
        _without(found.wrong)
        return How(None, fallback=False)
    now = "templates" if st.query_params.get("how", "") == "templates" else "model"
    how = st.radio(
        "How", ("model", "templates"), format_func={"model": "A model", "templates": "Templates"}.__getitem__,
        captions=["writes for each person; **not tried live**", "free, filled from what is known, marked as templates"],
        label_visibility="collapsed", **bound("how", now, lambda one: "" if one == "model" else one),
    )  # fmt: skip
    if how == "templates":
        return How(None, fallback=False)
    settings = with_what(found.settings, SENT)
    fallback = st.checkbox(
        "If a call fails, put a template in its place (marked)",
        **bound("fallback", st.query_params.get("fallback", "") == "1", lambda one: "1" if one else ""),
    )
    return How(settings, bool(fallback))


def _without(wrong: str) -> None:
    if wrong:
        st.warning(f"No language model can be asked: {_ui.plain(wrong)}", icon=":material/key:")
    st.info(
        "**From templates**, filled from what is known of each person. They are marked as templates wherever they "
        "stand. With a key a language model writes instead (not tried live).", icon=":material/draft:",
    )  # fmt: skip
    _ui.link(_ui.SETTINGS, "See what is set" if wrong else "Set up a key", ":material/key:")
