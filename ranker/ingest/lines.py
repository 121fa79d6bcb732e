"""Bytes → lines of text, and one look at all of them before they are cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

from ranker.errors import FileUnreadable, NoHeader


class Look(NamedTuple):
    """``damaged``: some lines have NUL signs or are not in the encoding. ``longest``: the longest line's characters."""

    damaged: bool
    longest: int


def text_lines(data: bytes, encoding: str, start: int) -> Iterator[str]:
    """Lines from byte ``start`` on with their ends as they are (LF, CRLF or CR), decoded as they are asked for."""
    stream = io.BytesIO(data)  # shares the bytes, copies nothing
    stream.seek(start)
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")


def look_over(data: bytes, encoding: str, start: int) -> Look:
    """Raise ``NoHeader`` for blank text, and ``FileUnreadable`` for bytes that another encoding than UTF-8 lacks."""
    number, blank, longest, damaged = 0, True, 0, False
    try:
        for line in text_lines(data, encoding, start):
            number += 1
            blank = blank and not line.strip(" \t\r\n\f\v\0\ufeff")
            damaged = damaged or "\0" in line
            longest = max(longest, len(line))
    except UnicodeError:
        if encoding == "utf-8":
            return Look(True, longest)
        raise FileUnreadable(
            f"From line {number + 1} on, the text is not {encoding}. "
            "Save the file as “CSV UTF-8”, or name its encoding."
        ) from None
    if blank:
        raise NoHeader("The file is empty. It needs a row that names the columns, and a row for each lead.")
    return Look(damaged, longest)
