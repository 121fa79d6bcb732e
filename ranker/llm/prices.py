"""What a call costs, in US dollars. A price that is not known is ``None`` everywhere, and never 0.

The rates are those that the package genai-prices carries; nothing is fetched. Not taken from it: prices by a name that
only begins alike, another provider's price for the same model, and prices that change with the hour (its hours leave
out weekends and holidays). Those are unknown here, until the user says what the model costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

_MILLION = 1_000_000.0
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_LISTED = {"openai": "openai", "openrouter": "openrouter", "groq": "groq", "gemini": "google", "deepseek": "deepseek"}
"""Our providers, and what the list calls them."""
STANDARD = frozenset({"", "default", "standard", "on_demand"})
"""What providers call the service tier of the plain price."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: ``input``, ``cached`` (input read from the provider's cache), ``output``, and
    ``written`` (input kept in its cache; ``None``: as ``input``).

    ``longer`` are the prices for all tokens of a call whose input passes so many tokens, the shortest first.
    """

    input: float
    cached: float
    output: float
    written: float | None = None
    longer: tuple[tuple[int, Price], ...] = ()

    def cost(self, tokens_in: int, tokens_cached: int, tokens_out: int, tokens_written: int = 0) -> float:
        """Dollars for one answer; ``tokens_cached`` and ``tokens_written`` are part of ``tokens_in``, and thinking is
        part of the output.
        """
        rates = self._for(tokens_in)
        fresh = max(0, tokens_in - tokens_cached - tokens_written)
        into = fresh * rates.input + tokens_cached * rates.cached + tokens_written * rates._written
        return (into + tokens_out * rates.output) / _MILLION

    def worst(self, tokens_in: int, tokens_out: int) -> float:
        """The most dollars that so many tokens can cost, whatever is cached."""
        rates = self._for(tokens_in)
        return (tokens_in * max(rates.input, rates.cached, rates._written) + tokens_out * rates.output) / _MILLION

    @property
    def _written(self) -> float:
        return self.input if self.written is None else self.written

    def _for(self, tokens_in: int) -> Price:
        return next((price for least, price in reversed(self.longer) if tokens_in > least), self)


FREE = Price(0.0, 0.0, 0.0)
"""A model on one's own machine."""


def price_list() -> str:
    """Where the prices are from, as ``genai-prices 0.2.3``."""
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"


def price_of(provider: str, model: str, tier: str = "", at: datetime | None = None) -> Price | None:
    """The price of a provider's model at a service tier, at a time (now); ``None`` where it is not known.

    "gpt-5-mini-2025-08-07" is a dated name of "gpt-5-mini"; nothing else is guessed from a name.
    """
    day = (at or datetime.now(UTC)).replace(hour=12, minute=0, second=0, microsecond=0)
    return _price_of(provider, model.lower(), "" if tier in STANDARD else tier, day)


@lru_cache(maxsize=256)
def _price_of(provider: str, model: str, tier: str, day: datetime) -> Price | None:
    found = _listed(provider, model)
    if found is None or _by_the_hour(found):
        return None
    context = {"processing": "batch"} if tier == "batch" else {"service_tier": tier}
    active = [v for v in found.price_variants or () if v.constraint is None or v.constraint.active(day)]
    if tier and not any(variant.when == context for variant in active):
        return None
    return _rates(found.get_prices(day, context if tier else None))


def _listed(provider: str, model: str) -> ModelInfo | None:
    """The list's entry of exactly this model at this provider."""
    from genai_prices.data_snapshot import get_snapshot

    if provider not in _LISTED:
        return None
    models = next(one.models for one in get_snapshot().providers if one.id == _LISTED[provider])
    for found in models:
        if found.is_match(model) and (_DATED.sub("", model) == found.id.lower() or model in _names(found.match)):
            return found
    return None


def _names(match: Any) -> set[str]:
    """The names that a rule of the list spells out."""
    from genai_prices.types import ClauseEquals, ClauseOr

    if isinstance(match, ClauseEquals):
        return {match.equals.lower()}
    return {name for one in match.or_ for name in _names(one)} if isinstance(match, ClauseOr) else set()


def _by_the_hour(found: ModelInfo) -> bool:
    from genai_prices.types import TimeOfDateConstraint

    listed = found.prices if isinstance(found.prices, list) else []
    return any(isinstance(one.constraint, TimeOfDateConstraint) for one in listed)


def _rates(listed: ModelPrice) -> Price | None:
    """The list's price as ours; ``None`` if it has no price for plain text, or takes something for each request."""
    from genai_prices.types import TieredPrices

    read = {"input": "input_mtok", "cached": "cache_read_mtok", "output": "output_mtok", "written": "cache_write_mtok"}
    rates = {ours: getattr(listed, theirs) for ours, theirs in read.items()}
    if rates["input"] is None or rates["output"] is None or listed.requests_kcount:
        return None
    if rates["cached"] is None:
        rates["cached"] = rates["input"]

    def beyond(least: int) -> dict[str, float | None]:
        """The rates of a call with more than so many tokens of input."""
        at = {}
        for name, rate in rates.items():
            if isinstance(rate, TieredPrices):
                steps = [step.price for step in rate.tiers if step.start <= least]
                rate = steps[-1] if steps else rate.base
            at[name] = None if rate is None else float(rate)
        return at

    starts = {step.start for rate in rates.values() if isinstance(rate, TieredPrices) for step in rate.tiers}
    longer = tuple((start, Price(**beyond(start))) for start in sorted(starts))  # type: ignore[arg-type]
    return Price(**beyond(-1), longer=longer)  # type: ignore[arg-type]
