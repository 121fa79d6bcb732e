"""How far a search goes, and how it is judged. The defaults are those of the page and of the command line."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides a search besides what it works on: the same settings and subject give the same outcome.

    ``variants``: new texts tried in a generation, over all parents. ``beam``: how many of the best go on; the start
    goes on in any case. ``patience``: generations without a better best after which it ends early. ``folds``: parts
    of the training companies for the nested cross-validation; 0 switches it off. ``hold_out``: the share of companies
    that no search sees, where there are at least ``hold_out_from`` of them; 0 for none. Raises UsageError.
    """

    generations: int = 5
    variants: int = 8
    beam: int = 3
    patience: int = 3
    folds: int = 5
    hold_out: float = 0.25
    hold_out_from: int = 12
    seed: int = 1

    def __post_init__(self) -> None:
        for name, least, value in (
            ("generations", 1, self.generations),
            ("variants", 1, self.variants),
            ("beam", 1, self.beam),
            ("patience", 1, self.patience),
            ("folds", 0, self.folds),
            ("hold_out_from", 2, self.hold_out_from),
        ):
            if value < least:
                raise UsageError(f"{name} is {value}, but must be at least {least}.")
        if self.folds == 1:
            raise UsageError("folds is 1, but it takes at least 2 to leave one out; 0 switches cross-validation off.")
        if not 0 <= self.hold_out < 1:
            raise UsageError(f"hold_out is {self.hold_out}, but must be a share from 0 to below 1.")
