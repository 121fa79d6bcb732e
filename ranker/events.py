"""What happened, told to the log: a name, and ids, counts, durations and codes. Never a word of a lead.

``tell`` refuses what could be lead text, so that a new event can't leak some by accident: a value is a number, a
yes or no, or a short code without spaces or @. ``ranker.care.logs`` writes the events; without it they go where
Python's logging sends them.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

Level = Literal["debug", "info", "warning", "error"]
Value = str | int | float | bool | None
ATTRIBUTE = "ranker_event"
"""Where a log record keeps (name, values)."""
_NAME = re.compile(r"[a-z]+(?:[._][a-z]+)*")
_CODE = re.compile(r"[A-Za-z0-9_.:<> /+-]{0,200}")
_WORDS = frozenset({"place"})
"""Values that may hold spaces: places in the program, such as ``merge.py:88 < job.py:40``."""


def tell(name: str, *, level: Level = "info", logger: str = "ranker", **values: Value) -> None:
    """Log an event such as ``import.done`` with ``batch=3, rows=5_000, seconds=1.2``.

    Raises ``ValueError`` for a name or a value that is no code: a mistake in the program, found by its tests.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no name of an event")
    for key, value in values.items():
        if isinstance(value, str) and (_CODE.fullmatch(value) is None or (" " in value and key not in _WORDS)):
            raise ValueError(f"{key} of {name} is no code")
    said = " ".join([name, *(f"{key}={value}" for key, value in values.items())])
    logging.getLogger(logger).log(getattr(logging, level.upper()), said, extra={ATTRIBUTE: (name, values)})


def tell_error(name: str, error: BaseException, *, logger: str = "ranker", **values: Value) -> None:
    """Log an error: its type and the places it passed; its code if it is one of ours. Never its message."""
    code = getattr(error, "code", None)
    said: dict[str, Any] = {**values, "error": type(error).__name__, "place": place_of(error.__traceback__)}
    if isinstance(code, str) and _CODE.fullmatch(code) and " " not in code:
        said["code"] = code
    tell(name, level="error", logger=logger, **said)


def place_of(trace: TracebackType | None, most: int = 6) -> str:
    """``file.py:line < file.py:line``, the innermost first."""
    places = []
    while trace is not None:
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", Path(trace.tb_frame.f_code.co_filename).name)
        places.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-most:]))[:200]
