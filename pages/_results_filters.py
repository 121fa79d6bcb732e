"""The filter bar: search, pills with counts, and the finer filters behind one button."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages import _ui
from pages._flags import flag_name
from pages._results_state import SIZES, STATUSES, View, bound, clear, size_name, size_of
from ranker.store.facets import Facets

_ASKED = {
    "review": ("Needs a look", "Leads where the ranking was not sure, and nobody has said yet."),
    "overruled": ("Overruled by a person", ""),
    "held": ("On the do-not-contact list", ""),
    "exported": ("Exported before", ""),
}


def draw_filters(view: View, counts: Facets, to_review: int) -> None:
    """Search, company, who; the rest in a pop-up that says how many of its filters are set."""
    filters = view.filters
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", placeholder="Name, title or company", icon=":material/search:", width=300,
            **bound("q", filters.search),
        )  # fmt: skip
        st.text_input("Company", placeholder="Part of its name", width=200, **bound("company", filters.company))
        with st.popover(_more_label(view), icon=":material/tune:"):
            _finer(view, counts, to_review)
        if view.active:
            st.button("Clear filters", icon=":material/filter_alt_off:", on_click=clear)
    by_status = {
        "contact": sum(counts.to_contact_by_size.values()),
        "not": counts.statuses.get("not_relevant", 0),
        "unjudged": counts.statuses.get("not_judged", 0),
        "rejected": counts.statuses.get("rejected", 0),
    }
    st.pills(
        "Who",
        [name for name in STATUSES if by_status[name] or name in ("contact", "not", view.status)],
        format_func=lambda name: f"{STATUSES[name]} {_ui.number(by_status[name])}",
        **bound("status", view.status or None),
    )


def _more_label(view: View) -> str:
    filters = view.filters
    shown = bool(filters.search) + bool(filters.company) + bool(view.status)
    hidden = view.active - shown
    return f"More filters ({hidden})" if hidden > 0 else "More filters"


def _flags(view: View, counts: Facets) -> None:
    """What was noticed, the most frequent first: too many choices for the bar."""
    chosen = view.filters.flag
    flags = list(dict.fromkeys([*counts.flags, *([chosen] if chosen else [])]))
    if flags:
        st.pills(
            "Noticed",
            flags,
            format_func=lambda flag: f"{flag_name(flag)} {_ui.number(counts.flags.get(flag, 0))}",
            **bound("flag", chosen or None),
        )


def _finer(view: View, counts: Facets, to_review: int) -> None:
    filters = view.filters
    by_size: Counter[str] = Counter()
    for (low, _), count in counts.sizes.items():
        by_size[size_of(low)] += count
    st.pills(
        "People at the company",
        [name for name in SIZES if by_size[name] or name in view.sizes],
        selection_mode="multi",
        format_func=lambda name: f"{size_name(name)} ({_ui.number(by_size[name])})",
        **bound("size", list(view.sizes), ",".join),
    )
    _flags(view, counts)
    low = int(filters.score_from or 0)
    high = 100 if filters.score_to is None else int(filters.score_to)
    st.slider(
        "Score", 0, 100,
        **bound("score", (min(low, high), high), lambda pair: "" if pair == (0, 100) else f"{pair[0]}-{pair[1]}"),
    )  # fmt: skip
    left, right = st.columns(2)
    left.slider(
        "Team fits at least (%)", 0, 100, step=5,
        **bound("department", round(100 * (filters.department_from or 0)), lambda value: value or ""),
    )  # fmt: skip
    right.slider(
        "Level fits at least (%)", 0, 100, step=5,
        **bound("seniority", round(100 * (filters.seniority_from or 0)), lambda value: value or ""),
    )  # fmt: skip
    st.number_input(
        "Rank in the company up to", 1, None, placeholder="Any rank", **bound("rank", filters.rank_to or None)
    )
    told = {"review": filters.needs_review, "overruled": filters.reviewed, "exported": filters.exported}
    told["held"] = filters.suppressed if "held" in st.query_params else None
    number = {
        "review": to_review, "overruled": counts.overruled, "held": counts.suppressed,
        "exported": counts.exported,
    }  # fmt: skip
    for name, (label, help_text) in _ASKED.items():
        value = told[name]
        st.segmented_control(
            f"{label} ({_ui.number(number[name])})",
            ["1", "0"],
            format_func={"1": "Only those", "0": "Not those"}.__getitem__,
            help=help_text or None,
            **bound(name, None if value is None else str(int(value))),
        )
