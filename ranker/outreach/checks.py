"""What the checker gives, where writing asks for it; simple until its own modules are there."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.outreach.sequence import Analysis, Basis, Mark, Source


def basis(text: str, sources: Sequence[Source], analysis: Analysis | None, marks: Sequence[Mark]) -> tuple[Basis, ...]:
    """What each sentence rests on; for now nothing is looked at."""
    return ()
