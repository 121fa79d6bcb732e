"""Does a text copy from leads? Then it would know the labels by heart, and people's data would stand in it."""

from __future__ import annotations

from collections.abc import Iterable


class CopyGuard:
    """Made once from what must not be copied: the leads' titles (or other texts), and companies' names and domains."""

    def __init__(self, texts: Iterable[str], companies: Iterable[str]) -> None:
        self._texts, self._companies = tuple(texts), tuple(companies)

    def refusal(self, text: str, start: str) -> str:
        """Why the text is refused, as a sentence without the copied words; "" where nothing in it is new and copied.

        What the start says may stay.
        """
        raise NotImplementedError
