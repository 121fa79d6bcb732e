"""What the checker and the templates give, where writing asks for it; simple until their own modules are there."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.outreach.sequence import Analysis, Basis, Known, Mark, Message, Request, Source


def invented(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """Words that name something which is in no source; for now nothing is looked at."""
    return ()


def basis(text: str, sources: Sequence[Source], analysis: Analysis | None, marks: Sequence[Mark]) -> tuple[Basis, ...]:
    """What each sentence rests on; for now nothing is looked at."""
    return ()


def templated(known: Known, request: Request) -> tuple[tuple[Message, ...], str]:
    """The messages of templates and a summary in the first person; for now one sentence each."""
    name = known.value("first_name") or known.value("full_name")
    hello = f"Hello {name}," if name else "Hello,"
    said = tuple(
        Message(step, f"{hello} may I ask whether this is a subject for you? This is note {step}.")
        for step in range(1, request.messages + 1)
    )
    return said, "I used a template and asked whether the subject is of interest."
