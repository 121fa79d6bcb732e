"""Before a version goes live: who comes in, who goes out, who moves on today's leads, each with both reasons."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages import _ui
from ranker.personas.catalog import PersonaText, live_version
from ranker.personas.version import persona_hash
from ranker.scoring.persona_preview import MOST_LEADS, Preview, Shift, leads_state, preview, seconds
from ranker.scoring.variants import engine_of, engine_of_text
from ranker.store.engine import Database
from ranker.store.overview import overview

AT_ONCE = 10_000
"""Leads up to which the numbers are there without a click."""
_PAGE = 500
_WORDS = {"in": "come in", "out": "go out", "moved": "move"}
_ONE = {"in": "comes in", "out": "goes out", "moved": "moves"}
_SIGNS = {"in": ":material/login:", "out": ":material/logout:", "moved": ":material/swap_vert:"}


def draw_preview(database: Database, persona_id: int, name: str, content: str) -> None:
    """The three numbers for a text against the version in use; a click on one opens its rows."""
    live = live_version(database, persona_id)
    if live.content == content:
        st.caption("This is the text in use: nothing would change.")
        return
    leads = overview(database).leads
    if not leads:
        st.caption(
            "There are no leads yet, so nothing would change. Import some to see what this version makes of them."
        )
        return
    asked = f"personas_asked-{persona_hash(content)}"
    if leads > AT_ONCE and not st.session_state.get(asked):
        wait = _ui.duration(seconds(database, leads))
        st.button(
            f"Judge {_ui.plural(min(leads, MOST_LEADS), 'lead')} by both versions, {wait}",
            icon=":material/calculate:", key="personas_judge",
            on_click=st.session_state.update, args=({asked: True},),
        )  # fmt: skip
        return
    with st.spinner(f"Judging {_ui.plural(min(leads, MOST_LEADS), 'lead')} by both versions…"):
        found = _judged(database, live, name, content)
    _numbers(found, live)


def _judged(database: Database, live: PersonaText, name: str, content: str) -> Preview:
    key = (str(database.engine.url), leads_state(database), live.id, persona_hash(content), name)
    return _kept(key, database, live, content, name)


@st.cache_resource(max_entries=4, ttl=600, show_spinner=False)  # it holds people's names: not for longer than needed
def _kept(key: tuple[object, ...], _database: Database, _live: PersonaText, _content: str, _name: str) -> Preview:
    return preview(_database, engine_of(_live), engine_of_text(_content, _name))


def _numbers(found: Preview, live: PersonaText) -> None:
    counts = {kind: len(found.of(kind)) for kind in ("in", "out", "moved")}
    told = ", ".join(_counted(kind, count) for kind, count in counts.items())
    st.markdown(f"**With this version {told}.**")
    where = f"{_ui.plural(found.judged, 'lead')} at {_ui.plural(found.companies, 'company', 'companies')}"
    notes = [
        f"Compared with version {live.version}, which is in use, on {where}; {_ui.number(found.same)} stay as they are."
    ]
    if not found.whole:
        notes.append(
            f"You have {_ui.number(found.leads)} leads at {_ui.number(found.all_companies)} companies: whole companies "
            "were chosen by a fixed rule, the same ones every time."
        )
    if found.held:
        notes.append(f"{_ui.plural(found.held, 'person', 'people')} on the do-not-contact list left out.")
    st.caption(" ".join(notes))
    kinds = [kind for kind, count in counts.items() if count]
    if not kinds:
        return
    shown = st.segmented_control(
        "Show them", kinds, key="personas_shift",
        format_func=lambda one: f"{_SIGNS[one]} {_counted(one, counts[one])}",
    )  # fmt: skip
    if shown:
        _rows(found.of(shown))


def _counted(kind: str, count: int) -> str:
    return f"{_ui.number(count)} {_ONE[kind] if count == 1 else _WORDS[kind]}"


def _rows(rows: Sequence[Shift]) -> None:
    page = 1
    if len(rows) > _PAGE:
        last = -(-len(rows) // _PAGE)
        page = int(st.number_input(f"Page, of {last}", 1, last, key=f"personas_shift_page-{len(rows)}", width=160))
    frame = pd.DataFrame(
        [
            {
                "Lead": one.name, "Company": one.company, "Title": one.title, "Size": one.size,
                "Now": _verdict(one, new=False), "Then": _verdict(one, new=True),
                "Why now": one.old.reasoning, "Why then": one.new.reasoning,
            }
            for one in rows[(page - 1) * _PAGE : page * _PAGE]
        ]
    )  # fmt: skip
    wide = dict(zip(frame.columns, (90, 120, 170, 70, 140, 140, 270, 270), strict=True))
    st.dataframe(
        frame,
        hide_index=True,
        key=f"personas_shifts-{len(rows)}-{page}",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in wide.items()},
        alt="Leads whose verdict changes, with the verdict and the reason now and then",
    )


def _verdict(one: Shift, *, new: bool) -> str:
    side = one.new if new else one.old
    if not side.contact:
        return "– Not contacted" if side.score is None else f"– Not contacted ({side.score:.1f})"
    score = "" if side.score is None else f", {side.score:.1f}"
    return f"✓ Contact, rank {side.rank}{score}"
