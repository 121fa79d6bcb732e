"""One person beside the table: the verdict and why, how the title was read, what was said about them, every column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages import _ui
from pages._flags import flag_name
from pages._how_read import draw_how_read
from pages._results_act import draw_act
from pages._results_messages import draw_written
from pages._results_state import turn
from pages._results_table import status_text
from ranker.scoring.try_it import Chip, how_read
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail, lead_detail

_PROBLEMS = {
    "blank": "There is no title.",
    "email": "An e-mail address stands where the title belongs.",
    "url": "A web address stands where the title belongs.",
    "number": "A number stands there, no title.",
}
_SAID = {"in": "should be contacted", "out": "should not be contacted", "none": "taken back"}


def draw_lead(database: Database, lead_id: int, others: Sequence[int] = ()) -> None:
    """Everything about one lead; one that is gone says so. ``others``: the leads of the table, in their order."""
    close: dict[str, Any] = {"on_click": turn, "kwargs": {"lead": None}}
    with _ui.errors_shown():
        try:
            lead = lead_detail(database, lead_id)
        except Exception:
            st.button("Close", icon=":material/close:", **close)
            raise
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(lead.fields["full_name"] or "(no name)", anchor=False)
            with st.container(horizontal=True, width="content"):
                _neighbours(lead_id, others)
                st.button("Close", icon=":material/close:", type="tertiary", **close)
        _verdict(lead)
        draw_how_read(how_read(lead.fields["title"]), "##### How the rules read the title", _PROBLEMS, _told)
        _lines(lead)
        draw_act(database, lead)
        draw_written(database, lead)
        _history(lead)
        _columns(lead)


def _neighbours(lead_id: int, others: Sequence[int]) -> None:
    """The way through the table without the table; from one who has left it, to its first."""
    at = others.index(lead_id) if lead_id in others else -1
    for label, icon, to in (("Previous", "arrow_upward", at - 1), ("Next", "arrow_downward", at + 1)):
        there = 0 <= to < len(others)
        st.button(
            label, icon=f":material/{icon}:", type="tertiary", disabled=not there, key=f"results_lead_{label}",
            on_click=turn, kwargs={"lead": others[to] if there else lead_id},
        )  # fmt: skip


def _verdict(lead: LeadDetail) -> None:
    fields = lead.fields
    st.text(fields["title"] or "(no title)")
    st.caption(
        _ui.plain_line(
            " · ".join(part for part in (lead.company, _people(lead.company_size), fields["location"]) if part)
        )
    )
    row = lead.row
    if row is None:
        st.info("Not ranked yet.", icon=":material/hourglass_empty:")
        if st.button("Rank the new ones", icon=":material/sort:"):
            _ui.go(_ui.RANK, who="changed")
        return
    if row.review:
        entry = lead.reviews[0]
        note = f": “{_ui.plain_line(entry.note)}”" if entry.note else "."
        st.info(
            f"A person said: {_SAID[row.review]}{note} ({_ui.ago(entry.created_at)}{_ui.by(entry.who)})",
            icon=":material/person:",
        )
    told = [f"**{_ui.plain_line(status_text(row))}**"]
    if row.rank is not None:
        told.append(f"number **{row.rank}** in the company")
    if row.score is not None:
        told.append(f"score **{row.score:.1f}**")
    if row.confidence is not None and row.status != "not_judged":
        told.append(f"{row.confidence:.0%} sure")
    st.markdown(" · ".join(told))
    st.text(row.reasoning)
    if row.flags:
        st.markdown(" ".join(f":orange-badge[{flag_name(flag)}]" for flag in row.flags))
    fits = [("Team fits", row.department_fit), ("Level fits", row.seniority_fit)]
    st.caption(" · ".join(f"{name} {value:.0%}" for name, value in fits if value is not None))
    if row.stale:
        st.warning(
            "Title, company or size changed since this verdict. Rank again to judge what stands now.",
            icon=":material/update:",
        )
        if st.button("Rank what changed", icon=":material/sort:"):
            _ui.go(_ui.RANK, who="changed")
    if lead.exports:
        sent = lead.exports[0]
        times = "" if len(lead.exports) == 1 else f", {_ui.plural(len(lead.exports), 'time')} in all"
        st.caption(
            f":material/download_done: Exported {_ui.ago(sent.created_at)}{_ui.by(sent.who)} "
            f"in {_ui.plain_line(sent.file_name)}{times}."
        )


def _told(chip: Chip) -> str:
    meaning = chip.meaning if chip.kind in {"team", "level"} else flag_name(chip.value)
    return f"{meaning} ← “{_ui.plain(chip.words)}”"


def _lines(lead: LeadDetail) -> None:
    judged = lead.judged
    if judged is None:
        return
    if judged.basis:
        st.markdown("##### What the persona says")
        quotes = zip(judged.lines, judged.basis, strict=True)
        st.markdown("  \n".join(f"> {_ui.plain_line(quote)} (line {line})" for line, quote in quotes))
    where = f"Run {judged.run_id}"
    st.caption(f"{where}, for {_ui.plain_line(lead.persona)}" if lead.persona else where)


def _history(lead: LeadDetail) -> None:
    entries = len(lead.history) + len(lead.reviews)
    with st.expander(f"History ({_ui.plural(len(lead.history), 'run')})" if entries else "History"):
        if lead.history:
            st.dataframe(
                pd.DataFrame(
                    {
                        "Run": [entry.run_id for entry in lead.history],
                        "When": [_ui.ago(entry.ended_at) for entry in lead.history],
                        "By": [entry.who or "–" for entry in lead.history],
                        "Rank": pd.array([entry.rank for entry in lead.history], dtype="Int64"),
                        "Score": [entry.score for entry in lead.history],
                        "Why": [entry.reasoning for entry in lead.history],
                        "Title then": [entry.title for entry in lead.history],
                        "Size then": [entry.size for entry in lead.history],
                    }
                ),
                hide_index=True,
                placeholder="",
                alt="What each run said about this person",
            )
        else:
            st.caption("No run has judged this person yet.")
        for review in lead.reviews:
            note = f": {_ui.plain_line(review.note)}" if review.note else ""
            st.caption(
                f":material/person: {_ui.ago(review.created_at)}{_ui.by(review.who)}, {_SAID[review.verdict]}{note}"
            )
        for sent in lead.exports:
            place = "" if sent.rank is None else f", as number {sent.rank}"
            st.caption(
                f":material/download: {_ui.ago(sent.created_at)}{_ui.by(sent.who)}, "
                f"exported in {_ui.plain_line(sent.file_name)}{place}"
            )


def _columns(lead: LeadDetail) -> None:
    with st.expander("Every column", expanded=False):
        where = f"{lead.file_name}, row {_ui.number(lead.row_number)}" if lead.row_number else lead.file_name
        if where:
            st.caption(f"As in {_ui.plain_line(where)}")
        names = list(lead.original)
        st.dataframe(
            pd.DataFrame({"Column": names, "Value": [str(lead.original[name]) for name in names]}),
            hide_index=True,
            alt="Every column of the file for this person",
        )
        for name, old in lead.corrected.items():
            before, now = _ui.plain_line(old), _ui.plain_line(lead.fields[name])
            st.caption(f":material/edit: {name}: “{before}” in the file, now “{now}”")


def _people(size: str) -> str:
    return f"{size} people" if size else "size unknown"
