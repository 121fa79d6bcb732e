"""One request for a sequence: whom, what is known, writing, keeping. Nothing stands half in the database.

A sequence is kept whole, in one transaction, after the last call; whoever goes away before leaves none, and what was
asked till then is kept for whoever asks the same again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ranker.api.fields import GenerateRequest
from ranker.api.keys import ApiKey
from ranker.api.refusal import Refusal
from ranker.api.service import Service
from ranker.errors import CapReached, LlmError, ProspectRefused, UsageError
from ranker.llm.settings import load_settings
from ranker.outreach import outreach_model, refusals, stored
from ranker.outreach.analysing import hash_of
from ranker.outreach.known import known_of
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.prospects import prospect_of_url, prospects_of_leads
from ranker.outreach.sequence import Analysis, Known, Request, Written
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.turns import turn_of
from ranker.outreach.writing import Asked, attempt, by_template, failed
from ranker.scoring.llm.templates import Prompt
from ranker.store.ai_calls import last_call
from ranker.templates.shipped import seed_templates
from ranker.who import who

GONE = "This person was deleted here, so nothing is written to them."
_STATUS = {"deleted": 410}


@dataclass(frozen=True, slots=True)
class _Ready:
    """All that writing needs; ``model`` is None where ``why`` says that none can be asked."""

    known: Known
    variant: int
    model: OutreachModel | None
    why: LlmError | None
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    kept: Analysis | None = None
    turn: int = 0


async def generate(service: Service, key: ApiKey, asked: GenerateRequest) -> tuple[SequenceRow, dict[str, float]]:
    """The sequence as it is kept, and the values of the tone that were outside, as given.

    Raises ``Refusal``: 404, 409, 410 and 422 for whom it is, and where no template may stand in 402 for a limit of
    money and 502 for any other failure.
    """
    tone, clamped = asked.tov_config.tone()
    request = Request(tone, asked.company_context, asked.sequence_length, asked.fallback)
    model, why = await asyncio.to_thread(_model, service, key)
    ready = await service.write(lambda session: _prepare(session, asked, model, why))
    async with service.alone_with(ready.known.prospect_id) as waited:
        if waited:  # another text, from an analysis that is there by now
            ready = await service.write(lambda session: _prepare(session, asked, model, why))
        written, error = await _write(service, key, ready, request)
        row, told = await service.write(
            lambda session: (_keep(session, key, ready, request, written), last_call(session))
        )
        service.told[row.prospect_id] = told
    if row.state == "failed":
        status = 402 if isinstance(error, CapReached) else 502
        raise Refusal(status, error.code if error is not None else "llm.call", row.reason)
    return row, clamped


def _model(service: Service, key: ApiKey) -> tuple[OutreachModel | None, LlmError | None]:
    """The model with the limit of this key, or why none can be asked."""
    try:
        model = OutreachModel(load_settings().with_cap(key.usd_per_day))
        model.check()
        if not service.seeded:
            seed_templates(service.database)
            service.seeded = True
    except LlmError as error:
        return None, error
    return model, None


def _prepare(session: Session, asked: GenerateRequest, model: OutreachModel | None, why: LlmError | None) -> _Ready:
    number = _prospect(session, asked)
    known = known_of(session, [number])[number]
    prompts: dict[str, Prompt] = {}
    if model is not None:
        try:
            prompts = model.prompts(session)
            variant, _ = model.keep(session)
        except LlmError as error:  # such as a prompt that can't be used
            model, why = None, error
    if model is None:
        variant, _ = outreach_model.keep_templates(session)
        return _Ready(known, variant, None, why)
    first = model.settings.providers[0]
    digest = hash_of(known, prompts["analyse"], first.name, first.model_for("analyse"))
    kept = stored.analysis_of(session, number, digest)
    return _Ready(known, variant, model, None, prompts, kept, turn_of(session, number, variant))


def _prospect(session: Session, asked: GenerateRequest) -> int:
    """The prospect's number, made where there is none. Raises ``Refusal``."""
    if asked.prospect_url is not None:
        place = ("body", "prospect_url")
        try:
            return prospect_of_url(session, asked.prospect_url).id
        except ProspectRefused as error:
            raise Refusal(
                _STATUS.get(error.reason, 409), f"{error.code}.{error.reason}", error.message, place
            ) from None
    assert asked.lead_id is not None
    place = ("body", "lead_id")
    held = refusals.of_leads(session, [asked.lead_id]).get(asked.lead_id)
    if held is not None:
        raise Refusal(_STATUS.get(held, 409), f"outreach.prospect.{held}", refusals.WORDS[held], place)
    found = prospects_of_leads(session, [asked.lead_id]).get(asked.lead_id)
    if found is None:
        raise Refusal(404, "not_found", f"There is no lead {asked.lead_id}. It may have been deleted.", place)
    return found


async def _write(service: Service, key: ApiKey, ready: _Ready, request: Request) -> tuple[Written, LlmError | None]:
    """What came of it, and the error of the call that failed, if one did."""
    known = ready.known
    if ready.model is None:
        assert ready.why is not None
        if not request.fallback:
            return failed(known, request, ready.why.message), ready.why
        return by_template(known, request, "template", ready.why.message), None
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    async with service.models.client(ready.model.settings, f"api-{key.name}-{day}") as client:
        asked = Asked(client, service.told.get(known.prospect_id, 0))
        try:
            return await attempt(asked, ready.prompts, known, request, ready.kept, ready.turn), None
        except LlmError as error:
            return failed(known, request, error.message, await asked.usage(), asked.analysis), error


def _keep(session: Session, key: ApiKey, ready: _Ready, request: Request, written: Written) -> SequenceRow:
    """Keep it whole, unless the person went or must not be contacted any more."""
    number = ready.known.prospect_id
    if number not in known_of(session, [number]):
        raise Refusal(410, "outreach.prospect.deleted", GONE)
    held = refusals.of_prospects(session, [number]).get(number)
    if held is not None:
        raise Refusal(_STATUS.get(held, 409), f"outreach.prospect.{held}", refusals.WORDS[held])
    begun = stored.begin(
        session, [number], request, variant_id=ready.variant, who=who(), made_by="api", client=key.name
    )  # fmt: skip
    stored.keep(session, begun[number], written, ready.known, variant_id=ready.variant)
    return stored.read_sequence(session, begun[number])


def look_up(session: Session, sequence_id: int) -> SequenceRow:
    """A sequence that is kept. Raises ``Refusal`` if there is none."""
    try:
        return stored.read_sequence(session, sequence_id)
    except UsageError:
        raise Refusal(
            404, "not_found", f"There is no sequence {sequence_id}. It may have been deleted with its prospect.",
            ("path", "sequence_id"),
        ) from None  # fmt: skip
