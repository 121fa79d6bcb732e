"""Text that is damaged in places: lines in another encoding, NUL bytes. The lines are read as well as can be."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from ranker.errors import FileUnreadable
from ranker.ingest.dialect import read_records
from ranker.ingest.lines import text_lines

OTHER_ENCODING = "some of its text is in another encoding; look at its accents"
NUL_BYTES = "NUL bytes in it were left out"
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x19\x1c-\x1f]")


class Repaired(NamedTuple):
    """The whole text in UTF-8, and what was done to which line (from 1)."""

    data: bytes
    lines: dict[int, str]


def repair(data: bytes, encoding: str, start: int) -> Repaired:
    """The text without NUL signs; a line that is no UTF-8 is read as Windows-1252.

    Raises ``FileUnreadable`` for what is no text at all, and ``UnicodeError`` where another encoding was named
    and does not fit.
    """
    out, told = io.BytesIO(), dict[int, str]()
    signs = controls = 0
    for number, (line, foreign) in enumerate(_decoded(data, encoding, start), start=1):
        said = [OTHER_ENCODING] if foreign else []
        plain = line.replace("\0", "")
        if len(plain) < len(line) and plain.strip():
            said.append(NUL_BYTES)
            controls += len(line) - len(plain)
        controls += len(_CONTROLS.findall(plain))
        signs += len(plain)
        if said:
            told[number] = " and ".join(said)
        out.write(plain.encode("utf-8", "replace"))
    if controls > max(3, signs // 100):
        raise FileUnreadable(
            "The file is damaged or is not text: it is full of signs that no list of leads has. "
            "Export it again, as CSV in UTF-8."
        )
    return Repaired(out.getvalue(), told)


def doubtful_rows(repaired: Repaired, start: int, delimiter: str) -> dict[int, str]:
    """Row → sentence, for the rows that hold a repaired line."""
    doubts: dict[int, str] = {}
    bad, line = repaired.lines, 1 + repaired.data.count(b"\n", 0, start)
    for number, record in enumerate(read_records(text_lines(repaired.data, "utf-8", start), delimiter), start=1):
        said = list(dict.fromkeys(bad[at] for at in range(line, line + record.lines) if at in bad))
        if said:
            doubts[number] = f"Row {number}: {'; '.join(said)}."
        line += record.lines
    return doubts


def _decoded(data: bytes, encoding: str, start: int) -> Iterator[tuple[str, bool]]:
    """Lines with their ends, and whether a line is in another encoding than the file."""
    if encoding != "utf-8":
        yield from ((line, False) for line in text_lines(data, encoding, start))
        return
    for raw in data[start:].splitlines(keepends=True):
        try:
            yield raw.decode("utf-8"), False
        except UnicodeDecodeError:
            yield raw.decode("cp1252", "replace"), True
