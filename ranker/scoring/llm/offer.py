"""Whether a language model can be asked now, by which strategies, and who would get to know what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ranker.errors import LlmSetup, NoKey, SpendingOff
from ranker.llm.overview import rates
from ranker.llm.prices import FREE
from ranker.llm.providers import on_this_machine
from ranker.llm.settings import Provider, Settings, check_key, load_settings
from ranker.llm.spending import check_spending
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.words import strategies

SENT = "the persona, and of each lead the job title, company name, domain, size and industry"
"""What leaves with a question."""


@dataclass(frozen=True, slots=True)
class Offer:
    """``strategies`` that can be chosen, the one to begin with first; none where no model can be asked now.

    ``wrong``: which setting makes no sense, or switches paid calls off; "" where just nothing is set up.
    """

    strategies: tuple[str, ...]
    settings: Settings | None
    wrong: str = ""


def offer() -> Offer:
    """What can be chosen, by the settings as they are now; nothing is sent."""
    try:
        settings = load_settings()
        check_key(settings)
        check_spending(replace(settings, max_usd=None), sorted({task for tasks in TASKS.values() for task in tasks}))
    except NoKey:
        return Offer((), None)
    except LlmSetup as error:
        return Offer((), None, error.message)
    except SpendingOff:
        return Offer((), None, "Paid calls are switched off (RANKER_CAN_SPEND), so that no model is asked.")
    return Offer(strategies(), settings)


def with_choice(settings: Settings, model: str, limit: float | None) -> Settings:
    """The settings with a model for every task and a limit in dollars for the run.

    The model that is set leaves a task's own model as it is; without a limit that of the settings holds.
    """
    named = model.strip()
    asked = settings if named in {"", settings.providers[0].model} else settings.with_model(named)
    return asked.with_cap(limit)


def asked_of(settings: Settings) -> str:
    """Who is asked, in order: ``OpenAI``, or ``OpenAI, or Groq where that fails``."""
    first, *others = dict.fromkeys(_title(one) for one in settings.providers)
    return first + (f", or {' or '.join(others)} where that fails" if others else "")


def stays_here(settings: Settings) -> bool:
    """Whether everything that is asked stays on this computer."""
    return all(
        on_this_machine(one.base_url) and not (one.preset.local and "cloud" in one.model.rpartition(":")[2])
        for one in settings.providers
    )


def price_told(provider: Provider, model: str) -> str:
    """What a model costs, in words; dollars for a million tokens."""
    price = provider.price(model)
    if price is None:
        return "its price is not known here"
    if price == FREE:
        return "free"
    return rates(price)


def _title(provider: Provider) -> str:
    if provider.preset.name == "other":
        return urlsplit(provider.base_url).netloc.rpartition("@")[2]
    return provider.preset.title
