"""One spelling for comparing, searching and sorting text: no case, no accents, single spaces."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """``text`` in lower case without accents; "Ünal  Şahin" and "unal sahin" are the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def like(text: str) -> str:
    """A LIKE pattern, to be used with ESCAPE '!', that finds the folded text anywhere."""
    return like_as_it_is(fold(text))


def like_as_it_is(text: str) -> str:
    """A LIKE pattern, to be used with ESCAPE '!', that finds the text anywhere, sign for sign."""
    plain = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{plain}%"
