"""Try it: one title at one size or at all; the verdict with its sentence, and how the title was read."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._how_read import draw_how_read
from ranker.personas.sizes import range_text
from ranker.scoring.assessment import Assessment
from ranker.scoring.reasons import people
from ranker.scoring.rules import RulesEngine
from ranker.scoring.try_it import ALL_SIZES, Chip, how_read, try_title

MOST_TITLES = 100
_PROBLEMS = {
    "blank": "There is no title.",
    "email": "This is an e-mail address, no job title.",
    "url": "This is a web address, no job title.",
    "number": "This is a number, no job title.",
}


def draw_try(engine: RulesEngine) -> None:
    """The two fields, and the verdicts as soon as there is a title; both fields stand in the address."""
    with st.container(border=True, key="persona_try"):
        st.subheader("Try it", anchor=False)
        left, right = st.columns([3, 2])
        with left:
            typed = _titles()
        with right:
            size = _size(engine)
        titles = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
        if not titles:
            st.caption("Write one job title or several to see what this persona says of them, and why.")
            return
        with _ui.errors_shown():
            if len(titles) > 1:
                _many(engine, titles[:MOST_TITLES], size)
                if len(titles) > MOST_TITLES:
                    st.caption(f"The first {MOST_TITLES} titles are judged.")
                return
            for trial in try_title(engine, titles[0], size):
                _verdict(trial.label, trial.assessment)
            draw_how_read(how_read(titles[0]), "**How the title was read**", _PROBLEMS, _told)


def _titles() -> str:
    kept = st.query_params.get("title", "")
    if st.session_state.get("personas_several", "\n" in kept):
        typed = st.text_area(
            "Job titles, one a line", kept, max_chars=3_000, height=120, placeholder="VP of Sales\nHead of Sales",
            key="personas_titles", on_change=_keep, args=("title", "titles"),
        )  # fmt: skip
    else:
        typed = st.text_input(
            "Job title", kept, max_chars=300, placeholder="VP of Sales",
            key="personas_title", on_change=_keep, args=("title",),
        )  # fmt: skip
    st.toggle("Several titles at once", value="\n" in kept, key="personas_several")
    return typed


def _many(engine: RulesEngine, titles: list[str], size: str) -> None:
    rows = [
        {
            "Title": title,
            "At": trial.label,
            "Verdict": _word(trial.assessment),
            "Score": trial.assessment.score,
            "Why": trial.assessment.reasoning,
        }
        for title in titles
        for trial in try_title(engine, title, size)
    ]
    wide = {"Title": 220, "At": 140, "Verdict": 150, "Why": 520}
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="personas_tried",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in wide.items()}
        | {"Score": st.column_config.NumberColumn(format="%.1f", width=70)},
        alt="The verdict on each title at each size, with its reason",
    )


def _word(found: Assessment) -> str:
    if found.qualified is None:
        return "? Could not be judged"
    return "✓ Contact" if found.qualified else "– Do not contact"


def _size(engine: RulesEngine) -> str:
    brackets = engine.persona.brackets
    labels = {ALL_SIZES: "All sizes"} | {range_text(one.low, one.high): people(one) for one in brackets}
    asked = st.query_params.get("size", ALL_SIZES)
    options = list(labels) if asked in labels else [*labels, asked]
    return st.selectbox(
        "Company size",
        options,
        index=options.index(asked),
        format_func=lambda one: labels.get(one, f"{one} people"),
        accept_new_options=True,
        key="personas_size",
        on_change=_keep,
        args=("size",),
        help="Choose one, or write a number such as 120.",
    )  # type: ignore[return-value]


def _keep(name: str, field: str = "") -> None:
    value = st.session_state[f"personas_{field or name}"]
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _verdict(label: str, found: Assessment) -> None:
    if found.qualified is None:
        badge = ":orange-badge[:material/help: Could not be judged]"
    elif found.qualified:
        badge = ":green-badge[:material/check: Contact]"
    else:
        badge = ":gray-badge[:material/block: Do not contact]"
    score = "" if found.score is None else f" **{found.score:.1f}** of 100"
    look = " :orange-badge[:material/visibility: Please look]" if found.needs_review else ""
    lines = f" (line {', '.join(map(str, found.lines))})" if found.lines else ""
    st.markdown(f"{_ui.plain(label)} · {badge}{score}{look}  \n{_ui.plain(found.reasoning)}{lines}")


def _told(chip: Chip) -> str:
    sure = "" if chip.sure == 1 else f", {chip.sure:.0%} sure"
    return f"{chip.meaning} ← “{_ui.plain(chip.words)}”{sure}"
