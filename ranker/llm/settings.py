"""What the language model is asked with: providers in order, limits, money. Keys are held here and shown nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from ranker.errors import LlmSetup, NoKey
from ranker.llm.prices import FREE, Price, price_of
from ranker.llm.providers import PRESETS, Preset, on_this_machine, preset_of
from ranker.llm.secret import Secret
from ranker.llm.sources import Sources, gather

DEFAULT_MODEL = "gpt-5-mini"
TASKS = {
    "qualify": ("qualify", "score"), "rank": ("rank", "rescore", "final"), "critique": ("critique",), "edit": ("edit",),
    "analyse": ("analyse",), "write": ("write",),
}  # fmt: skip
"""What can have a model of its own (``RANKER_MODEL_QUALIFY``, …) → the tasks that it is for: the first look at many
leads, the closer one at those that are left, the two steps of an optimization, and the two of writing to a prospect."""

_PATIENCE = {"flex": 900.0}
"""Seconds that an answer may take at a service tier that answers when it has room."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One address that can be asked, with its key and its models.

    ``models`` has the model of each task that has one of its own; ``own_price`` is what the user said it costs.
    ``tier``: the service tier to ask for, where the preset has any.
    """

    preset: Preset
    base_url: str
    key: Secret
    model: str
    models: Mapping[str, str] = field(default_factory=dict)
    own_price: Price | None = None
    tier: str = "default"

    @property
    def name(self) -> str:
        """What tells it from the others: the preset's name, with the host where the address is one's own."""
        if self.preset.name != "other":
            return self.preset.name
        return f"other:{urlsplit(self.base_url).netloc.rpartition('@')[2]}"

    def model_for(self, task: str) -> str:
        """The model for a task."""
        return self.models.get(task, self.model)

    @property
    def asked_tier(self) -> str:
        """The service tier that a request names; "" where it names none."""
        return self.tier if self.preset.tiers else ""

    def price(self, model: str, served: str = "") -> Price | None:
        """What a model costs here, at the tier that was ``served`` or else at the one asked for; ``None`` if that is
        not known. A model on this machine is free.
        """
        if self.own_price is not None:
            return self.own_price
        if self.preset.local and on_this_machine(self.base_url) and "cloud" not in model.rpartition(":")[2]:
            return FREE
        return price_of(self.preset.name, model, served or self.asked_tier)

    def worst(self, model: str, tokens_in: int, tokens_out: int) -> float | None:
        """The most dollars that a request can cost: at the tier asked for, or at the plain one if that is served."""
        prices = self.price(model), self.price(model, "default")
        known = [price.worst(tokens_in, tokens_out) for price in prices if price is not None]
        return max(known) if len(known) == len(prices) else None

    def terms(self, model: str, *, capped: bool) -> dict[str, Any]:
        """What a request says about money: the tier, and at a router, under a limit, the price that may be charged."""
        price = self.price(model) if self.preset.routes and capped else None
        if price is not None:
            most = {"prompt": price.input, "completion": price.output}
            return {"extra_body": {"provider": {"max_price": most}}}
        return {"service_tier": self.asked_tier} if self.asked_tier else {}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to ask. ``providers`` are tried in order; ``rpm`` and ``tpm`` are a minute's requests and tokens, ``None``
    for as many as the provider's headers allow; ``timeout`` is in seconds; ``max_usd`` caps one run or
    optimization, and ``max_calls`` the requests that it may make. From ``repeat`` 2 on, answers kept from before are
    not used, to see whether the same is said again; what is sent stays.
    """

    providers: tuple[Provider, ...]
    rpm: float | None = None
    tpm: float | None = None
    concurrency: int = 20
    temperature: float = 0.1
    timeout: float = 60.0
    max_usd: float | None = None
    can_spend: bool = True
    repeat: int = 1
    max_calls: int | None = None

    def with_model(self, model: str | None) -> Settings:
        """The same with another model for every task at the first provider."""
        if not model:
            return self
        first = replace(self.providers[0], model=model, models={})
        return replace(self, providers=(first, *self.providers[1:]))

    def with_cap(self, dollars: float | None) -> Settings:
        """The same with this limit of money; ``None`` leaves it as it is."""
        return self if dollars is None else replace(self, max_usd=dollars)


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: from ``env`` alone, by default from wherever they can be set (``ranker.llm.sources``).

    Raises ``LlmSetup`` for a value that makes no sense.
    """
    return settings_of(gather() if env is None else Sources.of(env))


def settings_of(found: Sources) -> Settings:
    """The settings that were found. Raises ``LlmSetup`` for a value that makes no sense."""
    said = found.said
    preset, address = first_address(said)
    models = {
        task: said[f"RANKER_MODEL_{kind.upper()}"]
        for kind, tasks in TASKS.items()
        if f"RANKER_MODEL_{kind.upper()}" in said
        for task in tasks
    }
    key, _ = found.key_for(preset, address)
    first = Provider(
        preset, address, key, said.get("RANKER_MODEL", DEFAULT_MODEL), models, _own_price(said), _tier(preset, said)
    )
    return Settings(
        providers=(
            first,
            *(_fallback(one.strip(), found) for one in said.get("RANKER_FALLBACKS", "").split(",") if one),
        ),
        rpm=_number(said, "RANKER_RPM", None, least=1),
        tpm=_number(said, "RANKER_TPM", None, least=1),
        concurrency=int(_number(said, "RANKER_CONCURRENCY", 20, least=1) or 20),
        temperature=_number(said, "RANKER_TEMPERATURE", 0.1, least=0) or 0.0,
        timeout=_number(said, "RANKER_TIMEOUT", _PATIENCE.get(first.tier, 60.0), least=1) or 60.0,
        max_usd=_number(said, "RANKER_MAX_USD", None, least=0),
        can_spend=_yes(said, "RANKER_CAN_SPEND"),
    )


def first_address(said: Mapping[str, str]) -> tuple[Preset, str]:
    """The provider that is asked first, and its address. Raises ``LlmSetup`` for a name or an address that is none."""
    base_url = said.get("OPENAI_BASE_URL", "")
    named = said.get("RANKER_PROVIDER", "").lower()
    if named and named not in PRESETS:
        raise LlmSetup(f"RANKER_PROVIDER “{named}” is not known. It can be: {', '.join(PRESETS)}.")
    if base_url and not _is_address(base_url):
        raise LlmSetup("OPENAI_BASE_URL has to start with http:// or https://.")
    preset = PRESETS[named] if named else preset_of(base_url)
    if preset.name == "other" and not base_url:
        raise LlmSetup("Set OPENAI_BASE_URL to the address of your own provider, for example http://127.0.0.1:8000/v1.")
    return preset, base_url or preset.base_url


def check_key(settings: Settings) -> None:
    """Raise ``NoKey``, saying what to set, unless the first provider can be asked."""
    first = settings.providers[0]
    if first.preset.needs_key and not first.key:
        raise NoKey(
            f"Ranking with a language model needs a key. Set {first.preset.key_variable} (in the environment or in a "
            f"file .env, or enter it on the page Settings) for {first.preset.title}, or OPENAI_BASE_URL for a server "
            "of your own such as Ollama. Without a key, --strategy rules does it on this computer."
        )


def _fallback(text: str, found: Sources) -> Provider:
    name, _, model = text.partition(":")
    preset = PRESETS.get(name.lower())
    if preset is None or not preset.base_url or not model:
        raise LlmSetup(
            f"RANKER_FALLBACKS “{text}” can't be used. Write provider:model, for example groq:llama-3.3-70b-versatile; "
            f"providers: {', '.join(one for one in PRESETS if one != 'other')}."
        )
    key, _ = found.key_for(preset, preset.base_url)
    if preset.needs_key and not key:
        raise LlmSetup(f"RANKER_FALLBACKS names {preset.title}, which needs a key: {preset.key_variable}.")
    return Provider(preset, preset.base_url, key, model)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and parts.hostname is not None and (parts.port or 1) > 0
    except ValueError:
        return False


def _number(said: Mapping[str, str], name: str, default: float | None, *, least: float) -> float | None:
    if name not in said:
        return default
    try:
        value = float(said[name].lstrip("$"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < least:
        raise LlmSetup(f"{name} has to be a number of at least {least:g}.")
    return value


def _tier(preset: Preset, said: Mapping[str, str]) -> str:
    tier = said.get("RANKER_SERVICE_TIER", "default").lower()
    if tier != "default" and tier not in preset.tiers:
        can = ", ".join(preset.tiers) or "default"
        raise LlmSetup(f"RANKER_SERVICE_TIER “{tier}” can't be used with {preset.title}. It can be: {can}.")
    return tier


def _yes(said: Mapping[str, str], name: str) -> bool:
    value = said.get(name, "yes").lower()
    if value not in {"yes", "true", "1", "on", "no", "false", "0", "off"}:
        raise LlmSetup(f"{name} has to be yes or no.")
    return value in {"yes", "true", "1", "on"}


def _own_price(said: Mapping[str, str]) -> Price | None:
    into = _number(said, "RANKER_PRICE_INPUT", None, least=0)
    out = _number(said, "RANKER_PRICE_OUTPUT", None, least=0)
    if (into is None) != (out is None):
        raise LlmSetup("Set both RANKER_PRICE_INPUT and RANKER_PRICE_OUTPUT: dollars for a million tokens.")
    cached = _number(said, "RANKER_PRICE_CACHED", into, least=0)
    return None if into is None or out is None or cached is None else Price(into, cached, out)
