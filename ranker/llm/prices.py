"""What a call costs, in US dollars. A price that is not known is ``None`` everywhere, and never 0."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("prices.json")
_MILLION = 1_000_000.0
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: ``input``, ``cached`` (input read from the provider's cache), ``output``."""

    input: float
    cached: float
    output: float

    def cost(self, tokens_in: int, tokens_cached: int, tokens_out: int) -> float:
        """Dollars for one answer; ``tokens_cached`` are part of ``tokens_in``, thinking is part of the output."""
        fresh = max(0, tokens_in - tokens_cached)
        return (fresh * self.input + tokens_cached * self.cached + tokens_out * self.output) / _MILLION


FREE = Price(0.0, 0.0, 0.0)
"""A model on one's own machine."""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def read_on() -> str:
    """The day on which the prices were read, ``2026-11-21``."""
    return str(_table()["read_on"])


def price_of(provider: str, model: str) -> Price | None:
    """The price of a provider's model; ``None`` where it is not known.

    "gpt-5-mini-2025-08-07" is a dated name of "gpt-5-mini"; nothing else is guessed from a name.
    """
    models = _table()["models"].get(provider, {})
    row = models.get(model) or models.get(_DATED.sub("", model))
    return Price(*row) if row else None
