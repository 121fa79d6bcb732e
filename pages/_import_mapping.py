"""What was understood of a file, each part with the means to correct it."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._import_of import LABELS, LEADS, Of, Staged
from pages._import_sheet import above_header, pick_header, pick_sheet
from pages._import_templates import templates
from ranker.ingest.column_match import BY_HAND
from ranker.ingest.staged import FileColumn, StagedImport

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16 (big-endian)",
    "cp1250": "Windows-1250", "iso-8859-15": "ISO 8859-15", "mac-roman": "Mac Roman",
}  # fmt: skip
NO_COLUMN = -1


def summary(staged: Staged) -> str:
    """``7 rows · 6 columns · semicolon · Windows-1252``, the number in bold."""
    if staged.sheet:
        signs = [f"sheet {_ui.plain(staged.sheet)}"]
    else:
        signs = [DELIMITERS.get(staged.delimiter, staged.delimiter), ENCODINGS.get(staged.encoding, staged.encoding)]
    rows = [f"**{_ui.plural(staged.row_count, 'row')}**", _ui.plural(len(staged.columns), "column")]
    return " · ".join([*rows, *signs, *filter(None, [above_header(staged)])])


def understood(staged: Staged, of: Of = LEADS) -> None:
    """What was understood, in two lines; behind them the means to correct it, open where something is missing."""
    st.markdown(summary(staged))
    pick_sheet(staged, of)
    by_field = {column.field: column for column in staged.columns if column.field}
    found = [f"**{LABELS[name]}** ← {_ui.plain(by_field[name].header)}" for name in of.shown if name in by_field]
    if found:
        st.markdown(" · ".join(found))
    for name in staged.missing:
        st.warning(f"Which column holds the {LABELS[name].lower()}? Choose it below.", icon=":material/help:")
    # Open or closed as it was first met: it must not close under the hand of somebody who corrects.
    opened = st.session_state.setdefault(f"columns-{of.key}{staged.id}", bool(staged.missing))
    with st.expander(
        "Correct the columns", expanded=opened, icon=":material/edit:", key=f"correct-{of.key}{staged.id}"
    ):
        _columns(staged, by_field, of)
        if isinstance(staged, StagedImport):
            templates(staged)
        _reading(staged, of)


def _reading(staged: Staged, of: Of) -> None:
    """Header row, encoding, delimiter. A correction reads the file again at once; choices that still fit stay."""
    header, encoding, delimiter = st.columns(3, vertical_alignment="bottom")
    with header:
        pick_header(staged, of)
    if staged.sheet:
        return
    with encoding:
        known = list(dict.fromkeys([staged.encoding, *ENCODINGS]))
        code = st.selectbox(
            "Encoding", known, format_func=lambda name: ENCODINGS.get(name, name), key=f"encoding-{of.key}{staged.id}"
        )
    with delimiter:
        signs = list(dict.fromkeys([staged.delimiter, *DELIMITERS]))
        sign = st.selectbox(
            "Columns are separated by", signs, format_func=lambda sign: DELIMITERS.get(sign, sign),
            key=f"delimiter-{of.key}{staged.id}",
        )  # fmt: skip
    if code != staged.encoding or sign != staged.delimiter:
        with _ui.errors_shown():
            with st.spinner("Reading the file again"):
                of.change(_ui.database(), staged.id, encoding=code, delimiter=sign)
            st.rerun()


def _columns(staged: Staged, by_field: dict[str, FileColumn], of: Of) -> None:
    first = [name for name in of.shown if name in of.needed or name in by_field]
    for name in first:
        _row(staged, name, by_field, of)
    rest = [name for name in of.shown if name not in first]
    if rest:
        with st.popover(f"{_ui.plural(len(rest), 'field')} without a column", icon=":material/add:"):
            for name in rest:
                _row(staged, name, by_field, of)
    others = [column.header for column in staged.columns if not column.field]
    if others:
        shown = ", ".join(others[:8]) + (f" and {len(others) - 8} more" if len(others) > 8 else "")
        st.caption(f"{of.rest}: {_ui.plain(shown)}")


def _row(staged: Staged, name: str, by_field: dict[str, FileColumn], of: Of) -> None:
    """One field: its column in the file, and what stands there."""
    column = by_field.get(name)
    at = column.index if column else NO_COLUMN
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            LABELS[name] + (" (needed)" if name in of.needed else ""),
            [NO_COLUMN, *range(len(staged.columns))],
            index=at + 1,
            format_func=lambda i: _choice(staged, i, at),
            key=f"field-{of.key}{staged.id}-{name}-{at}",
            help=_reason(column.why) if column and column.why else None,
        )
    with right:
        if column:
            st.markdown(" · ".join(f"`{_code(value)}`" for value in column.samples) or "This column is blank.")
    if chosen != at:
        with _ui.errors_shown():
            with st.spinner("Reading the file again"):
                of.change(_ui.database(), staged.id, overrides=_overrides(staged, name, chosen))
            st.rerun()


def _choice(staged: Staged, index: int, taken: int) -> str:
    """A column as it is offered, with what stands in it; the one that is taken shows its values beside it."""
    if index == NO_COLUMN:
        return "No column"
    column = staged.columns[index]
    return column.header if index == taken or not column.samples else f"{column.header} ({column.samples[0]} …)"


def _overrides(staged: Staged, name: str, chosen: int) -> list[str]:
    """The choices made so far and this one; a field that loses its column to it is no choice any more."""
    header = "" if chosen == NO_COLUMN else staged.columns[chosen].header
    made = dict(choice.split("=", 1) for choice in staged.choices)
    kept = {field: its for field, its in made.items() if not its or its != header}
    return [f"{field}={its}" for field, its in (kept | {name: header}).items()]


def _reason(why: str) -> str:
    return "Chosen by you." if why == BY_HAND else f"Taken because {why}."


def _code(value: str) -> str:
    return value.replace("`", "'").replace("\n", " ")
