"""From the roles of a title to one person at one size: the best role, and what the others say against it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ranker.scoring.verdict import EXCLUDED_TOO, Verdict
from ranker.titles import Role


@dataclass(frozen=True, slots=True)
class PersonVerdict:
    """The verdict that counts, the role it is on, and the verdicts on every role (``judged``).

    ``mixed``: what the persona wants and what it excludes are both among the roles.
    """

    verdict: Verdict
    role: Role
    judged: tuple[Verdict, ...]
    mixed: bool = False


def judge_person(roles: list[Role], verdicts: list[Verdict], threshold: float) -> PersonVerdict:
    """Put the verdicts on a person's roles together. ``verdicts`` are in the order of ``roles``.

    The best role counts. A second role that is excluded takes some of the score, but as with a role of two
    fields what the persona wants saves what it excludes. Two named titles count a little more than one.
    """
    if len(roles) == 1:
        return PersonVerdict(verdicts[0], roles[0], (verdicts[0],))
    pairs = list(zip(verdicts, roles, strict=True))
    best, role = max(pairs, key=lambda pair: (pair[0].qualified, pair[0].score))
    if not best.qualified:
        # The first role is what people say they are: its reason is the one to give, unless a later one does better.
        first, first_role = next((pair for pair in pairs if pair[0].kind != "away"), pairs[0])
        if best.score <= first.score:
            best, role = first, first_role
        return PersonVerdict(best, role, tuple(verdicts))
    mixed = any(v.kind == "hard" and r.headed and r.employed for v, r in pairs if r is not role)
    named = {v.target.place.start for v in verdicts if v.kind == "target" and v.target is not None}
    if mixed:
        best = replace(best, score=max(best.score * EXCLUDED_TOO, threshold))
    elif len(named) > 1 and best.kind == "target":
        best = replace(best, score=min(100.0, best.score + 0.5))
    return PersonVerdict(best, role, tuple(verdicts), mixed)
