"""A persona's text as it was written, and beside it what was understood of it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages import _ui
from ranker.personas.describe import Described

# Colours that stay readable on both themes: the text keeps the theme's own colour, amber only tints its ground.
_STYLE = """<style>
.persona-text { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem;
  padding: .5rem 0; font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.persona-text div { display: grid; grid-template-columns: 3.2rem 1fr; padding-right: .75rem; }
.persona-text .n { text-align: right; padding-right: .75rem; opacity: .75; user-select: none; }
.persona-text .t { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.5em; }
.persona-text .amber { background: rgba(217, 140, 0, .22); border-left: 4px solid #b36b00; }
.persona-text .why { font: .8rem/1.4 sans-serif; padding: .1rem 0 .3rem; }
</style>"""


def draw_text(described: Described, *, heading: bool = True) -> None:
    """Every line with its number; what was not understood is amber, with a sign and the reason below."""
    if heading:
        st.subheader("As written", anchor=False)
    lines = []
    for line in described.text:
        text = f'<span class="n">{line.number}</span><span class="t">{escape(line.text)}</span>'
        why = "".join(
            f'<span></span><span class="why">⚠ Not understood: {escape(reason)}.</span>' for reason in line.whys
        )
        kind = "amber" if line.whys else "line"
        lines.append(f'<div class="{kind}" id="persona-line-{line.number}">{text}{why}</div>')
    with st.container(height=720, border=False, key="persona_written"):
        st.html(f'{_STYLE}<div class="persona-text">{"".join(lines)}</div>')


def draw_understood(described: Described) -> None:
    """What was not understood first, then section by section, each value with its line."""
    st.subheader("As understood", anchor=False)
    with st.container(height=720, border=False, key="persona_understood"):
        draw_missed(described, linked=True)
        for at, section in enumerate(described.sections):
            st.markdown(f"**{section.title}**")
            st.caption(section.hint)
            _table(("Line", *section.headers), section.rows, f"section_{at}")


def draw_missed(described: Described, *, linked: bool = False) -> None:
    """What was not understood, with its line and why, in amber; ``linked`` where the lines can be jumped to."""
    if not described.missed:
        st.success("Everything was understood.", icon=":material/check_circle:")
        return
    what = _ui.plural(len(described.missed), "place")
    lines = []
    for one in described.missed:
        line = f"[Line {one.line}](#persona-line-{one.line})" if linked else f"Line {one.line}"
        lines.append(f"- {line} “{_ui.plain(_short(one.text))}”: {_ui.plain(one.why)}.")
    told = "\n".join(lines)
    st.warning(f"{what} not understood, so nothing follows from them:\n\n{told}", icon=":material/warning:")


def _table(headers: tuple[str, ...], rows: object, key: str) -> None:
    frame = pd.DataFrame(rows, columns=list(headers)).astype({"Line": str})
    st.dataframe(
        frame,
        hide_index=True,
        key=f"personas_{key}",
        column_config={"Line": st.column_config.TextColumn(width=50)},
        alt=", ".join(headers),
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
