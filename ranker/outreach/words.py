"""The word lists of the checks: text files in ``data/`` that anyone can extend, one word or phrase a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def listed(name: str) -> frozenset[str]:
    """The lines of ``data/name.txt`` in small letters; a line that begins with "#" is a comment."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(line.casefold().split()) for line in lines if line.strip() and not line.startswith("#"))


@cache
def patterns(name: str) -> tuple[tuple[str, str], ...]:
    """(Label, pattern) of each line of ``data/name.txt``, parted by the first tab; "#" begins a comment line."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t", 1) for line in lines if line.strip() and not line.startswith("#"))
    return tuple((label.strip(), pattern.strip()) for label, pattern in rows)
