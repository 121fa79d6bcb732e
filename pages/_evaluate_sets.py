"""Labelled sets: which one is looked at, and where the next one comes from.

``choose`` and ``show_upload`` are what the page calls; the set is ``set`` in its address, an upload ``draft``.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._evaluate_look import show_labels
from pages._evaluate_new import draw_drafts, draw_reviews, draw_sample, draw_uploader, open_set, reasons
from pages._evaluate_upload import show_upload
from ranker.evaluation.set_list import SetLine, delete_set, list_sets, rename_set
from ranker.store.engine import Database

__all__ = ["choose", "show_upload"]

SOURCES = {"upload": "uploaded", "reviews": "from your overrules", "sample": "sample"}


def choose(database: Database) -> int | None:
    """The chooser with all that can be done with a set, and what is in it; its number, None where there is no set.

    Without a set in the address it is the newest, and then it stands there.
    """
    sets = list_sets(database)
    if not sets:
        _first_visit(database)
        return None
    wanted = _ui.parameter("set")
    ids = [one.id for one in sets]
    if wanted is not None and wanted not in ids:
        st.warning("This labelled set is not here any more; the newest one is shown.", icon=":material/warning:")
    at = ids.index(wanted) if wanted in ids else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Labelled leads", range(len(sets)), index=at, format_func=lambda place: label(sets[place]),
            key=f"evaluate_set-{ids[at]}-{len(ids)}",
        )  # fmt: skip
        # Closed, it costs nothing: all that people said is read when it opens.
        add = st.popover("Add labelled leads", icon=":material/add:", key="evaluate_add", on_change="rerun")
        if add.open:
            with add:
                _ways(database, sets)
        with st.popover("This set", icon=":material/tune:"):
            _of_one(database, sets[at])
    if chosen != at:
        open_set(ids[chosen])
        st.rerun()
    if wanted != ids[at]:
        st.query_params["set"] = str(ids[at])
    _about(sets[at])
    draw_drafts(database)
    show_labels(database, ids[at])
    if len(sets) > 1:
        _all(sets)
    return ids[at]


def label(one: SetLine) -> str:
    """A set in a list: name, leads, companies, how old."""
    leads = f"{_ui.plural(one.leads, 'lead')} at {_ui.plural(one.companies, 'company', 'companies')}"
    return f"{one.name} · {leads} · {_ui.day(one.saved_at)}"


def _first_visit(database: Database) -> None:
    st.markdown(
        "Leads that a person has ranked show how good a persona or a prompt is, and whether a change makes it better. "
        "Write the rank of each lead in its company (1 = best), or “none” for one that must not be contacted."
    )
    draw_uploader(database)
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_sample(database, "Try it with labelled sample leads")
    draw_reviews(database)
    draw_drafts(database)


def _ways(database: Database, sets: Sequence[SetLine]) -> None:
    draw_uploader(database)
    if not any(one.source == "sample" for one in sets):
        draw_sample(database, "Add the labelled sample leads")
    draw_reviews(database)


def _about(one: SetLine) -> None:
    """What is in the set, in one line, and what it can't measure."""
    parts = [
        f"**{_ui.plural(one.leads, 'lead')}** at {_ui.plural(one.companies, 'company', 'companies')}",
        f"{_ui.number(one.ranked)} {'ranked' if one.ordered else 'relevant'}",
        f"{_ui.number(one.not_relevant)} not relevant",
        f"{_ui.plural(one.pairs, 'pair')} to compare",
        SOURCES.get(one.source, one.source) + _ui.by(one.who),
        _ui.ago(one.saved_at),
    ]
    st.markdown(" · ".join(parts))
    left = sum(one.left_out.values())
    if left:
        st.caption(f"{_ui.plural(left, 'row')} of {_ui.number(one.rows)} left out: {reasons(one.left_out)}.")
    if one.ranked and not one.ordered:
        st.info(
            "This set says who is to be contacted, and not who comes first: all relevant leads of a company share rank "
            "1. It measures precision, recall, F1 and the pairs of a relevant and a not relevant lead. The order among "
            "the relevant ones can't be measured with it.",
            icon=":material/info:",
        )
    if one.source == "reviews":
        st.caption(
            "People overrule what looks wrong, so these are the hard cases: figures are lower than on a set in which "
            "everybody of a company is labelled. Compare variants on it with each other, not with other sets."
        )
    if not one.pairs:
        st.warning(
            "No company here has two leads with different labels, so no order can be compared on this set.",
            icon=":material/warning:",
        )


def _all(sets: Sequence[SetLine]) -> None:
    with st.expander(f"All {len(sets)} labelled sets", icon=":material/list:"):
        st.dataframe(
            [
                {
                    "Name": one.name, "Leads": one.leads, "Companies": one.companies, "Ranked": one.ranked,
                    "Not relevant": one.not_relevant, "Pairs": one.pairs, "Left out": sum(one.left_out.values()),
                    "From": SOURCES.get(one.source, one.source), "By": one.who, "Saved": _ui.day(one.saved_at),
                    "Evaluations": one.evaluations,
                }
                for one in sets
            ],
            hide_index=True,
            height="content" if len(sets) < 10 else 380,
            alt="Labelled sets, the newest first",
        )  # fmt: skip


def _of_one(database: Database, one: SetLine) -> None:
    """Another name, or away with it."""
    name = st.text_input("Name", one.name, key=f"evaluate_name-{one.id}-{one.name}", max_chars=120)
    if st.button("Rename", key="evaluate_rename", icon=":material/edit:", disabled=name.strip() == one.name):
        with _ui.errors_shown():
            rename_set(database, one.id, name)
            st.rerun()
    st.divider()
    goes = f"{_ui.plural(one.leads, 'label')} and {_ui.plural(one.evaluations, 'evaluation')}"
    st.caption(
        f"Deleting this set deletes {goes}. The leads themselves, and their verdicts, stay, "
        "and so does what its runs cost, under Runs."
    )
    sure = st.checkbox("Yes, delete it", key=f"evaluate_sure-{one.id}")
    if st.button("Delete this set", key="evaluate_delete", icon=":material/delete:", disabled=not sure):
        with _ui.errors_shown():
            delete_set(database, one.id)
            open_set(None)
            st.rerun()
