"""What is answered: a sequence in one shape, whether it was just made or is looked up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ranker.api.example import EXAMPLE
from ranker.outreach.sequence import Kind, Message, Rests, SourceKind
from ranker.outreach.sequence_row import SequenceRow

TEMPLATE = "template"
Status = Literal["complete", "fallback", "failed", "waiting"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceAnswer(_Answer):
    """Something that is held about the prospect, the persona or the sender's company."""

    kind: SourceKind
    name: str = Field(description="The lead's column, or the persona's line.", examples=["title"])
    value: str


class BasisAnswer(_Answer):
    """What a part of a message rests on. `start` and `end` count characters from 0; `end` is the first one after it."""

    start: int
    end: int
    rests_on: Rests = Field(description="`inferred`: about the prospect and in no source; `none`: claims nothing.")
    sources: list[SourceAnswer]


class ClaimAnswer(_Answer):
    """Words that name something that is in no source: look at them before you send it."""

    kind: Kind
    text: str
    start: int
    end: int


class MessageAnswer(_Answer):
    """One message."""

    step: int = Field(ge=1)
    content: str = Field(description="What is sent.")
    thinking_process: str = Field(description="Why it is written so, in the first person.")
    confidence_score: Share | None = Field(description="0 to 1; null for a template.")
    character_limit: int = Field(description="Characters that it can have: 299 for the first, 499 for each other.")
    cut: bool = Field(description="Whether it was too long and ends earlier, at the end of a sentence.")
    unsupported_claims: list[ClaimAnswer]
    basis: list[BasisAnswer]


class SignalAnswer(_Answer):
    """Something that was noticed about the prospect."""

    text: str
    rests_on: str = Field(description="The source's name, or `inferred`.", examples=["title"])


class AnalysisAnswer(_Answer):
    """What the model said of the prospect before it wrote; of an address alone, that nothing is known."""

    summary: str
    role: str
    signals: list[SignalAnswer]


class TokenUsage(_Answer):
    """Tokens as the provider counted them, failed attempts included."""

    prompt: int
    completion: int
    total: int


class ToneAnswer(_Answer):
    """The tone that was used."""

    values: dict[str, Share] = Field(examples=[{"formality": 0.7, "warmth": 0.5, "directness": 0.3}])
    words: dict[str, str] = Field(description="What the writer is told for each value.")


class SequenceAnswer(_Answer):
    """A sequence. It never changes; only `approved` does, by a person's click."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    sequence_id: int
    prospect_id: int
    status: Status = Field(
        description="`complete`: a model wrote it. `fallback`: templates, because no model could be asked or it gave "
        "no usable answer; `reason` says why. `failed` and `waiting`: there are no messages; never of a new one."
    )
    reason: str = Field(description="Why it is no model's, or failed; empty otherwise.", examples=[""])
    prospect_analysis: AnalysisAnswer | None = Field(
        description="What was noted before writing, also where the writing failed; null where nothing was."
    )
    messages: list[MessageAnswer]
    thinking_process_summary: str
    model_used: str = Field(description="The model that answered, or `template`.", examples=["gpt-5-mini", TEMPLATE])
    token_usage: TokenUsage
    cost_usd: float | None = Field(description="Dollars; null where it is not known.")
    tone: ToneAnswer
    clamped: dict[str, float] = Field(
        description="Values of the tone that were outside 0 to 1, as they were given; told once, to whoever gave them.",
        examples=[{}],
    )
    approved: bool = Field(description="Whether a person approved it on the page Outreach.")
    created_at: str = Field(description="UTC.", examples=["2026-11-21T04:09:29Z"])


def answer_of(row: SequenceRow, clamped: dict[str, float] | None = None) -> SequenceAnswer:
    """A sequence as it is answered."""
    analysis, usage = row.analysis, row.usage
    return SequenceAnswer(
        sequence_id=row.id,
        prospect_id=row.prospect_id,
        status=status_of(row.state, row.origin),
        reason=row.reason,
        prospect_analysis=None
        if analysis is None
        else AnalysisAnswer(
            summary=analysis.summary,
            role=analysis.role,
            signals=[SignalAnswer(text=one.text, rests_on=one.rests) for one in analysis.signals],
        ),
        messages=[_message(one) for one in row.messages],
        thinking_process_summary=row.summary,
        model_used=row.model if row.origin == "model" else TEMPLATE,
        token_usage=TokenUsage(
            prompt=usage.tokens_in, completion=usage.tokens_out, total=usage.tokens_in + usage.tokens_out
        ),
        cost_usd=usage.usd,
        tone=ToneAnswer(values=row.tone.as_json(), words=row.tone.words()),
        clamped=clamped or {},
        approved=row.approved,
        created_at=row.created_at,
    )


def status_of(state: str, origin: str | None) -> Status:
    """The status of a sequence; templates are never told as a model's."""
    if state == "complete":
        return "complete" if origin == "model" else "fallback"
    return "failed" if state == "failed" else "waiting"


def _message(one: Message) -> MessageAnswer:
    return MessageAnswer(
        step=one.step,
        content=one.content,
        thinking_process=one.reasoning,
        confidence_score=one.confidence,
        character_limit=one.longest,
        cut=one.cut,
        unsupported_claims=[
            ClaimAnswer(kind=mark.kind, text=mark.text, start=mark.start, end=mark.end) for mark in one.marks
        ],
        basis=[
            BasisAnswer(
                start=part.start,
                end=part.end,
                rests_on=part.rests,
                sources=[SourceAnswer(kind=it.kind, name=it.name, value=it.value) for it in part.sources],
            )
            for part in one.basis
        ],
    )
