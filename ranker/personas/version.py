"""The identity of a persona's text: two texts with the same hash judge alike."""

from __future__ import annotations

import hashlib


def persona_hash(text: str) -> str:
    """Return the SHA-256 of the text as UTF-8, 64 lower-case hex digits.

    Every character counts, line ends too, so a text read from a file must not have its line ends changed
    (`open(path, newline="")`).
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
