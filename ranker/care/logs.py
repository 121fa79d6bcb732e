"""The log: JSON lines in ``logs/ranker.log`` of the data folder, readable lines on the terminal; no lead text.

Only events (``ranker.events``) are written with their values. Of any other record, such as one of a library, its
message is left out, because it may quote a lead: the library, the place and the type of the error remain.
``RANKER_LOG`` names the level: debug, info (the default), warning or error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from ranker.errors import UsageError
from ranker.events import ATTRIBUTE, place_of

LEVELS = ("debug", "info", "warning", "error")
FILE = Path("logs") / "ranker.log"
LARGEST = 5_000_000
"""Bytes of a log file before the next one is begun."""
OLDER = 5
"""How many full ones are kept."""

_handlers: list[logging.Handler] = []


def level_of(name: str | None = None) -> int:
    """The level by its name, by default ``RANKER_LOG``. Raises ``UsageError`` for another word."""
    plain = (name if name is not None else os.environ.get("RANKER_LOG", "")).strip().lower() or "info"
    if plain not in LEVELS:
        raise UsageError(f"RANKER_LOG is “{plain}”. Set it to one of: {', '.join(LEVELS)}.")
    return int(getattr(logging, plain.upper()))


def start_logs(folder: Path, level: str | None = None, *, terminal: bool = True) -> Callable[[], None]:
    """Write the log of this process into the data folder; call what is returned to stop. A second start replaces it.

    A folder that can't be written to leaves the terminal alone. Raises ``UsageError`` for an unknown level.
    """
    stop_logs()
    at = level_of(level)
    made: list[logging.Handler] = []
    if terminal:
        shown = _Terminal()
        shown.setFormatter(Readable())
        made.append(shown)
    try:
        path = folder / FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = _OwnersFile(path, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8")
        kept.setFormatter(JsonLines())
        made.append(kept)
    except OSError:
        pass  # the doctor tells of it; work goes on
    for handler in made:
        logging.getLogger().addHandler(handler)
    logging.getLogger("ranker").setLevel(at)
    _handlers.extend(made)
    return stop_logs


def stop_logs() -> None:
    """Take the log of this process down."""
    while _handlers:
        handler = _handlers.pop()
        logging.getLogger().removeHandler(handler)
        handler.close()


class _Quiet(logging.Handler):
    """Says nothing where a line can't be written: Python would print the record, with all that it was given."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        """Go on."""


class _Terminal(_Quiet):
    """Lines on whatever the terminal is now."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except (OSError, ValueError):  # closed
            self.handleError(record)


class _OwnersFile(_Quiet, RotatingFileHandler):
    """A log file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(number, "a", encoding=self.encoding)


def parts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What may be written of a record, its name first."""
    event = getattr(record, ATTRIBUTE, None)
    if event is not None:
        name, values = event
        return {"event": name, **values}
    error = record.exc_info[1] if record.exc_info else None
    parts: dict[str, Any] = {"event": "log", "logger": record.name, "place": f"{record.filename}:{record.lineno}"}
    if error is not None:
        parts |= {"error": type(error).__name__, "place": place_of(error.__traceback__) or parts["place"]}
    return parts


class JsonLines(logging.Formatter):
    """One JSON object a line: when, level, event, then its values."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return json.dumps({"at": at, "level": record.levelname.lower(), **parts_of(record)})


class Readable(logging.Formatter):
    """For a terminal: ``07:20:01 info import.done batch=3 rows=5000``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        parts = parts_of(record)
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        said = " ".join(f"{name}={value}" for name, value in parts.items() if name != "event")
        return f"{at} {record.levelname.lower()} {parts['event']} {said}".rstrip()
