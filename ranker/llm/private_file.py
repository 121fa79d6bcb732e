"""Small files of the data folder that only their owner may read: written whole or not at all, never open to others."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ranker.errors import LlmSetup


def read_texts(path: Path) -> dict[str, str]:
    """The names and texts in a file of ours; empty where there is none. Raises ``LlmSetup`` if it can't be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):  # the error of a parser quotes what it read
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise LlmSetup(f"The file {path.name} in the data folder can't be read. Remove it, then enter it anew.")
    return found


def write_texts(path: Path, texts: Mapping[str, str]) -> None:
    """Replace a file in one move; without any text it is removed. Raises ``LlmSetup`` if it can't be written.

    The new file is made for its owner alone (mode 0600), so that there is no moment in which others can read it.
    """
    part = _part(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        if not texts:
            path.unlink(missing_ok=True)
            return
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(dict(sorted(texts.items())), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise LlmSetup(
            f"{path.name} can't be written to the data folder, so nothing was kept. Make room on the disk, or give "
            "this program the right to write there."
        ) from None


def open_to_others(path: Path) -> list[Path]:
    """Which of the file and what a crash left beside it can be read or changed by others than its owner."""
    return [one for one in (path, _part(path)) if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o177]


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")
