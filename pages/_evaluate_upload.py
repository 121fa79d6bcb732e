"""Labelled leads that were uploaded and are not saved yet: how the file is read, what its labels mean, what is left
out and why. Nothing is saved before a person has seen it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._evaluate_new import open_set, reasons
from pages._import_mapping import understood
from pages._import_of import LABELLED
from ranker.evaluation.labelled import RANKS, LabelKind
from ranker.evaluation.set_draft import Draft, Read, get_draft
from ranker.evaluation.set_list import get_set
from ranker.evaluation.set_rows import REASONS
from ranker.evaluation.set_upload import change_draft, same_as, save_draft, throw_away
from ranker.store.engine import Database
from ranker.who import who

_MEANINGS = {
    "none": "Not relevant", "relevant": "Relevant, without a rank", "skip": "Nobody has judged it: leave out",
}  # fmt: skip
_LONGEST = 40
_NOTHING = {"blank", "-", "0"}  # nobody writes these of a lead that is relevant
_MOST_CHOICES = 12
"""Unclear labels that are offered to be settled; more of them are a wrong column, or rows to correct in the file."""


def show_upload(database: Database) -> None:
    """The draft of the address, drawn whole; it says so if it is gone."""
    draft_id = _ui.parameter("draft")
    with _ui.errors_shown():
        draft = get_draft(database, draft_id or 0)
        st.subheader(f"Labelled leads from {_ui.plain(draft.file_name)}", anchor=False)
        understood(draft, LABELLED)
        if draft.read is not None:
            _labels(database, draft, draft.read)
            _sums(draft.read)
            _left_out(draft.read)
            _save(database, draft, draft.read)
        if st.button("Throw this upload away", type="tertiary", icon=":material/delete:", key="draft_throw"):
            throw_away(database, draft.id)
            open_set(None)
            st.rerun()
        return
    if st.button("Choose another file", icon=":material/upload_file:"):
        open_set(None)
        st.rerun()


def _labels(database: Database, draft: Draft, read: Read) -> None:
    """How the labels are written and what each is taken for; the unclear ones are settled here."""
    st.subheader("What the labels mean", anchor=False)
    clear = [kind for kind in read.kinds if kind.clear and kind.written not in draft.meanings]
    unclear = [kind for kind in read.kinds if not kind.clear or kind.written in draft.meanings]
    st.dataframe(
        [
            {
                "Written as": kind.written,
                "Rows": kind.rows,
                "First in row": kind.first,
                "Taken as": kind.means[0].upper() + kind.means[1:],
            }
            for kind in [*clear, *unclear]
        ],
        hide_index=True,
        height="content" if len(read.kinds) < 9 else 320,
        alt="How labels are written in the file, and what each is taken for",
    )
    if read.all_kinds > len(read.kinds):
        st.caption(f"The first {len(read.kinds)} of {_ui.number(read.all_kinds)} ways to write a label.")
    if len(unclear) > _MOST_CHOICES:
        st.warning(
            f"{_ui.plural(read.all_kinds, 'different label')} in this column: is it the right one? You can choose "
            "another one above.",
            icon=":material/help:",
        )
    # A longer one is shown cut, and is no label that somebody settles: such a row is put right in the file.
    for kind in [kind for kind in unclear if len(kind.written) < _LONGEST][:_MOST_CHOICES]:
        _settle(database, draft, kind, ranked=any(one.written == RANKS for one in clear))


def _settle(database: Database, draft: Draft, kind: LabelKind, *, ranked: bool) -> None:
    now = draft.meanings.get(kind.written)
    options = [meaning for meaning in _MEANINGS if meaning != "relevant" or not (ranked or kind.written in _NOTHING)]
    chosen = st.segmented_control(
        f"“{_ui.plain(kind.written)}” in {_ui.plural(kind.rows, 'row')} means"
        + (" (please choose)" if kind.open else ""),
        options, default=now, format_func=_MEANINGS.__getitem__, key=f"draft_means-{draft.id}-{kind.written}-{now}",
        help=f"The first one is in row {kind.first}.",
    )  # fmt: skip
    if chosen != now:
        said = {label: meaning for label, meaning in draft.meanings.items() if label != kind.written}
        with _ui.errors_shown():
            with st.spinner("Reading the labels again"):
                change_draft(database, draft.id, meanings=said if chosen is None else {**said, kind.written: chosen})
            st.rerun()


def _sums(read: Read) -> None:
    """Rows = leads + rows left out, in words."""
    counts = read.counts
    left = f" + {_ui.number(sum(read.reasons.values()))} left out: {reasons(read.reasons)}" if read.reasons else ""
    st.markdown(f"**{_ui.plural(read.rows, 'row')}** = {_ui.plural(read.leads, 'labelled lead')}{left}")
    st.caption(
        f"{_ui.number(counts['ranked'])} ranked and {_ui.number(counts['not_relevant'])} not relevant at "
        f"{_ui.plural(counts['companies'], 'company', 'companies')}; {_ui.plural(counts['pairs'], 'pair')} of leads "
        "of one company with different labels, which is what an order is measured by."
    )


def _left_out(read: Read) -> None:
    """Each row that is not used, with its place and what to do."""
    left = sum(read.reasons.values())
    if not left:
        return
    with st.expander(f"{_ui.plural(left, 'row')} left out, and what to do", icon=":material/rule:"):
        st.dataframe(
            [
                {"Row": one.row, "Column": one.column, "Why": f"Rows {REASONS[one.reason]}", "What to do": one.said}
                for one in read.left_out
            ],
            hide_index=True,
            height="content" if len(read.left_out) < 9 else 320,
            alt="Rows that are left out, with the reason and what to do",
        )
        if left > len(read.left_out):
            st.caption(f"The first {len(read.left_out)} of {_ui.number(left)}.")


def _save(database: Database, draft: Draft, read: Read) -> None:
    """One button, and why it can't be clicked yet; a set that is there already is opened instead."""
    known = same_as(database, draft) if read.leads and not read.open else None
    if known is not None:
        st.info(
            f"The same leads with the same labels are saved already, as “{_ui.plain(get_set(database, known).name)}”.",
            icon=":material/content_copy:",
        )
    name = st.text_input("Name", _stem(draft.file_name), max_chars=120, key=f"draft_name-{draft.id}")
    problem = _problem(read.open, read)
    label = "Open that set" if known else f"Save {_ui.plural(read.leads, 'labelled lead')}"
    if st.button(label, type="primary", icon=":material/save:", disabled=bool(problem), key="draft_save"):
        with _ui.errors_shown():
            with st.spinner("Saving"):
                saved = save_draft(database, draft.id, name, who())
            open_set(saved.id)
            st.rerun()
    if problem:
        st.caption(problem)
    else:
        st.caption("A saved set never changes, so that figures on it stay comparable. The file itself is not kept.")


def _problem(open_kinds: Sequence[LabelKind], read: Read) -> str:
    if open_kinds:
        words = ", ".join(f"“{_ui.plain(kind.written)}”" for kind in open_kinds)
        return f"First say above what {words} means: not relevant, or nobody has judged it."
    return "" if read.leads else "No row of this file can be used as it is."


def _stem(file_name: str) -> str:
    return file_name.rpartition(".")[0] or file_name
