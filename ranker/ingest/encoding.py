"""Which encoding a file's bytes are in, and the refusals for files that are not text at all."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from ranker.errors import FileUnreadable, InputError

_SAVE_AS = "Save it as CSV (“CSV UTF-8” in Excel) and use that file."

# The first bytes of files that people hand over by mistake.
_NOT_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an Excel workbook (XLSX) or another ZIP file"),
    (b"PK\x05\x06", "a ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (XLS)"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"{\\rtf", "a text document (RTF)"),
)

# Python's own notations, which are not how anybody saves a list of leads.
_NO_FILE_ENCODINGS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Encoding(NamedTuple):
    """A codec's name (byte order included) and the length in bytes of the byte order mark to skip."""

    name: str
    bom_length: int


def refuse_other_formats(data: bytes) -> None:
    """Raise ``FileUnreadable`` for PDF, XLSX, ZIP, XLS, pictures, web pages and the like."""
    for start, kind in _NOT_TEXT:
        if data.startswith(start):
            raise FileUnreadable(f"The file is {kind}, not a CSV. {_SAVE_AS}")
    opening = data[:256].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        raise FileUnreadable(
            "The file is a web page, not a CSV: the download probably needed a sign-in. Download it again."
        )


def find_encoding(data: bytes, override: str | None = None) -> Encoding:
    """The encoding of ``data``: the override, else the BOM, else UTF-16, strict UTF-8 or cp1252.

    UTF-8 with a few broken bytes is UTF-8 (read as cp1252 every accent would silently turn to rubbish): see
    ``repair``. Raises ``InputError`` for an override that Python does not know, and for bytes that fit no encoding.
    """
    if override is not None:
        return _overridden(data, override)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return Encoding(name, len(bom))
    if b"\0" in data:
        wide = _utf16_without_bom(data)
        if wide is not None:
            return Encoding(wide, 0)
    for name in ("utf-8", "cp1252"):
        try:
            _decode_all(data, name)
        except UnicodeDecodeError:
            if name == "utf-8" and _is_mostly_utf8(data):
                return Encoding(name, 0)  # ``repair`` reads the lines that are not
        else:
            return Encoding(name, 0)
    raise FileUnreadable(
        f"The file's text is in no encoding that can be recognised (UTF-8, UTF-16, Windows-1252). {_SAVE_AS}"
    )


def _overridden(data: bytes, override: str) -> Encoding:
    try:
        info = codecs.lookup(override.strip())
        "".encode(info.name)  # refuses codecs that are not of text, such as base64
        if info.name.replace("_", "-") in _NO_FILE_ENCODINGS:
            raise LookupError(info.name)
    except (LookupError, ValueError, TypeError):
        raise InputError(
            f"Encoding “{override}” is not known. Usual ones: utf-8, utf-16, cp1252, latin-1, mac-roman."
        ) from None
    name = info.name
    if name in {"utf-8", "utf-8-sig"}:
        return Encoding("utf-8", 3 if data.startswith(codecs.BOM_UTF8) else 0)
    if name in {"utf-16", "utf-16-le", "utf-16-be"}:
        for bom, bom_name in _BOMS[1:]:
            if data.startswith(bom) and name in {"utf-16", bom_name}:
                return Encoding(bom_name, len(bom))
        return Encoding((_utf16_without_bom(data) or "utf-16-le") if name == "utf-16" else name, 0)
    return Encoding(name, 0)


def _decode_all(data: bytes, name: str) -> None:
    """Decode in pieces and drop the text, so that a large file is never held twice."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    view = memoryview(data)
    for start in range(0, len(data), 1 << 20):
        decoder.decode(view[start : start + (1 << 20)])
    decoder.decode(b"", final=True)


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 by its look: read in the right byte order, the header row is mostly ASCII."""
    sample = data[: min(len(data) // 2 * 2, 800)]
    best, best_share = None, 0.2  # below a fifth it is some binary format
    for name in ("utf-16-le", "utf-16-be"):
        text = sample.decode(name, errors="replace")
        share = sum(" " <= c <= "~" or c in "\t\r\n" for c in text) / max(len(text), 1)
        if share > best_share:
            best, best_share = name, share
    return best


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether many of the signs beyond ASCII are UTF-8, which no other encoding looks like by chance."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", errors="ignore")) - bad
    return good * 3 >= bad
