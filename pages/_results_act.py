"""What a person can do about one lead: overrule, put a title or a size right, do not contact."""

from __future__ import annotations

import streamlit as st

from pages._results_state import act
from ranker.ingest.corrections import update_lead
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from ranker.who import who


def draw_act(database: Database, lead: LeadDetail) -> None:
    """Three closed boxes, so that nothing is done by a slip."""
    if lead.row is not None:
        _overrule(database, lead)
    _correct(database, lead)
    _hold(database, lead)


def _overrule(database: Database, lead: LeadDetail) -> None:
    row, key = lead.row, f"results_note_{lead.lead_id}"
    assert row is not None

    def say(verdict: str, said: str) -> None:
        note = str(st.session_state.get(key, ""))
        if act(lambda: review_lead(database, lead.lead_id, verdict, note, who()), said):
            st.session_state[key] = ""

    undecided = row.needs_review and not row.review  # whoever agrees says so too, or it would be asked for ever
    with st.container(border=True):
        st.markdown("##### We were not sure: what do you say?" if undecided else "##### Not right?")
        st.text_input("Why (optional)", key=key, max_chars=500, placeholder="For whoever looks at this next")
        with st.container(horizontal=True):
            if undecided or (row.review != "in" and (row.status != "ranked" or row.review)):
                st.button(
                    "Should be contacted", icon=":material/thumb_up:", on_click=say,
                    args=("in", "Noted: to contact. The company was ranked again, and the next run keeps to it."),
                )  # fmt: skip
            if undecided or (row.review != "out" and (row.status != "not_relevant" or row.review)):
                st.button(
                    "Should not be contacted", icon=":material/thumb_down:", on_click=say,
                    args=("out", "Noted: not to contact. The company was ranked again, and the next run keeps to it."),
                )  # fmt: skip
            if row.review:
                st.button(
                    "Take it back", icon=":material/undo:", on_click=say,
                    args=("none", "Taken back: the ranking's own verdict counts again."),
                )  # fmt: skip


def _correct(database: Database, lead: LeadDetail) -> None:
    with st.expander("Put the title or the size right", icon=":material/edit:", key=f"results_fix_{lead.lead_id}"):
        for field, label, help_text in (
            ("title", "Job title", None),
            ("size", "People at the company", "Such as 51-200 or 35. It holds for everybody at this company."),
        ):
            now = lead.fields[field]
            key = f"results_fix_{field}_{lead.lead_id}_{now}"
            with st.form(f"{key}_form", border=False):
                st.text_input(label, now, key=key, help=help_text)
                st.form_submit_button(f"Save the {field}", on_click=_save, args=(database, lead.lead_id, field, key))


def _save(database: Database, lead_id: int, field: str, key: str) -> None:
    value = str(st.session_state[key])
    act(
        lambda: update_lead(database, lead_id, field, value),
        f"The {field} is saved. Rank again to judge by it.",
    )


def _hold(database: Database, lead: LeadDetail) -> None:
    if lead.suppressed:
        st.caption(":material/block: On the do-not-contact list: held out of ranks and exports. Settings has the list.")
        return
    fields = lead.fields
    person = fields["linkedin_url"] or fields["full_name"]
    choices = {
        "person": (f"This person ({fields['full_name']})", person),
        "email": (f"The address {fields['email']}", fields["email"]),
        "company": (f"Everybody at {lead.company}", lead.company),
        "domain": (f"Everybody at {fields['domain']}", fields["domain"]),
    }
    choices = {kind: choice for kind, choice in choices.items() if choice[1].strip()}
    with st.expander("Do not contact", icon=":material/block:"):
        if not choices:
            st.caption("There is no name, address or company to put on the list.")
            return
        kind = st.radio(
            "Whom", list(choices), format_func=lambda kind: choices[kind][0], key=f"results_hold_{lead.lead_id}"
        )
        st.button(
            "Put on the do-not-contact list",
            on_click=act,
            args=(
                lambda: add_many(database, [(kind, choices[kind][1])], "from Results"),
                f"On the do-not-contact list: {choices[kind][1]}. Held out of ranks and exports from now on.",
            ),
        )
