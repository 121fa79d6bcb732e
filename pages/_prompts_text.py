"""A prompt's text with its lines, what is wrong with it, and the variables that it can use."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages import _ui
from ranker.templates.checks import Problem
from ranker.templates.parts import SPLIT
from ranker.templates.tasks import task_of

# The text keeps the theme's own colour; amber and blue only tint its ground.
_STYLE = """<style>
.prompt-text { font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.prompt-text div { display: grid; grid-template-columns: 2.6rem 1fr; padding-right: .75rem; }
.prompt-text.sent div { grid-template-columns: 1fr; padding-left: .75rem; }
.prompt-text .n { text-align: right; padding-right: .75rem; opacity: .75; user-select: none; }
.prompt-text .t { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.5em; }
.prompt-text .amber { background: rgba(217, 140, 0, .22); border-left: 4px solid #b36b00; }
.prompt-text .split { background: rgba(50, 110, 210, .14); }
</style>"""
_PARTS = {"system": "the same for all leads of a size:", "user": "another for each request:"}
_OF_OPTIMIZING = {"system": "the same for all requests about one text:", "user": "another for each request:"}
_OF_WRITING = {
    "analyse": {"system": "the same for everybody at companies of a size:", "user": "another for each person:"},
    "write": {"system": "the same for everybody who is written to at once:", "user": "another for each person:"},
}


def draw_text(content: str, problems: Sequence[Problem], height: int = 640) -> None:
    """Every line with its number; those with a problem are amber, the one between the parts is blue."""
    wrong = {one.line for one in problems}
    lines = []
    for number, line in enumerate(content.rstrip("\n").split("\n"), start=1):
        kind = "amber" if number in wrong else "split" if line == SPLIT else "line"
        lines.append(f'<div class="{kind}"><span class="n">{number}</span><span class="t">{escape(line)}</span></div>')
    with st.container(height=height, border=True, key="prompts_written"):
        st.html(f'{_STYLE}<div class="prompt-text">{"".join(lines)}</div>')


def draw_sent(text: str, key: str) -> None:
    """A part of a prompt as it is sent, word for word."""
    with st.container(height=380, border=True, key=key):
        st.html(f'{_STYLE}<div class="prompt-text sent"><div><span class="t">{escape(text)}</span></div></div>')


def draw_problems(content: str, problems: Sequence[Problem]) -> None:
    """What keeps the text from being saved, then what is only to be known; each with its line."""
    errors = [one for one in problems if one.error]
    warnings = [one for one in problems if not one.error]
    lines = content.split("\n")
    if errors:
        what = _ui.plural(len(errors), "thing")
        st.error(f"{what} to mend before it can be saved:\n\n{_listed(errors, lines)}", icon=":material/error:")
    if warnings:
        st.warning(f"To be known:\n\n{_listed(warnings, lines)}", icon=":material/warning:")
    if not problems:
        st.success("No problem was found.", icon=":material/check_circle:")


def _listed(problems: Sequence[Problem], lines: Sequence[str]) -> str:
    return "\n".join(f"- {_where(one, lines)}{_ui.plain(one.words)}" for one in problems)


def _where(one: Problem, lines: Sequence[str]) -> str:
    if one.line is None:
        return ""
    said = lines[one.line - 1].strip() if one.line <= len(lines) else ""
    return f"Line {one.line}, “{_ui.plain(said if len(said) <= 60 else f'{said[:57].rstrip()}…')}”: "


def draw_variables(task: str) -> None:
    """The names that can be used, in which part, and what they hold."""
    st.subheader("What can be used", anchor=False)
    parts = _OF_WRITING.get(task) or (_PARTS if task_of(task).variable("persona") else _OF_OPTIMIZING)
    for part, where in (("system", "Above"), ("user", "Below")):
        st.markdown(f"**{where} the line “{_ui.plain(SPLIT)}”**, {parts[part]}")
        st.markdown(
            "\n".join(
                f"- `{one.name if one.fields else f'{{{{ {one.name} }}}}'}`: {_ui.plain(one.holds)}"
                for one in task_of(task).variables
                if one.part == part
            )
        )
    one, many = ("fact", "facts") if task_of(task).variable("facts") else ("lead", "leads")
    st.caption(
        _ui.plain(
            f"Rows are written whole, such as {{% for {one} in {many} %}}{{{{ {one} | row }}}}{{% endfor %}}: so "
            "nothing in a title can pass for an instruction."
        )
    )
