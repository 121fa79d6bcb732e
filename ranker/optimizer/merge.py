"""Two good changes in one text: what each of two candidates changed, put together without asking anybody.

A proposer changes one thing at a time, and a generation finds several changes that help. Source: the merge of Agrawal
et al. 2025, "GEPA: Reflective Prompt Evolution Can Outperform Reinforcement Learning", appendix F; here by lines, as
versions of a file are merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from ranker.optimizer.memory import Candidate
from ranker.optimizer.subject import Proposal

_LOOKED_AT = 12
"""Candidates whose pairs are looked at, the best first."""

_Change = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Merged:
    """A text made of two candidates; ``parent`` is the better one."""

    parent: int
    proposal: Proposal


def merges(
    candidates: Sequence[Candidate], means: Mapping[int, float], order: Sequence[int], wanted: int
) -> list[Merged]:
    """At most ``wanted`` new texts, those of the largest expected mean first.

    ``means``: pairs_f1 of each candidate that was evaluated; ``order``: these, the best first. Two are merged where
    both are better than the text that both come from, and together should be better than the best: the mean of one
    plus what the other gained.
    """
    found = []
    for one, other in combinations(order[:_LOOKED_AT], 2):
        base = _common(candidates, one, other)
        if base in (one, other) or min(means[one], means[other]) <= means[base]:
            continue
        expected = means[one] + means[other] - means[base]
        if expected > means[order[0]]:
            found.append((-expected, order.index(one), order.index(other), one, other, base))
    texts = {candidate.text for candidate in candidates}
    chosen: list[Merged] = []
    for *_, one, other, base in sorted(found):
        if len(chosen) == wanted:
            break
        text = merged(candidates[base].text, candidates[one].text, candidates[other].text)
        if text is not None and text not in texts:
            texts.add(text)
            chosen.append(Merged(one, Proposal(text, *_words(candidates, one, other, base))))
    return chosen


def merged(base: str, one: str, other: str) -> str | None:
    """``one`` with what ``other`` changed in ``base`` too, by whole lines; None where both changed the same place."""
    # A text whose last line doesn't end would else have changed there wherever a line is added.
    open_end = not base.endswith("\n")
    lines = _lines(base)
    ours, theirs = _changes(base, one), _changes(base, other)
    if any(_clash(mine, yours) for mine in ours for yours in theirs):
        return None
    text: list[str] = []
    at = 0
    for start, end, new in sorted([*ours, *theirs], key=lambda change: change[:2]):
        text += [*lines[at:start], *new]
        at = end
    whole = "".join([*text, *lines[at:]])
    return whole.removesuffix("\n") if open_end else whole


def _lines(text: str) -> list[str]:
    return (text if text.endswith("\n") or not text else text + "\n").splitlines(keepends=True)


@lru_cache(maxsize=512)
def _changes(base: str, text: str) -> tuple[_Change, ...]:
    """Kept, as the same few texts are looked at again in every generation and whenever a search goes on."""
    new = _lines(text)
    codes = SequenceMatcher(None, _lines(base), new, autojunk=False).get_opcodes()
    return tuple((start, end, tuple(new[low:high])) for kind, start, end, low, high in codes if kind != "equal")


def _clash(one: _Change, other: _Change) -> bool:
    # Two insertions at one place may stand one after the other, unless they say the same.
    if one[:2] == other[:2] and one[0] == one[1]:
        return bool(set(one[2]) & set(other[2]))
    return one[0] < other[1] and other[0] < one[1]


def _common(candidates: Sequence[Candidate], one: int, other: int) -> int:
    """The latest text that both come from; a candidate comes from itself."""
    line = {one}
    while (parent := candidates[one].parent) is not None:
        line.add(one := parent)
    while other not in line:
        other = candidates[other].parent or 0
    return other


def _words(candidates: Sequence[Candidate], one: int, other: int, base: int) -> tuple[str, str]:
    """Critique and edit; the edit tells only what is new to ``one``, whose own edits are its own steps."""
    whom = "the start" if base == 0 else f"no. {base}"
    taken: list[str] = []
    step = other
    while step != base:
        taken.insert(0, candidates[step].edit)
        step = candidates[step].parent or 0
    return (
        f"No. {one} and no. {other} are both better than {whom}, by changes at different places.",
        f"Taken over from no. {other}: {' '.join(taken)}",
    )
