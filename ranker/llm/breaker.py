"""A circuit breaker: a provider that fails again and again is left alone for a while, then tried with one call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Breaker:
    """Opens after ``most`` failures in a row; ``cool`` seconds later one call may try, and its outcome decides.

    After ``chances`` such tries without an answer the provider counts as out of order, until ``good``. ``in_row``
    counts the failures since the last answer.
    """

    most: int = 6
    cool: float = 15.0
    chances: int = 3
    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    in_row: int = 0
    opened: int = 0
    until: float = 0.0

    @property
    def given_up(self) -> bool:
        """Whether the provider is out of order."""
        return self.opened > self.chances

    def wait(self) -> float:
        """Seconds until it may be tried again; 0 while it works."""
        return max(0.0, self.until - self.clock())

    def good(self) -> None:
        """It answered."""
        self.failures = self.in_row = self.opened = 0
        self.until = 0.0

    def bad(self) -> bool:
        """It failed; True if that opened the breaker."""
        self.failures += 1
        self.in_row += 1
        if self.wait() > 0 or self.failures < (self.most if self.opened == 0 else 1):
            return False
        self.opened += 1
        self.failures = 0
        self.until = self.clock() + self.cool
        return True
