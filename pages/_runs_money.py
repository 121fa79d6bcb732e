"""Money and what models were asked, in words: for the list of runs, one run and two beside each other."""

from __future__ import annotations

from ranker.llm.providers import PRESETS
from ranker.scoring.llm.words import strategy_words
from ranker.store.decided import Decided
from ranker.store.run_costs import RunCost
from ranker.store.run_list import RunLine

STRATEGIES = {
    "pointwise": "one question a lead",
    "two-phase": "first who is relevant, then how good, company by company",
    "cascade": "free checks, then in batches, then again who may be contacted",
    "outreach": "who somebody is, then the messages: two questions a person (not tried live)",
}
_WRITING = {"outreach": "Model, two calls a person", "templates": "Templates"}
"""How messages are written, by strategy: none that ranks."""


def strategy_of(decided: Decided) -> str:
    """What it is called where it is chosen, on the page Rank: ``Rules``, ``Model, best for its price``."""
    if decided.strategy in _WRITING:
        return _WRITING[decided.strategy]
    if not decided.is_model:
        return "Rules" if decided.engine else "–"
    return strategy_words(decided.strategy).name


def how_of(decided: Decided) -> str:
    """In short, the model first: ``Rules``, ``gpt-5-mini, best for its price``; a dash where it is not known."""
    called = strategy_of(decided)
    return f"{', '.join(decided.names)}, {called.removeprefix('Model, ')}" if decided.is_model else called


def dollars(usd: float) -> str:
    """``$12.30``; below ten cents with two digits that say something: ``$0.0042``."""
    if usd <= 0:
        return "$0.00"
    if usd >= 0.1:
        return f"${usd:,.2f}"
    places = next(at for at in range(3, 12) if usd >= 10.0 ** (1 - at) or at == 11)
    return f"${usd:.{places}f}"


def cost_of(run: RunLine) -> str:
    """``free`` by rules, ``$0.42``; a cost that is not known is said to be so, and never 0."""
    if run.kind == "import" or not run.engine:
        return "–"
    if run.cost is None:
        return "free"
    if run.state in ("queued", "running"):
        return f"{dollars(run.cost.known)} so far"
    return known(run.cost)


def known(cost: RunCost) -> str:
    """What is known of a cost, and that it is not all."""
    if not cost.unknown:
        return dollars(cost.known)
    return f"{dollars(cost.known)} and more, unknown" if cost.known else "unknown"


def asked_whom(run: RunLine) -> str:
    """``OpenAI: gpt-5-mini``; with several models the task of each: ``OpenAI: qualify gpt-5-nano, rank gpt-5-mini``."""
    models = run.decided.models
    name, _, host = run.decided.provider.partition(":")
    preset = PRESETS.get(name)
    provider = f"{preset.title} ({host})" if preset and host else preset.title if preset else run.decided.provider
    if len(run.decided.names) == 1:
        told = run.decided.names[0]
    else:
        told = ", ".join(f"{task} {model}" for task, model in models.items())
    return f"{provider[:1].upper()}{provider[1:]}: {told}"
