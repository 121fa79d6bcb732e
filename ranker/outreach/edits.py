"""A sequence put right by hand is another sequence: the one before stays as it was, with its approval or without.

What a person wrote is held to the same lengths, and no placeholder passes. Names, numbers, employers and events that
are in no source are marked, not refused: a person may know more than we hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import SequenceRefused, UsageError
from ranker.events import tell
from ranker.outreach.basis import basis
from ranker.outreach.facts import sayable
from ranker.outreach.invented import invented
from ranker.outreach.known import persona_at
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sequence import Known, Message, Source
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.stored import keep_messages, read_sequence
from ranker.personas.catalog import load_version
from ranker.store.clock import now
from ranker.store.engine import Database

_COPIED = (
    "prospect_id", "variant_id", "persona_version_id", "analysis_id", "origin", "reason", "tone", "context", "wanted",
    "fallback", "sources", "input_hash", "summary", "provider", "model",
)  # fmt: skip
"""What a version takes over. Not what was paid: that was paid once."""
_MAKE = text(
    f"INSERT INTO sequence ({', '.join(_COPIED)}, number, parent_id, state, edited, cost_usd, made_by, client, who, "
    f"created_at, ended_at) SELECT {', '.join(_COPIED)}, "
    "(SELECT max(o.number)+1 FROM sequence AS o WHERE o.prospect_id=sequence.prospect_id), id, 'complete', 1, 0, "
    ":made_by, :client, :who, :at, :at FROM sequence WHERE id=:id RETURNING id"
)


def edit(
    database: Database,
    sequence_id: int,
    messages: Mapping[int, str],
    who: str = "",
    *,
    made_by: str = "page",
    client: str = "",
) -> int:
    """Keep changed messages (by step; those left out stay) as the next version; its number in the database.

    Where nothing is another than before, there is no new version and the number is the one given. A changed message has
    no confidence and no reasoning: those were the writer's. Raises ``SequenceRefused`` for a sequence that is not
    complete, and for messages that are blank, too long or have a placeholder, with the words for each in ``steps``:
    nothing is kept then; ``UsageError`` for a step or a sequence that is not there.
    """
    with database.write() as session:
        before = read_sequence(session, sequence_id)
        if before.state != "complete":
            raise SequenceRefused("Only a sequence that is complete can be changed.")
        unknown = sorted(set(messages) - {one.step for one in before.messages})
        if unknown:
            raise UsageError(f"The sequence has no message {unknown[0]}.")
        typed = {step: tidy(said) for step, said in messages.items()}
        changed = {one.step for one in before.messages if typed.get(one.step, one.content) != tidy(one.content)}
        changed &= typed.keys()
        if not changed:
            return sequence_id
        sources = _sources(session, before)
        new = [replace(one, content=typed[one.step]) if one.step in changed else one for one in before.messages]
        wrong = _wrong(new, changed, sources)
        if wrong:
            raise SequenceRefused(_told(wrong), wrong)
        values = {"id": sequence_id, "who": who, "made_by": made_by, "client": client, "at": now()}
        number = int(session.connection().execute(_MAKE, values).scalar_one())
        keep_messages(session, number, [_checked(one, before, sources) if one.step in changed else one for one in new])
    tell("outreach.edited", sequence=sequence_id, version=number, messages=len(changed))
    return number


def tidy(said: str) -> str:
    """A text as a message keeps it: one kind of line end, no space around it, no sign that cannot be written."""
    lines = said.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


def _sources(session: Session, row: SequenceRow) -> tuple[Source, ...]:
    """What was known when it was written: an edit is measured by the same as the text before it."""
    persona = ""
    if row.persona_version_id is not None:
        size = next((one.value for one in row.sources if (one.kind, one.name) == ("lead", "size")), "")
        persona = persona_at(load_version(session, row.persona_version_id), size)
    return sayable(Known(row.prospect_id, row.profile_url, row.lead_id, row.sources, persona), row.context)


def _wrong(messages: Sequence[Message], changed: set[int], sources: Sequence[Source]) -> dict[int, str]:
    """Step → what is wrong with what was typed; only of those that were changed."""
    held = "\n".join(one.value for one in sources)
    found: dict[int, str] = {}
    for one in messages:
        if one.step not in changed:
            continue
        length = len(one.content)
        holes = placeholders(one.content, held)
        if not any(sign.isalnum() for sign in one.content):
            found[one.step] = "Write something: a sequence sends every message."
        elif length > one.longest:
            found[one.step] = (
                f"It has {length:,} characters, {length - one.longest:,} more than the {one.longest} it can have."
            )
        elif holes:
            named = ", ".join(f"“{hole}”" for hole in dict.fromkeys(holes))
            found[one.step] = f"It has a hole that was left to be filled: {named}. Write what stands there."
    return found


def _told(wrong: Mapping[int, str]) -> str:
    steps = sorted(wrong)
    if len(steps) == 1:
        return f"Message {steps[0]} can't be kept like this: {wrong[steps[0]]}"
    return (
        f"Messages {', '.join(map(str, steps[:-1]))} and {steps[-1]} can't be kept like this. Nothing was changed yet."
    )


def _checked(one: Message, row: SequenceRow, sources: Sequence[Source]) -> Message:
    """A changed message with what it names and rests on now."""
    marks = tuple(invented(one.content, sources))
    resting = tuple(basis(one.content, sources, row.analysis, marks))
    return Message(one.step, one.content, marks=marks, basis=resting)
