"""What was understood of a file, each part with the means to correct it."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.ingest.header_names import FIELDS
from ranker.ingest.stage import restage
from ranker.ingest.staged import FileColumn, StagedImport

LABELS = {
    "company": "Company", "company_name": "Company", "title": "Job title", "domain": "Company's web address",
    "size": "Company size", "industry": "Industry", "first_name": "First name", "last_name": "Last name",
    "full_name": "Full name", "email": "Email", "linkedin_url": "Profile page", "phone": "Phone",
    "location": "Location", "lead_id": "Your own number", "source_id": "Your own number",
}  # fmt: skip
NEEDED = ("company", "title")
SHOWN = (*NEEDED, *(name for name in FIELDS if name in LABELS and name not in NEEDED))
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16 (big-endian)",
    "cp1250": "Windows-1250", "iso-8859-15": "ISO 8859-15", "mac-roman": "Mac Roman",
}  # fmt: skip
BY_YOU = "chosen by you"


def understood(staged: StagedImport) -> None:
    """Rows, delimiter, encoding, and the columns by our fields. A correction reads the file again at once."""
    rows, encoding, delimiter = st.columns([2, 1, 1], vertical_alignment="bottom")
    with rows:
        st.markdown(f"**{_ui.plural(staged.row_count, 'row')}** · {_ui.plural(len(staged.columns), 'column')}")
    with encoding:
        known = list(dict.fromkeys([staged.encoding, *ENCODINGS]))
        code = st.selectbox(
            "Encoding", known, format_func=lambda name: ENCODINGS.get(name, name), key=f"encoding-{staged.id}"
        )
    with delimiter:
        signs = list(dict.fromkeys([staged.delimiter, *DELIMITERS]))
        sign = st.selectbox(
            "Columns are separated by", signs, format_func=lambda sign: DELIMITERS.get(sign, sign),
            key=f"delimiter-{staged.id}",
        )  # fmt: skip
    if code != staged.encoding or sign != staged.delimiter:
        with _ui.errors_shown():
            with st.spinner("Reading the file again"):
                restage(_ui.database(), staged.id, encoding=code, delimiter=sign)
            st.rerun()
    _columns(staged)


def _columns(staged: StagedImport) -> None:
    by_field = {column.field: column for column in staged.columns if column.field}
    st.subheader("Columns", anchor=False)
    for name in staged.missing:
        st.warning(f"Which column holds the {LABELS[name].lower()}? Choose it below.", icon=":material/help:")
    first = [name for name in SHOWN if name in NEEDED or name in by_field]
    for name in first:
        _row(staged, name, by_field)
    rest = [name for name in SHOWN if name not in first]
    if rest:
        with st.expander(f"{_ui.plural(len(rest), 'field')} without a column"):
            for name in rest:
                _row(staged, name, by_field)
    others = [column.header for column in staged.columns if not column.field]
    if others:
        shown = ", ".join(others[:8]) + (f" and {len(others) - 8} more" if len(others) > 8 else "")
        st.caption(f"Kept as they are, and exported with the rest: {_ui.plain(shown)}")


def _row(staged: StagedImport, name: str, by_field: dict[str, FileColumn]) -> None:
    """One field: its column in the file, and what stands there."""
    column = by_field.get(name)
    at = column.index if column else None
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            LABELS[name] + (" (needed)" if name in NEEDED else ""),
            range(len(staged.columns)),
            index=at,
            format_func=lambda i: staged.columns[i].header,
            placeholder="No column",
            key=f"field-{staged.id}-{name}-{at}",
            help=f"Taken because {column.why}." if column and column.why and column.why != BY_YOU else None,
        )
    with right:
        if column:
            st.markdown(" · ".join(f"`{_code(value)}`" for value in column.samples) or "This column is blank.")
    if chosen != at:
        with _ui.errors_shown():
            with st.spinner("Reading the file again"):
                restage(_ui.database(), staged.id, overrides=_overrides(staged, name, chosen))
            st.rerun()


def _overrides(staged: StagedImport, name: str, chosen: int | None) -> list[str]:
    """Every choice made so far and this one. The column's place names it, whatever its header is."""
    kept = {column.field: column.index for column in staged.columns if column.field and column.index != chosen}
    choices = {field: kept.get(field) for field in FIELDS} | {name: chosen}
    return [f"{field}={'' if at is None else staged.columns[at].header}" for field, at in choices.items()]


def _code(value: str) -> str:
    return value.replace("`", "'").replace("\n", " ")
