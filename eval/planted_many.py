"""Figures of very many small companies at once: the same numbers as the real metrics, by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Many:
    """Companies side by side, (companies, most leads), filled up where a company has fewer."""

    sizes: np.ndarray
    labels: np.ndarray
    here: np.ndarray

    @classmethod
    def of(cls, labels: Sequence[np.ndarray]) -> Many:
        """From the labels of each company, infinite for not relevant."""
        sizes = np.array([len(one) for one in labels])
        here = np.arange(sizes.max())[None, :] < sizes[:, None]
        side = np.full(here.shape, np.inf)
        side[here] = np.concatenate(labels)
        return cls(sizes, side, here)

    def means(self, scores: np.ndarray, contact: float) -> dict[str, float]:
        """Mean pairs, f1 and pairs_f1 of these scores (one a lead, companies in order), contacted from ``contact``."""
        side = np.full(self.here.shape, -np.inf)
        side[self.here] = scores
        side[side < contact] = -np.inf  # who is not contacted is tied with the others
        told = (self.labels[:, :, None] < self.labels[:, None, :]) & self.here[:, :, None] & self.here[:, None, :]
        ahead = (side[:, :, None] > side[:, None, :]) + 0.5 * (side[:, :, None] == side[:, None, :])
        total = told.sum(axis=(1, 2))
        wanted, given = np.isfinite(self.labels), np.isfinite(side)
        with np.errstate(invalid="ignore", divide="ignore"):
            pairs = np.where(total > 0, (ahead * told).sum(axis=(1, 2)) / total, np.nan)
            either = wanted.sum(axis=1) + given.sum(axis=1)
            # Where nobody is to be found, f1 has no meaning.
            f1 = np.where(wanted.any(axis=1), 2 * (wanted & given).sum(axis=1) / either, np.nan)
        both = np.stack((pairs, f1))
        defined = ~np.isnan(both)
        some = defined.any(axis=0)
        headline = np.where(defined, both, 0).sum(axis=0)[some] / defined.sum(axis=0)[some]
        return {"pairs": float(np.nanmean(pairs)), "f1": float(np.nanmean(f1)), "pairs_f1": float(headline.mean())}
