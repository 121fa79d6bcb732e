"""What would become (or became) of every row: five numbers that open their rows, and what looks wrong."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages import _ui
from pages._import_mapping import LABELS
from ranker.ingest.corrections import Fix, fix_cells
from ranker.ingest.preview import FIX_FIELD, PreviewRow, preview_rows
from ranker.ingest.problems import OUTCOMES
from ranker.ingest.rejects_file import rejects_file, rejects_name
from ranker.ingest.staged import StagedImport

PAGE_ROWS = 10  # what is worth a look stands below, and must be seen before the click
MOST_FIXES = 50
ICONS = {
    "new": ":material/add_circle:", "changed": ":material/edit:", "unchanged": ":material/check:",
    "repeated": ":material/content_copy:", "rejected": ":material/block:",
}  # fmt: skip
MEANING = {
    "new": "People we did not know.",
    "changed": "People we know, about whom this file says something else.",
    "unchanged": "People we know, about whom this file says nothing new.",
    "repeated": "The same person as in an earlier row of this file: the first one counts.",
    "rejected": "Rows that can't be imported. Mend them in this file, and upload it.",
}


def outcomes(staged: StagedImport) -> None:
    """The five numbers as tabs, each with its rows."""
    filled = next((name for name in OUTCOMES if staged.counts.get(name)), OUTCOMES[0])
    shown = st.segmented_control(
        "Rows",
        OUTCOMES,
        default=filled,
        required=True,
        format_func=lambda name: f"{ICONS[name]} {name} **{_ui.number(staged.counts.get(name, 0))}**",
        key=f"outcome-{staged.id}",
        label_visibility="collapsed",
    )
    count = staged.counts.get(shown, 0)
    if not count:
        st.caption(f"No row is {shown}.")
        return
    st.caption(MEANING[shown])
    place = st.container()
    pages = -(-count // PAGE_ROWS)
    page = st.pagination(pages, key=f"page-{staged.id}-{shown}-{pages}") if pages > 1 else 1
    rows, _ = preview_rows(_ui.database(), staged, outcome=shown, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    with place:
        st.dataframe(
            [_line(row) for row in rows],
            hide_index=True,
            height="content",
            placeholder="",
            column_config={"Row": st.column_config.NumberColumn(width=60)},
            alt=f"Rows of the file that are {shown}",
        )
    if shown == "rejected":
        for kind in staged.problems:
            if kind["code"] == "rejected":
                st.caption(f"**{_ui.number(kind['count'])}** × {kind['message']} {kind.get('mend', '')}")
        name, media = rejects_name(staged)
        st.download_button(
            f"Download {_ui.plural(count, 'rejected row')}",
            data=lambda: rejects_file(_ui.database(), staged),
            file_name=name,
            mime=media,
            icon=":material/download:",
            on_click="ignore",
        )


def _line(row: PreviewRow) -> dict[str, Any]:
    shown: dict[str, Any] = {"Row": row.number}
    if row.changes:
        name = [LABELS.get(name, name) for name, _, _ in row.changes]
        shown["What changes"] = ", ".join(name)
        shown["Before"] = " · ".join(before or "(blank)" for _, before, _ in row.changes)
        shown["After"] = " · ".join(after or "(blank)" for _, _, after in row.changes)
    if row.outcome in {"repeated", "rejected"} or row.reason:
        shown["Why"] = row.reason
    shown |= {"Name": row.person, "Job title": row.fields.get("title", "")}
    return shown | {"Company": row.fields.get("company_name", ""), "Size": row.fields.get("size", "")}


def problems(staged: StagedImport) -> None:
    """What looks wrong, by kind; a title or a size is put right here."""
    found = [kind for kind in staged.problems if kind["code"] != "rejected"]
    if not found:
        return
    st.subheader("Worth a look", anchor=False)
    st.caption(
        "These rows were imported as they are: Results has a place to put a title or a size right."
        if staged.state == "done"
        else "These rows are imported as they are, unless you put them right."
    )
    for kind in found:
        field = FIX_FIELD.get(kind["code"])
        label = kind["message"] + (": fix here" if field and staged.state != "done" else "")
        with st.expander(label, icon=":material/warning:"):
            if kind.get("mend") and (not field or staged.state != "done"):
                st.caption(kind["mend"])
            rows, total = preview_rows(_ui.database(), staged, problem=kind["code"], limit=MOST_FIXES)
            if total > len(rows):
                st.caption(f"The first {len(rows)} of {_ui.number(total)}.")
            if field and staged.state != "done":
                _editor(staged, kind["code"], field, rows)
            else:
                st.dataframe([_line(row) for row in rows], hide_index=True, placeholder="", alt=kind["message"])


def _editor(staged: StagedImport, code: str, field: str, rows: list[PreviewRow]) -> None:
    import pandas as pd

    label = LABELS[field]
    before = pd.DataFrame(
        {
            "Name": [row.person for row in rows],
            "Company": [row.fields.get("company_name", "") for row in rows],
            **({"Job title": [row.fields.get("title", "") for row in rows]} if field != "title" else {}),
            label: [row.fields.get(field, "") for row in rows],
        },
        index=pd.Index([row.number for row in rows], name="Row"),
        dtype=str,
    )
    with st.form(f"fix-{staged.id}-{code}", border=False):
        after = st.data_editor(
            before,
            disabled=[name for name in before.columns if name != label],
            key=f"cells-{staged.id}-{code}-{len(rows)}-{rows[0].number}",
            alt=f"Rows whose {label.lower()} can be put right",
        )
        if not st.form_submit_button("Save what I changed", icon=":material/save:"):
            return
    changed = {
        int(number): str(new or "").strip()
        for number, old, new in zip(before.index, before[label], after[label], strict=True)
        if (new or "") != old
    }
    if not changed:
        st.info(f"Nothing was changed yet: put the {label.lower()} right in the table first.")
        return
    with _ui.errors_shown():
        with st.spinner(f"Saving {_ui.plural(len(changed), 'correction')} and checking again"):
            fix_cells(_ui.database(), staged.id, [Fix(number, field, value) for number, value in changed.items()])
        st.rerun()
