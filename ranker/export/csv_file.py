"""Write CSV, whole or not at all.

What is neutralised, and what is not: the ranking output (``rank … --out``) must give every input column back
verbatim, so that it can be matched with its source; ``write_csv`` therefore changes no cell. Columns that we
add pass through ``safe_cell`` first wherever they can quote outside text (a reasoning quotes the job title).
An export that is made to be opened in a spreadsheet passes every text cell through ``safe_cell``.
"""

from __future__ import annotations

import csv
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ranker.errors import UsageError

# CWE-1236; OWASP, "CSV Injection": the signs that make a spreadsheet take a text for a formula,
# line feed and the full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# No letter, so no function and no cell: at worst a spreadsheet adds numbers up.
_NUMBER_OR_PHONE = re.compile(r"[+-][ ().\-/]*[0-9][0-9 ().\-/]*", re.ASCII)


def safe_cell(text: str) -> str:
    """``text`` with a leading ``'`` if a spreadsheet would run it as a formula; applying it twice is once.

    Plain numbers and phone numbers ("-12.5", "+1 555 010 99") are left alone.
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER_OR_PHONE.fullmatch(text):
        return "'" + text
    return text


class _RecordEnds:
    """Between ``csv.writer`` and the file: gives records the line end that was asked for.

    Before Python 3.13, ``csv.writer`` quotes a cell for a line feed or carriage return only if that sign is
    in its own line end, so it has to write ``\\r\\n`` for both to be safe inside cells.
    """

    def __init__(self, file: TextIO, newline: str) -> None:
        self._write = file.write
        self._newline = newline

    def write(self, record: str) -> int:
        return self._write(record[:-2] + self._newline)


def write_csv(
    path: str | Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: str = "utf-8",
    bom: bool = False,
    newline: str = "\n",
    delimiter: str = ",",
) -> int:
    """Write headers and rows verbatim; return the number of rows. Cells are quoted where they need it.

    The file appears at ``path`` complete, or an older one stays as it was: it is written beside it and then
    renamed. Raises ``UsageError`` if the folder can't be written to or the encoding lacks a character;
    an error from ``rows`` passes through.
    """
    if newline not in {"\n", "\r\n", "\r"}:
        raise UsageError("The line end has to be LF, CRLF or CR.")
    target, count = Path(path), 0
    try:
        with replacing(target, encoding) as file:
            if bom and encoding.lower().replace("_", "-") not in {"utf-8-sig", "utf-16", "utf-32"}:
                file.write("\ufeff")
            writer = csv.writer(_RecordEnds(file, newline), delimiter=delimiter, lineterminator="\r\n")
            writer.writerow(headers)
            for row in rows:
                writer.writerow(row)
                count += 1
    except UnicodeEncodeError as error:
        sign = error.object[error.start : error.start + 1]
        raise UsageError(f"Encoding {encoding} can't write “{sign!a}”. Use utf-8.") from None
    except LookupError:
        raise UsageError(f"Encoding “{encoding}” is not known. Use utf-8.") from None
    except OSError as error:
        raise UsageError(f"“{path}” can't be written: {error.strerror}. Choose another file.") from None
    return count


@contextmanager
def replacing(target: Path, encoding: str) -> Iterator[TextIO]:
    """A file beside ``target`` that takes its place at the end; what is no plain file is written directly."""
    if target.exists() and not target.is_file():
        with target.open("w", encoding=encoding, newline="") as file:
            yield file
        return
    real = Path(os.path.realpath(target))  # a link keeps pointing to the file that is replaced
    draft = real.with_name(f".{real.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("x", encoding=encoding, newline="") as file:
            yield file
        if real.exists():
            draft.chmod(real.stat().st_mode & 0o777)
        draft.replace(real)
    finally:
        draft.unlink(missing_ok=True)
