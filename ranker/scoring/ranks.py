"""Ranks within a company: assigned by code, from scores alone."""

from __future__ import annotations

from collections.abc import Sequence


def assign_ranks(companies: Sequence[str], scores: Sequence[float | None]) -> list[int | None]:
    """The rank of each lead within its company: 1, 1, 3 for a tie at the top.

    ``companies``: a key for each lead. ``scores``: 0 to 100 for those to contact, ``None`` for all others, who
    get no rank. The order of the leads has no say: shuffled input gives each lead the same rank.
    """
    groups: dict[str, list[int]] = {}
    for at, (company, score) in enumerate(zip(companies, scores, strict=True)):
        if score is not None:
            groups.setdefault(company, []).append(at)
    ranks: list[int | None] = [None] * len(companies)
    for members in groups.values():
        members.sort(key=lambda at: -(scores[at] or 0.0))
        for place, at in enumerate(members, start=1):
            tied = place > 1 and scores[at] == scores[members[place - 2]]
            ranks[at] = ranks[members[place - 2]] if tied else place
    return ranks


def company_key(name: str, domain: str) -> str:
    """The key of a company: its domain without "www.", else its name in one spelling; "" if neither is known."""
    host = domain.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    host = host.split("/")[0].split("?")[0].rstrip(".")
    if "." in host and host not in _SHARED_HOSTS and " " not in host:
        return host
    return " ".join(name.casefold().split())


#: Addresses that many companies share, and that therefore tell none apart.
_SHARED_HOSTS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com yahoo.com icloud.com gmx.de gmx.net web.de linkedin.com "
    "facebook.com instagram.com google.com wixsite.com".split()
)


def top(ranks: Sequence[int | None], most: int) -> list[bool]:
    """Whether each lead is among the first ``most`` of its company; the ties at that place are all in."""
    return [rank is not None and rank <= most for rank in ranks]
