"""What the ledger keeps of a call that came to an end, and what it cost."""

from __future__ import annotations

from ranker.llm.failures import UNSUPPORTED, Failure
from ranker.llm.reply import Reply
from ranker.llm.settings import Provider
from ranker.store.ai_calls import Settled


def settled(provider: Provider, model: str, reply: Reply, failure: Failure | None, took: int) -> Settled:
    """The end of a call to a model that took so many milliseconds.

    It cost what the provider says it charged, else what its counts come to at the tier that was served. A request that
    was turned away cost nothing; of one that got lost, or was served at a price that is not known, the cost is not
    known.
    """
    price, cost = provider.price(model, reply.tier), reply.cost
    counted = reply.tokens_in is not None and reply.tokens_out is not None
    if cost is None and counted and price is not None:
        cached, written = reply.tokens_cached or 0, reply.tokens_written or 0
        cost = price.cost(reply.tokens_in or 0, cached, reply.tokens_out or 0, written)
    turned_away = failure is not None and (failure.kind == UNSUPPORTED or not failure.policy.billed)
    if cost is None and not counted and turned_away:
        cost = 0.0
    return Settled(
        failure.kind if failure else "ok", cost, took, reply.served, reply.tokens_in, reply.tokens_cached,
        reply.tokens_out, reply.tokens_written, reply.tier,
    )  # fmt: skip
