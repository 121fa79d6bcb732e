"""A request that is not done as it was asked for: one shape for all of them, with words for a person.

``{"detail": [{"type": "…", "loc": [...], "msg": "…"}]}``, as FastAPI has it for fields. Nothing of the request is
repeated: it may be a person's data or a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError

from ranker.errors import CapReached, LlmError, RankerError, StoreFull

Place = tuple[str | int, ...]


class Problem(BaseModel):
    """One thing that is wrong."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="A code for programs; it stays the same when the wording improves.")
    loc: list[str | int] = Field(description="Where: `body`, `path`, `query` or `header`, then the field.")
    msg: str = Field(description="What is wrong and what to do, in words.")


class Problems(BaseModel):
    """The body of every answer that is not 200."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "detail": [
                        {
                            "type": "string_too_long",
                            "loc": ["body", "company_context"],
                            "msg": "company_context is too long: it can have 2,000 characters at most.",
                        }
                    ]
                }
            ]
        },
    )

    detail: list[Problem]


class Refusal(RankerError):
    """A request that is refused: its status, a code, and where the reason lies."""

    code = "api.refused"

    def __init__(
        self, status: int, kind: str, message: str, loc: Place = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.loc, self.headers = status, kind, loc, dict(headers or {})

    def answer(self) -> JSONResponse:
        """As it is sent."""
        problem = {"type": self.kind, "loc": list(self.loc), "msg": self.message}
        return JSONResponse({"detail": [problem]}, self.status, headers=self.headers)


def refusal_of(error: Exception) -> Refusal:
    """What an error is told as; what nobody foresaw is a 500 that says nothing of it."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, StoreFull):
        return Refusal(507, error.code, error.message)
    if isinstance(error, CapReached):
        return Refusal(402, error.code, error.message)
    if isinstance(error, LlmError):
        return Refusal(502, error.code, error.message)
    if isinstance(error, RankerError):
        return Refusal(400, error.code, error.message)
    if isinstance(error, DBAPIError):
        return Refusal(503, "database", "The database can't be reached just now. Try again in a moment.")
    return Refusal(500, "error", "Something went wrong here, and nothing was kept. The log says where it happened.")


def field_problems(errors: Sequence[Mapping[str, Any]]) -> JSONResponse:
    """A 422: what pydantic found, each with the field's name in words and without what was given."""
    return JSONResponse(
        {
            "detail": [
                {"type": one["type"], "loc": [_printable(part) for part in one["loc"]], "msg": _words(one)}
                for one in errors
            ]
        },
        422,
    )


def _printable(part: str | int) -> str | int:
    """A field's name as it came may hold anything, also half a character."""
    return part if isinstance(part, int) else part[:80].encode("utf-8", "replace").decode()


def _words(one: Mapping[str, Any]) -> str:
    names = [str(_printable(part)) for part in one["loc"][1:]]
    name = ".".join(names) or "The body"
    limits: Mapping[str, Any] = one.get("ctx", {})
    match one["type"]:
        case "missing":
            return f"{name} is missing."
        case "extra_forbidden":
            return f"{name} is not known here. Look for a typing mistake; the fields are in the documentation."
        case "string_too_short":
            return f"{name} is too short: it needs at least {limits['min_length']:,} characters."
        case "string_too_long":
            return f"{name} is too long: it can have {limits['max_length']:,} characters at most."
        case "greater_than_equal":
            return f"{name} has to be at least {limits['ge']:,}."
        case "less_than_equal":
            return f"{name} can be {limits['le']:,} at most."
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{name} has to be a whole number."
        case "float_type" | "finite_number":
            return f"{name} has to be a number."
        case "string_unicode":
            return f"{name} has a character in it that is no text. Remove it, then try again."
        case "string_type":
            return f"{name} has to be text."
        case "bool_type":
            return f"{name} has to be true or false."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{name} has to be a JSON object."
        case "json_invalid":
            return "The body is no JSON that can be read."
        case "value_error":
            said = str(limits.get("error", ""))
            return said if not names else f"{name} {said}"
        case _:
            return f"{name}: {one['msg']}"
