"""Seeds of single steps: each step has its own, decided by where it stands, so that none depends on what ran before."""

from __future__ import annotations

import hashlib


def seed_of(*parts: int | str) -> int:
    """A whole number of 32 bits, decided by all parts in their order."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big")
