"""The addresses of the API that need a key where keys are set."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from ranker.api.answers import SequenceAnswer, Status, answer_of, status_of
from ranker.api.fields import LARGEST_ID, GenerateRequest
from ranker.api.generate import generate, look_up
from ranker.api.refusal import Problems, Refusal
from ranker.api.service import Service
from ranker.outreach.prospect_list import ProspectFilters, page_prospects

T = TypeVar("T")
MOST_ROWS = 200


def _told(*statuses: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problems, "description": words} for status, words in statuses}


_ANY = _told(
    (400, "Not called by its own name, or a body that can't be read."),
    (401, "A key is needed, and none or a wrong one came."),
    (422, "A field is missing or can't be used; `loc` and `msg` name it."),
    (429, "This key asked too often in this minute; `Retry-After` says how many seconds to wait."),
    (500, "Something went wrong here."),
    (503, "The database, or the file of keys, can't be read just now."),
    (507, "The disk is full; nothing was kept."),
)
_WHOM = _told(
    (408, "The body did not come in time."),
    (413, "The body is larger than 64 KB."),
    (415, "The body is not said to be JSON."),
    (402, "The limit of money of this key and day is reached, and `fallback` is false."),
    (404, "There is no such lead."),
    (409, "This person must not be contacted: on the do-not-contact list, not relevant, or not judged yet."),
    (410, "This person was deleted here."),
    (502, "No model could be asked, or none gave a usable answer, and `fallback` is false."),
)
_NOT_FOUND = _told((404, "There is no such sequence."))
router = APIRouter(prefix="/api", responses=_ANY)


class ProspectAnswer(BaseModel):
    """Somebody to whom something was written."""

    model_config = ConfigDict(extra="forbid")

    prospect_id: int
    profile_url: str = Field(description="In one spelling; empty where only the lead is known.")
    lead_id: int | None = Field(description="Null where only an address is known.")
    name: str
    title: str
    company: str
    do_not_contact: bool
    sequences: int = Field(description="How many there are.")
    newest_sequence_id: int | None
    newest_status: Status | None = Field(description="Of the newest sequence; null where there is none.")
    approved: bool = Field(description="Whether a person approved one of the sequences.")
    written_at: str = Field(description="When the newest was asked for, in UTC; empty where there is none.")


class ProspectsAnswer(BaseModel):
    """One page of prospects, those first to whom something was written last."""

    model_config = ConfigDict(extra="forbid")

    prospects: list[ProspectAnswer]
    total: int = Field(description="Prospects that fit the search, on all pages.")
    limit: int
    offset: int


@router.post("/generate-sequence", tags=["sequences"], summary="Write a sequence", responses=_WHOM)
async def generate_sequence(request: Request, asked: GenerateRequest) -> SequenceAnswer:
    """Analyses the prospect, writes the messages, keeps and answers them. Each request makes another sequence.

    It takes as long as the model does, some seconds to a minute; whoever hangs up before has no sequence, and pays no
    answer twice when asking again. With `fallback` (the default) a model that can't be asked, a failed call and a limit
    of money that is reached are answered with a template: `status` is `fallback`, `reason` says why.
    """
    work = generate(_service(request), request.state.key, asked)
    row, clamped = await _unless_gone(request, work)
    return answer_of(row, clamped)


@router.get("/sequences/{sequence_id}", tags=["sequences"], summary="Look a sequence up", responses=_NOT_FOUND)
async def read_sequence(
    request: Request, sequence_id: Annotated[int, Path(ge=1, le=LARGEST_ID, description="Its number.")]
) -> SequenceAnswer:
    """The sequence as it was written, or as a person edited it if that is what this number stands for."""
    return answer_of(await _service(request).read(lambda session: look_up(session, sequence_id)))


@router.get("/prospects", tags=["prospects"], summary="List prospects")
async def list_prospects(
    request: Request,
    search: Annotated[str, Query(max_length=200, description="In name, title, company or address.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Prospects on a page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=LARGEST_ID, description="How many to leave out before it.")] = 0,
) -> ProspectsAnswer:
    """Everybody to whom something was written, on the page Outreach or here."""
    if "\0" in search:
        raise Refusal(422, "value_error", "search has a character in it that is no text.", ("query", "search"))
    page = await asyncio.to_thread(
        page_prospects, _service(request).database, ProspectFilters(search=search), offset=offset, limit=limit
    )
    rows = [
        ProspectAnswer(
            prospect_id=one.id,
            profile_url=one.profile_url,
            lead_id=one.lead_id,
            name=one.name,
            title=one.title,
            company=one.company,
            do_not_contact=one.suppressed,
            sequences=one.sequences,
            newest_sequence_id=one.sequence_id,
            newest_status=None if one.sequence_id is None else status_of(one.state, one.origin),
            approved=one.approved is not None,
            written_at=one.written,
        )
        for one in page.rows
    ]
    return ProspectsAnswer(prospects=rows, total=page.matching, limit=limit, offset=offset)


def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


async def _unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of work that ends where the client hangs up: nobody would read it, and it may cost money."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Refusal(400, "gone", "The connection was closed before the sequence was there.")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
