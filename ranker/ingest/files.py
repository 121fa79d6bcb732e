"""The bytes of files that were handed over: kept once, in parts, so that a file can be given back."""

from __future__ import annotations

import io

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import InputError
from ranker.store import bulk

MAX_BYTES = 200 * 1024 * 1024
"""The largest file that is taken; a page compares before it reads."""
_PART = 4 * 1024 * 1024


def check_size(size_bytes: int) -> None:
    """Raise ``InputError`` with the limit for a file that is too large; call it before reading the file."""
    if size_bytes > MAX_BYTES:
        raise InputError(
            f"The file has {size_bytes / 1024 / 1024:,.0f} MB; up to {MAX_BYTES // 1024 // 1024} MB can be "
            "imported at once. Split it into several files with the same header row."
        )


def keep(session: Session, sha256: str, data: bytes) -> None:
    """Keep a file's bytes, unless they are here already."""
    known = session.connection().execute(
        text("SELECT 1 FROM import_file WHERE sha256=:sha AND part=0"), {"sha": sha256}
    )
    if known.first() is not None:
        return
    view = memoryview(data)
    starts = range(0, len(data), _PART)
    for part, start in enumerate(starts):
        row = (sha256, part, bytes(view[start : start + _PART]))
        bulk.insert(session, "import_file", ("sha256", "part", "data"), [row])


def load(session: Session, sha256: str) -> bytes:
    """A file's bytes as they came; raises ``InputError`` if they were removed."""
    out = io.BytesIO()
    connection, part = session.connection(), 0
    while True:
        data = connection.execute(
            text("SELECT data FROM import_file WHERE sha256=:sha AND part=:part"), {"sha": sha256, "part": part}
        ).scalar()
        if data is None:
            break
        out.write(data)
        part += 1
    if part == 0:
        raise InputError("The file's content was removed from the database. Upload the file again.")
    return out.getvalue()
