"""What changes between two texts of a persona: in words, and line by line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages import _ui
from pages._personas_state import open_comparison, open_version
from pages._versions import choose_two
from ranker.errors import PersonaError
from ranker.personas.catalog import PersonaText, list_versions
from ranker.personas.differences import differences
from ranker.personas.form import read_form
from ranker.personas.line_diff import diff_lines
from ranker.personas.word_diff import Piece, word_marks

# The signs say what the colours say; both grounds leave the theme's own text readable.
_STYLE = """<style>
.persona-diff { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem;
  padding: .5rem 0; font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.persona-diff div { display: grid; grid-template-columns: 3rem 3rem 1.5rem 1fr; padding-right: .75rem; }
.persona-diff .n { text-align: right; padding-right: .5rem; opacity: .75; user-select: none; }
.persona-diff .t { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.5em; }
.persona-diff .gone { background: rgba(200, 60, 50, .16); }
.persona-diff .new { background: rgba(30, 140, 70, .18); }
.persona-diff b { font-weight: 700; text-decoration: underline; text-underline-offset: 2px; border-radius: 2px; }
.persona-diff .gone b { background: rgba(200, 60, 50, .28); }
.persona-diff .new b { background: rgba(30, 140, 70, .32); }
.persona-diff .gap { opacity: .75; font-style: italic; }
</style>"""
_SIGNS = {"same": " ", "gone": "−", "new": "+", "gap": "…"}


def draw_changes(old: str, new: str) -> None:
    """Words first, then the lines that went and came."""
    if old == new:
        st.caption("Nothing is changed yet.")
        return
    try:
        told = differences(read_form(old), read_form(new))
    except PersonaError:
        told = ()
        st.caption("One of the two texts can't be read as a persona, so only their lines can be compared.")
    else:
        if told:
            st.markdown("\n".join(f"- {_ui.plain(one)}" for one in told))
        else:
            st.markdown("Only the wording changes: leads are judged as before.")
    with st.expander("Line by line", expanded=len(told) <= 12):
        draw_lines(old, new)


def draw_lines(old: str, new: str) -> None:
    """The lines of two texts that went and came, with the words in them that changed."""
    found = diff_lines(old, new)
    lines = "".join(
        f'<div class="{one.kind}"><span class="n">{one.old or ""}</span><span class="n">{one.new or ""}</span>'
        f'<span>{_SIGNS[one.kind]}</span><span class="t">{_words(pieces)}</span></div>'
        for one, pieces in zip(found, word_marks(found), strict=True)
    )
    st.html(f'{_STYLE}<div class="persona-diff">{lines}</div>')


def _words(pieces: Sequence[Piece]) -> str:
    return "".join(f"<b>{escape(one.text)}</b>" if one.changed else escape(one.text) for one in pieces)


def draw_comparison(old: PersonaText, new: PersonaText) -> None:
    """Two versions, to choose others."""
    st.title("Compare versions", anchor=False)

    def named(one: PersonaText) -> str:
        own = one.name + ", " if one.persona_id != new.persona_id else ""
        return f"{own}version {one.version}{' (in use)' if one.live else ''}, {_ui.day(one.created_at)}"

    choose_two("compare", old, new, list_versions(_ui.database(), new.persona_id), named, open_comparison)
    draw_changes(old.content, new.content)
    st.button(f"Open version {new.version}", icon=":material/open_in_new:", on_click=open_version, args=(new.id,))
