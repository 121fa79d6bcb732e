"""What ``eval.fuzz`` feeds: text, tables, workbooks, titles and personas, made up and mutated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from eval.bad_files import FILES, workbook
from ranker.ingest.header_names import FIELDS, load_header_names

PERSONAS = Path(__file__).parent.parent / "prompts" / "personas"
_ODD = [*"\",;|\t\n\r\0 =+-@'", "\r\n", "é", "ß", "\ufeff", "\u2028", "\x85", "שלום", "مدير", "🚀", "\x1a", "sep=;\n"]
_WORDS = "Company Title Name Email Firma Poste Alpha Beta CEO VP Sales Lead 0001 51-200 x@alpha.example".split()
piece = st.one_of(st.sampled_from(_ODD), st.sampled_from(_WORDS), st.text(max_size=4))
cell = st.lists(piece, max_size=4).map("".join)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac-roman")


def titles() -> st.SearchStrategy[str]:
    """Titles of words that titles have, with odd signs between."""
    words = "director head of sales hr vp and @ | / , founder leiter chef responsable de president ceo cto ex- (m/w/d)"
    word = st.one_of(st.sampled_from(words.split()), piece, st.text(max_size=8))
    return st.one_of(st.lists(word, max_size=14).map(" ".join), st.text(max_size=60), cell.map(lambda one: one * 300))


def plain_text() -> st.SearchStrategy[str]:
    """Lines without quotes, in any of the line ends."""
    line = st.lists(st.sampled_from([*_WORDS, "a b", "1", ",", ";", ""]), min_size=1, max_size=5).map(",".join)
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    return st.lists(st.tuples(line, ends).map("".join), max_size=12).map("".join)


@st.composite
def csv_bytes(draw: Any) -> bytes:
    """Tables as programs write them, then damaged; or any bytes."""
    if draw(st.integers(0, 9)) == 0:
        return bytes(draw(st.binary(max_size=400)))
    rows = draw(st.lists(st.lists(cell, min_size=1, max_size=5), min_size=1, max_size=8))
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    for row in rows:
        if draw(st.integers(0, 4)):
            writer.writerow(row)
        else:
            out.write(",".join(row) + "\n")
    data = out.getvalue().encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return _mutated(draw, data)


@st.composite
def workbooks(draw: Any) -> bytes:
    """Workbooks of any cells, some with a part or some bytes changed."""
    if draw(st.integers(0, 5)) == 0:
        data = draw(st.sampled_from(_WORKBOOKS))()
    else:
        value = st.one_of(
            cell, st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), st.none()
        )
        data = workbook(draw(st.lists(st.lists(value, max_size=5), max_size=8)))
    if draw(st.booleans()):
        return data
    if draw(st.booleans()):
        return _mutated(draw, data)
    return _part_changed(draw, data)


_WORKBOOKS = [make for name, file_name, make in FILES if file_name.endswith(".xlsx") and "bomb" not in name]
_FORMATS = (
    "0", "yyyy-mm-dd", "[h]:mm", "#,##0.00;[Red]-0", "[<=9]0;0.0", '"', "\\", "[", "@", "General", "0.0E+0", "?/?",
    ";;;", "", "-1", "99999999999", "A1:B9", "s", "e", "n", "_", "1e400", "nan", "XFE1",
)  # fmt: skip


def _part_changed(draw: Any, data: bytes) -> bytes:
    """XML with a few of its texts and numbers exchanged, or cut."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except zipfile.BadZipFile:
        return data
    name = draw(st.sampled_from(sorted(parts)))
    text = parts[name].decode("utf-8", "replace")
    places = [match.span(1) for match in re.finditer(r'(?:"|>)([^"<>]*)(?:"|<)', text)]
    chosen = draw(st.lists(st.sampled_from(places), max_size=3, unique=True).map(sorted)) if places else []
    for start, end in reversed(chosen):
        new = draw(st.one_of(st.sampled_from(_FORMATS), st.text(max_size=5)))
        text = text[:start] + new.replace("<", "").replace("&", "") + text[end:]
    if draw(st.integers(0, 6)) == 0:
        text = text[: draw(st.integers(0, len(text)))]
    parts[name] = text.encode("utf-8", "replace")
    if draw(st.integers(0, 9)) == 0:
        del parts[draw(st.sampled_from(sorted(parts)))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new_file:
        for part, content in parts.items():
            new_file.writestr(part, content)
    return out.getvalue()


def _mutated(draw: Any, data: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data = data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at:]
            case 1:
                data = data[:at] + data[at + draw(st.integers(1, 40)) :]
            case _:
                data = data[:at] + draw(st.binary(min_size=1, max_size=2)) + data[at + 1 :]
    return data


def headers_and_cells() -> st.SearchStrategy[tuple[list[str], list[list[str]], list[str]]]:
    """Headers (known, nearly known, any), cells under them, and choices of a person."""
    known = sorted(load_header_names().exact)
    header = st.one_of(st.sampled_from(known), st.tuples(st.sampled_from(known), piece).map(" ".join), cell)
    field = st.one_of(st.sampled_from(FIELDS), cell)
    override = st.tuples(field, st.sampled_from(["=", "", " = "]), st.one_of(st.sampled_from(known), cell)).map("".join)
    return st.tuples(
        st.lists(header, min_size=1, max_size=12),
        st.lists(st.lists(cell, max_size=12), max_size=6),
        st.lists(override, max_size=3),
    )


@st.composite
def personas(draw: Any) -> str:
    """The personas that come with the project, with lines taken out, doubled, moved and spoilt."""
    lines = draw(st.sampled_from(_PERSONAS)).splitlines()
    start = draw(st.integers(0, max(0, len(lines) - 1)))
    lines = lines[start : start + draw(st.integers(0, 60))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines)))
        lines[at:at] = [draw(st.one_of(cell, st.sampled_from(_MARKUP), st.text(max_size=20)))]
    return "\n".join(lines)


_MARKUP = [
    "# ",
    "## Sizes",
    "| a | b |",
    "|---|",
    "- VP Sales: 5/5",
    "* ★★★★",
    "```",
    "> quote",
    "1-50",
    "| | 5 |",
    "5/5",
    "---",
    "<b>",
]
_PERSONAS = [path.read_text(encoding="utf-8") for path in sorted(PERSONAS.glob("*.md"))] or [""]


@st.composite
def leads(draw: Any) -> bytes:
    """Files with company and title, of people who come again and again, as CSV or as a workbook."""
    person = st.tuples(
        st.sampled_from(["Alpha", "Beta", "Gamma AG", "", " "]),
        st.one_of(st.sampled_from(["CEO", "VP Sales", ""]), cell),
        st.sampled_from(["Lead 0001", "Lead 0002", "Lead 0003", ""]), st.sampled_from(["", "l1@alpha.example", "x"]),
        st.sampled_from(["", "51-200", "many"]), cell,
    ).map(list)  # fmt: skip
    rows = [["Company", "Title", "Name", "Email", "Employees", "Note"], *draw(st.lists(person, min_size=1, max_size=9))]
    if draw(st.integers(0, 3)) == 0:
        return workbook(rows)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    data = out.getvalue().encode("utf-8", "replace")
    return _mutated(draw, data) if draw(st.booleans()) else data
