"""What is set for language models, what each setting does, and where its value comes from; never a key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from ranker.errors import PriceUnknown, SpendingOff
from ranker.llm.prices import FREE, Price, price_list
from ranker.llm.settings import TASKS, Provider, Settings
from ranker.llm.sources import Place, Sources
from ranker.llm.spending import check_spending
from ranker.store.provider_states import ProviderState, seconds_left

TASK_NAMES = {
    "qualify": "the first look at many leads", "rank": "the closer look at those that are left",
    "critique": "finding what is wrong with a text (optimizing, not tried live)",
    "edit": "mending it (optimizing, not tried live)",
    "analyse": "looking at a prospect (outreach, not tried live)",
    "write": "writing the messages (outreach, not tried live)",
}  # fmt: skip
_RANKING = ("qualify", "rank")
_PLACES: dict[Place, str] = {
    "environment": "from the environment", ".env": "from the file .env", "app": "from this page",
    "key file": "from this page, in a file for its owner only", "default": "default",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One setting. ``variable``: its name outside the app; ``told``: what it does, or would do if it were set."""

    name: str
    value: str
    source: str
    variable: str
    told: str


@dataclass(frozen=True, slots=True)
class Overview:
    """``ready``: whether a model could be asked now; ``why_not``: what is missing for that, ``""`` if nothing is.

    ``price``: what the first provider's model costs, in words; ``price_known``: whether a limit of money can be held.
    """

    ready: bool
    why_not: str
    provider: str
    model: str
    address: str
    key: str
    key_place: Place
    price: str
    price_known: bool
    lines: tuple[Line, ...]


def overview(found: Sources, settings: Settings) -> Overview:
    """Everything that is set, in words, for every task that has a model. Raises ``LlmSetup`` for a key that is none."""
    first = settings.providers[0]
    _, place = found.key_for(first.preset, first.base_url)
    model = first.model
    why_not = ""
    if first.preset.needs_key and not first.key:
        why_not = f"No key for {first.preset.title} is set."
    else:
        try:
            check_spending(settings, [task for kind in _RANKING for task in TASKS[kind]])
        except SpendingOff:
            why_not = "Paid calls are switched off (RANKER_CAN_SPEND)."
        except PriceUnknown as error:
            why_not = error.message
    return Overview(
        not why_not, why_not, title_of(first), model, shown_address(first.base_url), _key(first), place,
        price_words(first, model), first.price(model) is not None, tuple(_lines(found, settings)),
    )  # fmt: skip


def price_words(provider: Provider, model: str) -> str:
    """What a model costs, and where that is from."""
    price = provider.price(model)
    if price is None:
        return "not known here; calls are counted with unknown cost, and a limit in dollars can't be held"
    if price == FREE:
        return "free: it runs on this computer"
    said = rates(price)
    return f"{said} (as you set it)" if provider.own_price is not None else f"{said} ({price_list()})"


def rates(price: Price) -> str:
    """``$0.25 for a million tokens in, $2 out``."""
    return f"${price.input:,.3g} for a million tokens in, ${price.output:,.3g} out"


def title_of(provider: Provider) -> str:
    """A provider's name at the beginning of a line."""
    title = provider.preset.title
    return title[0].upper() + title[1:]


def shown_address(address: str) -> str:
    """An address without a name, a password or what follows a question mark."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_open(address: str) -> bool:
    """Whether what is sent there can be read on the way: not encrypted, and not on this computer."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}


def health_of(settings: Settings, states: dict[str, ProviderState]) -> list[tuple[Provider, ProviderState]]:
    """The providers in the order in which they are asked, each once, with what is known of them."""
    each: dict[str, Provider] = {}
    for provider in settings.providers:
        each.setdefault(provider.name, provider)
    return [(one, states.get(one.name, ProviderState(one.name, "ok"))) for one in each.values()]


def trouble_words(found: ProviderState, wall: float) -> str:
    """What keeps a provider from being asked, and until when; "" for one that is ok. ``wall``: the time of day."""
    if found.state == "ok":
        return ""
    from ranker.llm.failures import POLICIES  # it loads the client, which a page without trouble need not wait for

    words = POLICIES[found.why].words if found.why in POLICIES else "did not answer"
    said = f"The model {words}"
    if found.failures > 1:
        said += f"; {found.failures:,} failures in a row"
    left = seconds_left(found.until, wall)
    when = "with the next call" if left <= 0 else f"in {math.ceil(left)} seconds"
    if left > 99:
        when = f"in {math.ceil(left / 60)} minutes"
    return f"{said}. It is tried again {when}."


def _key(provider: Provider) -> str:
    return "set" if provider.key else "not set" if provider.preset.needs_key else "not set, and none needed"


def _lines(found: Sources, settings: Settings) -> list[Line]:
    first = settings.providers[0]

    def line(name: str, value: str, variable: str, told: str, place: Place | None = None) -> Line:
        return Line(name, value, _PLACES[place or found.place(variable)], variable, told)

    key, place = found.key_for(first.preset, first.base_url)
    asked_first = "RANKER_PROVIDER" if found.place("RANKER_PROVIDER") != "default" else "OPENAI_BASE_URL"
    address = found.place("OPENAI_BASE_URL")
    stand_ins = ", then ".join(
        f"{one.preset.title} ({one.model}; its price: {price_words(one, one.model)})" for one in settings.providers[1:]
    )
    own_price = "default" if first.own_price is None else found.place("RANKER_PRICE_INPUT")
    return [
        line("Provider", title_of(first), "RANKER_PROVIDER", "Who is asked first.", found.place(asked_first)),
        line("Address", shown_address(first.base_url), "OPENAI_BASE_URL", "Where the requests go.", address),
        line("Key", _key(first), first.preset.key_variable,
             "Opens the account that pays for the answers; without one, rules rank.", place if key else "default"),
        line("Model", first.model, "RANKER_MODEL", "Judges the leads."),
        *(
            line(f"Model for {TASK_NAMES.get(task, task)}", _model(first, task), f"RANKER_MODEL_{task.upper()}",
                 "A cheaper model here, or a better one.")
            for task in TASKS
        ),
        line("Service tier", first.asked_tier or "as the provider decides", "RANKER_SERVICE_TIER",
             "“flex” costs half at OpenAI, where answers have time."),
        line("Price", price_words(first, first.model), "RANKER_PRICE_INPUT, RANKER_PRICE_OUTPUT, RANKER_PRICE_CACHED",
             "Dollars for a million tokens, where the price is not known here.", own_price),
        line("Stand-ins", stand_ins or "none", "RANKER_FALLBACKS", "Who is asked, in order, when the first is down."),
        line("Most a ranking may cost", "no limit" if settings.max_usd is None else f"${settings.max_usd:,.2f}",
             "RANKER_MAX_USD", "A ranking, or a run that writes messages, stops before it costs more."),
        line("Paid calls", "allowed" if settings.can_spend else "switched off", "RANKER_CAN_SPEND",
             "“no” blocks every call that costs money."),
        line("Requests a minute", _limit(settings.rpm), "RANKER_RPM", "Holds the pace below what the provider allows."),
        line("Tokens a minute", _limit(settings.tpm), "RANKER_TPM", "Holds the pace below what the provider allows."),
        line("Calls at once", f"{settings.concurrency:,}", "RANKER_CONCURRENCY", "More is faster, up to the limits."),
        line("Temperature", f"{settings.temperature:g}, where the model takes one", "RANKER_TEMPERATURE",
             "Near 0 the same question gets nearly the same answer."),
        line("Seconds for an answer", f"{settings.timeout:g}", "RANKER_TIMEOUT", "A call is given up after that."),
    ]  # fmt: skip


def _model(provider: Provider, task: str) -> str:
    own = provider.models.get(task)
    return f"{provider.model}, as above" if own is None else f"{own}; its price: {price_words(provider, own)}"


def _limit(value: float | None) -> str:
    return "as many as the provider says" if value is None else f"{value:,.0f}"
