"""Settings from the environment, and from a file ``.env`` beside it; the environment wins."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")


def read_env(path: Path) -> dict[str, str]:
    """The ``NAME=value`` lines of a file; empty if it is not there or can't be read.

    Quotes around a value are dropped; " #" begins a comment in a value without quotes. Nothing is expanded.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = None if line.lstrip().startswith("#") else _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match[1], match[2]
        quoted = re.match(r"""(["'])(.*?)\1(?:\s+#.*)?$""", value)
        found[name] = quoted[2] if quoted else re.split(r"(?:^|\s)#", value, maxsplit=1)[0].rstrip()
    return found


def environment(folder: Path | None = None) -> Mapping[str, str]:
    """The process's environment over the ``.env`` of a folder (by default this one); blank values are not there."""
    merged = {**read_env((folder or Path()) / ".env"), **os.environ}
    return {name: value.strip() for name, value in merged.items() if value.strip()}
