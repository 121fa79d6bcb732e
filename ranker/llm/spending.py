"""Whether calls that cost money may start at all; nothing is asked to find out."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.errors import PriceUnknown, SpendingOff
from ranker.llm.settings import Settings


def check_spending(settings: Settings, tasks: Sequence[str]) -> None:
    """Raise ``SpendingOff`` where paid calls are switched off and one of these tasks would need one, ``PriceUnknown``
    where there is a limit of money and the price of a model that may be asked is not known.
    """
    prices = {
        (provider.preset.title, provider.model_for(task)): provider.price(provider.model_for(task))
        for provider in settings.providers
        for task in tasks
    }
    paid = any(price is None or price.input > 0 or price.output > 0 for price in prices.values())
    if paid and not settings.can_spend:
        raise SpendingOff(
            "Paid calls are switched off (RANKER_CAN_SPEND). Switch them on to ask a model, or use --strategy rules."
        )
    unknown = sorted(f"“{model}” at {title}" for (title, model), price in prices.items() if price is None)
    if unknown and settings.max_usd is not None:
        raise PriceUnknown(
            f"The price of {' and '.join(unknown)} is not known, so a limit of ${settings.max_usd:,.2f} can't be held. "
            "Set RANKER_PRICE_INPUT and RANKER_PRICE_OUTPUT (dollars for a million tokens), or leave the limit out."
        )
