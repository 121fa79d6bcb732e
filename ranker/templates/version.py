"""The identity of a template's text: two texts with the same hash ask alike."""

from __future__ import annotations

import hashlib


def plain_text(content: str) -> str:
    """The text with every line end a newline, as it is kept and hashed: a browser and a file of Windows change them."""
    return content.replace("\r\n", "\n").replace("\r", "\n")


def template_hash(content: str) -> str:
    """The first 16 hex digits of the SHA-256 of the text as UTF-8; variants name templates by it."""
    return hashlib.sha256(plain_text(content).encode("utf-8")).hexdigest()[:16]
