"""The package that an XLSX file is: a ZIP archive that somebody else made, and that may mean harm.

Only the parts that are needed are opened, one at a time, each inflated piece by piece with a limit. Nothing that
it links to outside of itself is ever looked at, and XML that declares entities is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pyexpat import ExpatError
from typing import Any
from xml.parsers.expat import ParserCreate

from ranker.errors import FileUnreadable

MAX_PART = 1 << 30
"""Bytes of one part, inflated; a full sheet of a million leads has a third of it."""
MAX_TOTAL = 2 * MAX_PART
"""Bytes of all parts by their own word; no part gives more than it says."""
BOMB_RATIO, BOMB_FROM = 300, 64 << 20
"""What inflates to more than so many times its size is no table, once it is larger than ``BOMB_FROM``."""
MAX_ENTRIES = 5_000
PIECE = 1 << 16

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Open it in your spreadsheet program, save it as XLSX or CSV, and use that file."
_BROKEN = f"The workbook is damaged and can't be read. {_SAVE}"
_BOMB = "The workbook unpacks to far more than any list of leads; it was refused. Save the sheet as CSV and use that."
_LOCKED = (
    "The workbook is protected by a password. Open it, remove the password (File, Info, Protect Workbook), save it, "
    "and use that file."
)

Handler = Callable[[str, dict[str, str]], None]


def refuse_old_workbook(data: bytes) -> None:
    """Raise ``FileUnreadable`` for XLS, and for an XLSX that is encrypted, which looks alike from outside."""
    if data.startswith(OLE_START):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileUnreadable(_LOCKED)
        raise FileUnreadable(f"The file is an old Excel workbook (XLS). {_SAVE}")


class Package:
    """The parts of a workbook by their path; raises ``FileUnreadable`` for what is none."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            raise FileUnreadable(_BROKEN) from None
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
            raise FileUnreadable(_BOMB)
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        self._refuse_others()

    def has(self, path: str) -> bool:
        """Whether there is such a part."""
        return path.lower() in self._entries

    def pieces(self, path: str) -> Iterator[bytes]:
        """A part, inflated piece by piece; raises for one that is damaged, locked, or too large."""
        entry = self._entries.get(path.lower())
        if entry is None:
            raise FileUnreadable(_BROKEN)
        if entry.flag_bits & 1:
            raise FileUnreadable(_LOCKED)
        limit = min(MAX_PART, max(BOMB_FROM, BOMB_RATIO * entry.compress_size))
        if entry.file_size > limit:
            raise FileUnreadable(_BOMB)
        size = 0
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(PIECE):
                    size += len(piece)
                    if size > limit:
                        raise FileUnreadable(_BOMB)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise FileUnreadable(_BROKEN) from None

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Relationships of a part: id → (last word of its type, path within the package), without external ones."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, values: dict[str, str]) -> None:
            if tag == "Relationship" and values.get("TargetMode", "").lower() != "external":
                target = values.get("Target", "")
                inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = values.get("Type", "").rpartition("/")[2]
                found[values.get("Id", "")] = kind, posixpath.normpath(inside)

        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.has(rels):
            parse(self.pieces(rels), start)
        return found

    def _refuse_others(self) -> None:
        """Say what a ZIP file is that is no workbook."""
        if self.has("[content_types].xml") and any(name.startswith("xl/") for name in self._entries):
            if self.has("xl/workbook.bin"):
                raise FileUnreadable(f"The file is a binary workbook (XLSB). {_SAVE}")
            return
        if self.has("mimetype") and self.has("content.xml"):
            raise FileUnreadable(f"The file is an OpenDocument file (such as ODS). {_SAVE}")
        if any(name.endswith(".iwa") for name in self._entries):
            raise FileUnreadable(
                "The file is an Apple document. Choose File, Export, CSV in Numbers, and use that file."
            )
        if any(name.startswith(("word/", "ppt/")) for name in self._entries):
            raise FileUnreadable("The file is a document or a presentation, not a table. Copy its table into a sheet.")
        raise FileUnreadable("The file is a ZIP archive, not a table. Unpack it, and use the CSV or XLSX file in it.")


def parse(
    pieces: Iterator[bytes],
    start: Handler,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    """Read XML as it comes; ``after`` is called after each piece. Tags come without their prefix.

    Raises ``FileUnreadable`` for XML that is broken or declares a document type (and with it entities).
    """
    for _ in parsing(pieces, start, end, text):
        if after is not None:
            after()


def parsing(
    pieces: Iterator[bytes],
    start: Handler,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """``parse``, giving way after each piece."""
    parser: Any = ParserCreate()
    parser.buffer_text = True
    names: dict[str, str] = {}

    def local(name: str) -> str:
        found = names.get(name)
        if found is None:
            found = names[name] = name.rpartition(":")[2]
        return found

    def first(name: str, values: dict[str, str]) -> None:
        """Most files have no prefixes, and calling the handlers at once takes half of the time."""
        if ":" in name:
            parser.StartElementHandler = lambda name, values: start(local(name), values)
            parser.EndElementHandler = None if end is None else lambda name: end(local(name))
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        start(local(name), values)

    def refuse(*_: object) -> None:
        raise FileUnreadable("The workbook declares XML entities, which no spreadsheet program does; it was refused.")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = first
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
    except (ExpatError, LookupError, ValueError):  # the latter for an encoding that there is not
        raise FileUnreadable(_BROKEN) from None
    yield


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """``_x000D_`` and the like are the signs that XML can't hold; NUL and halves of characters are left out."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).encode("utf-16", "surrogatepass").decode(
        "utf-16", "ignore"
    ).replace("\0", "")  # fmt: skip
