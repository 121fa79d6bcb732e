"""One sequence as it is kept, and how it is read from its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text

from ranker.outreach import as_json
from ranker.outreach.sequence import Analysis, Message, Origin, Source, State, Usage
from ranker.outreach.tone import Tone


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """One sequence as it is kept. ``number``: the how-manieth of its prospect; ``name``, ``title``, ``company`` of the
    lead today, "" where only an address is known; ``wanted``: messages asked for; ``edited``: a person changed it;
    ``outdated``: what is known of the prospect, or the verdict, is another by now. ``refused``: why they must not be
    contacted at this moment (a key of ``refusals.WORDS``), "" if they may. ``approved_by`` is blank in an installation
    without names: ``approved`` tells.
    """

    id: int
    prospect_id: int
    number: int
    profile_url: str
    lead_id: int | None
    name: str
    title: str
    company: str
    run_id: int | None
    variant_id: int | None
    persona_version_id: int | None
    parent_id: int | None
    state: State
    origin: Origin | None
    edited: bool
    reason: str
    tone: Tone
    preset: str
    context: str
    wanted: int
    fallback: bool
    sources: tuple[Source, ...]
    input_hash: str
    summary: str
    provider: str
    model: str
    usage: Usage
    asked_again: int
    made_by: str
    client: str
    who: str
    approved_by: str
    approved_at: str
    created_at: str
    ended_at: str
    messages: tuple[Message, ...]
    analysis: Analysis | None
    outdated: bool
    refused: str = ""

    @property
    def approved(self) -> bool:
        """Whether a person approved it."""
        return bool(self.approved_at)

    @property
    def marked(self) -> bool:
        """Whether a message names something that is in no source."""
        return any(one.marks for one in self.messages)


SELECT = (
    "SELECT s.*, p.profile_url, p.lead_id, coalesce(l.full_name, '') AS name, coalesce(l.title, '') AS title, "
    "coalesce(nullif(l.company_name, ''), c.name, '') AS company, "
    "a.content AS analysis, a.hash AS analysis_hash, a.model AS analysis_model FROM sequence AS s "
    "JOIN prospect AS p ON p.id=s.prospect_id LEFT JOIN lead AS l ON l.id=p.lead_id "
    "LEFT JOIN company AS c ON c.id=l.company_id LEFT JOIN prospect_analysis AS a ON a.id=s.analysis_id"
)
MESSAGES = text(
    "SELECT step, content, reasoning, confidence, cut, marks, basis FROM sequence_message WHERE sequence_id=:id "
    "ORDER BY step"
)


def message_of(row: Any) -> Message:
    """A row of ``MESSAGES``."""
    step, content, reasoning, confidence, cut, marks, basis = row
    return Message(
        step, content, reasoning, confidence, bool(cut), as_json.marks_of(marks), as_json.basis_of(basis)
    )  # fmt: skip


def sequence_of(row: RowMapping, messages: tuple[Message, ...], today: str, refused: str = "") -> SequenceRow:
    """A row of ``SELECT``. ``today``: the hash of what is known now."""
    tone, preset = as_json.tone_of(row["tone"])
    analysis = None
    if row["analysis_id"] is not None:
        kept = row["analysis"], row["analysis_hash"], row["analysis_model"], row["analysis_id"]
        analysis = as_json.read_analysis(*kept)
    usage = Usage(row["calls"], row["tokens_in"], row["tokens_out"], row["cost_usd"])
    return SequenceRow(
        **{name: row[name] for name in _AS_THEY_ARE},
        origin=row["origin"] or None,
        edited=bool(row["edited"]),
        tone=tone,
        preset=preset,
        fallback=bool(row["fallback"]),
        sources=as_json.sources_of(row["sources"]),
        usage=usage,
        messages=messages,
        analysis=analysis,
        outdated=bool(row["input_hash"]) and (row["input_hash"] != today or refused in {"not_relevant", "not_judged"}),
        refused=refused,
    )


_AS_THEY_ARE = (
    "id", "prospect_id", "number", "profile_url", "lead_id", "name", "title", "company", "run_id", "variant_id",
    "persona_version_id", "parent_id", "state", "reason", "context", "wanted", "input_hash", "summary", "provider",
    "model", "asked_again", "made_by", "client", "who", "approved_by", "approved_at", "created_at", "ended_at",
)  # fmt: skip
