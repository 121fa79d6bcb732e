"""What the Outreach page shows, read from its address and written back to it, so that a refresh loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages import _clicks, _results_state, _ui
from pages._clicks import change
from ranker.outreach.run_sequences import SHOWN
from ranker.outreach.sequence import DEFAULT_MESSAGES, MOST_MESSAGES
from ranker.outreach.tone import Tone
from ranker.store.filters import Filters

WHO = ("top", "filter", "picked", "lead", "url")
FINER = ("rank", "score", "department", "seniority", "flag", "review", "overruled", "exported")
"""Filters of Results that hold here too, where somebody came from there with them."""
DEFAULT_TOP, MOST_TOP = 2, 50


@dataclass(frozen=True, slots=True)
class View:
    """The address in words.

    ``tone``: None where it says none; ``sequence``: the one that is read; ``beside``: the one it is compared with;
    ``another``: the run that writes another one for the same person. ``finer``: how many filters of Results hold that
    this page has no field for; ``picked``: leads that were ticked there.
    """

    who: str
    top: int
    filters: Filters
    sizes: tuple[str, ...]
    finer: int
    picked: tuple[int, ...]
    lead: int | None
    url: str
    skip: bool
    tone: Tone | None
    preset: str
    messages: int
    run: int | None
    sequence: int | None
    beside: int | None
    another: int | None
    show: str


def read_view() -> View:
    """Read the address; what makes no sense there is left out."""
    get = st.query_params.get
    lead, url = _ui.parameter("lead"), get("url", "")
    who = get("who", "")
    if who not in WHO:
        who = "lead" if lead is not None else "url" if url else "top"
    found = _results_state.read_view()
    return View(
        who=who,
        top=min(MOST_TOP, max(1, _ui.parameter("top") or DEFAULT_TOP)),
        filters=replace(found.filters, statuses=(), suppressed=None),
        sizes=found.sizes,
        finer=sum(bool(get(name)) for name in FINER),
        picked=found.picked,
        lead=lead,
        url=url,
        skip=get("again", "") != "1",
        tone=_tone(get("tone", "")) if get("tone", "") else None,
        preset=get("preset", ""),
        messages=min(MOST_MESSAGES, max(1, _ui.parameter("messages") or DEFAULT_MESSAGES)),
        run=_ui.parameter("run"),
        sequence=_ui.parameter("sequence"),
        beside=_ui.parameter("beside"),
        another=_ui.parameter("another"),
        show=get("show", "") if get("show", "") in SHOWN else "",
    )


def _tone(text: str) -> Tone:
    """``0.25,0.5,0.75`` → a tone; what is missing, no number or outside is taken as it can be."""
    given: dict[str, float] = {}
    for name, part in zip(Tone().as_json(), text.split(","), strict=False):
        try:
            given |= {name: Tone.of({name: float(part)})[0].as_json()[name]}
        except ValueError:
            continue
    return Tone.of(given)[0]


def tone_text(tone: Tone) -> str:
    """As it stands in the address."""
    return ",".join(f"{value:g}" for value in tone.as_json().values())


def bound(name: str, value: Any, shown_as: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """``key`` and ``on_change`` for a widget that shows ``value`` and writes the parameter ``name``."""
    return _clicks.bound(f"outreach_{name}", value, lambda shown: change(**{name: shown_as(shown)}))


def act(work: Callable[[], object], said: str) -> bool:
    """Do something on a click and say so; what fails is said too, and stays at the top."""
    return _clicks.act("outreach_said", work, said)


def say() -> None:
    """What the last click did."""
    _clicks.say("outreach_said")
