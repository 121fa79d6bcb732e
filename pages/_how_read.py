"""How a title was read: a badge for each thing that it says, with the words that say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages import _ui
from ranker.scoring.try_it import Chip, HowRead

_COLOURS = {"team": "blue", "level": "violet", "owner": "green", "note": "orange"}


def draw_how_read(read: HowRead, heading: str, problems: Mapping[str, str], told: Callable[[Chip], str]) -> None:
    """A heading and every role. ``problems``: what to say where no title stands; ``told``: the words of a badge."""
    st.markdown(heading)
    if read.problem:
        st.warning(problems.get(read.problem, read.problem), icon=":material/help:")
        return
    for role in read.roles:
        chips = [f":{_COLOURS.get(chip.kind, 'gray')}-badge[{told(chip)}]" for chip in role.chips]
        chips += [f":gray-badge[{what} unknown]" for what in role.missing]
        if role.employer:
            chips.append(f":gray-badge[at {_ui.plain(role.employer)}]")
        st.markdown(" ".join(chips))
    if not read.roles:
        st.caption("No role was found in it.")
    if read.unknown:
        st.caption(f"Words not known: {_ui.plain(', '.join(read.unknown))}")
    if read.slogans:
        st.caption(f"Read as a slogan: {_ui.plain(' · '.join(read.slogans))}")
