"""Batches of the cascade: evenly filled, companies shared where that loses nothing, two orders that even out.

What stands where follows from what the leads are, by a hash: neither the file's order nor the alphabet has a say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ranker.scoring.llm.leads import Lead

Groups = dict[tuple[str, ...], list[list[Lead]]]


def even_batches(leads: Iterable[Lead], most: int) -> list[list[Lead]]:
    """As few batches of up to ``most`` leads of one part of the persona as there can be, all about equally long.

    Several companies share a batch, and a company can be in several: for scores that are absolute. A company's leads
    stand together.
    """
    found: list[list[Lead]] = []
    for companies in _companies(leads, "").values():
        found += evenly([lead for company in companies for lead in company], most)
    return found


def two_orders(leads: Iterable[Lead], most: int) -> tuple[list[list[Lead]], list[list[Lead]]]:
    """The same leads in batches of up to ``most`` twice, in two orders.

    A company that fits into a batch is never divided, and companies share a batch where they fit whole. The second
    order is the first one backwards: what rises or falls evenly with a row's place cancels out in the mean. Where a
    company needs several batches, those of the second order have leads from all of the first.
    """
    one: list[list[Lead]] = []
    other: list[list[Lead]] = []
    for companies in _companies(leads, "again").values():
        shared: list[list[Lead]] = [[]]
        for company in companies:
            if len(company) > most:
                parts = evenly(company, most)
                one += parts
                other += _crossed(parts)
            elif len(shared[-1]) + len(company) > most:
                shared.append(list(company))
            else:
                shared[-1].extend(company)
        one += [batch for batch in shared if batch]
        other += [batch[::-1] for batch in shared if batch]
    return one, other


def evenly(leads: Sequence[Lead], most: int) -> list[list[Lead]]:
    """The leads in order, in as few parts of up to ``most`` as there can be; no part has two more than another."""
    count = -(-len(leads) // most)
    ends = [len(leads) * part // count for part in range(count + 1)] if count else [0]
    return [list(leads[start:end]) for start, end in pairwise(ends)]


def _crossed(parts: Sequence[Sequence[Lead]]) -> list[list[Lead]]:
    """Each place from last to first, taken from another part each time: backwards, and with other neighbours."""
    longest = max(len(part) for part in parts)
    return [
        [
            part[place]
            for place in reversed(range(longest))
            if place < len(part := parts[(number + place) % len(parts)])
        ]
        for number in range(len(parts))
    ]  # fmt: skip


def _companies(leads: Iterable[Lead], salt: str) -> Groups:
    """The leads of each company by part of the persona; companies, and leads within them, in the order of a hash."""
    groups: dict[tuple[str, ...], dict[str, list[Lead]]] = {}
    for lead in sorted(set(leads), key=lambda one: (one.brackets, _hash(salt, one.company), _hash(salt, one.place))):
        groups.setdefault(lead.brackets, {}).setdefault(lead.company, []).append(lead)
    return {brackets: list(companies.values()) for brackets, companies in groups.items()}


def _hash(salt: str, text: str) -> bytes:
    return hashlib.sha256(f"{salt}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
