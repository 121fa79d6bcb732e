"""Which companies a search sees: by a seeded hash of their names, so that neither order nor labels decide."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ranker.errors import OptimizerError
from ranker.evaluation.intervals import FEWEST
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings


def split(companies: Sequence[str], settings: Settings) -> Split:
    """The companies for training, in folds, and held out; each part keeps the order in which they are given.

    With fewer than ``settings.hold_out_from`` none is held out; with fewer than two for training there are no folds.
    Raises OptimizerError without a company.
    """
    if not companies:
        raise OptimizerError("There is no labelled company to search with: label some leads first.")
    shuffled = _by_hash(companies, settings.seed, "hold-out")
    count = round(settings.hold_out * len(companies)) if len(companies) >= settings.hold_out_from else 0
    held = frozenset(shuffled[:count])
    training = [company for company in companies if company not in held]
    parts = min(settings.folds, len(training))
    folds: list[frozenset[str]] = []
    if parts >= 2:
        dealt = _by_hash(training, settings.seed, "folds")
        folds = [frozenset(dealt[start::parts]) for start in range(parts)]
    return Split(
        tuple(training),
        tuple(tuple(company for company in companies if company in fold) for fold in folds),
        tuple(company for company in companies if company in held),
        _words(len(training), len(folds), len(held), settings),
    )


def _by_hash(companies: Sequence[str], seed: int, purpose: str) -> list[str]:
    def place(company: str) -> tuple[str, str]:
        text = f"{seed}\x1f{purpose}\x1f{company}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest(), company

    return sorted(companies, key=place)


def _words(training: int, folds: int, held: int, settings: Settings) -> str:
    total = training + held
    if held:
        first = f"{held} of {_companies(total)} are held out until the end; the search sees {training}."
    elif settings.hold_out:
        first = (
            f"All {_companies(total)} are searched: a hold-out takes {settings.hold_out_from}."
            if total > 1
            else "There is 1 company, and it is searched."
        )
    else:
        first = f"No company is held out; the search sees {'all ' if total > 1 else ''}{total}."
    if folds:
        second = f"{folds} further searches leave out a part of them each, and are judged by that part."
    elif held:
        second = "Without cross-validation the hold-out alone decides."
    else:
        second = "Without cross-validation and without a hold-out no gain can be claimed."
    enough = training * bool(folds) + held
    if 0 < enough < FEWEST:
        second += f" A difference takes at least {FEWEST} companies to show."
    return f"{first} {second}"


def _companies(count: int) -> str:
    return "1 company" if count == 1 else f"{count} companies"
