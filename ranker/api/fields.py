"""What a request can hold, field by field, with the words that the documentation shows."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ranker.errors import ProfileRefused
from ranker.outreach.as_json import plain
from ranker.outreach.placeholders import placeholders
from ranker.outreach.profile_url import profile_of
from ranker.outreach.sequence import DEFAULT_MESSAGES, LONGEST_CONTEXT, MOST_MESSAGES
from ranker.outreach.tone import DEFAULT, Tone

LARGEST_ID = 2**31 - 1
"""The largest number that a row can have on Postgres."""
SHORTEST_URL, LONGEST_URL = 10, 512


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class TovConfig(BaseModel):
    """The tone of voice: three values, each from 0 to 1. What is outside is set to the nearest end, and told."""

    model_config = ConfigDict(strict=True, extra="forbid")

    formality: Number = Field(DEFAULT, description="0: very casual; 1: formal.", examples=[0.7])
    warmth: Number = Field(DEFAULT, description="0: matter-of-fact; 1: very warm.", examples=[0.5])
    directness: Number = Field(DEFAULT, description="0: very gentle; 1: the point at once.", examples=[0.3])

    def tone(self) -> tuple[Tone, dict[str, float]]:
        """The tone, and what was outside 0 to 1, as given."""
        return Tone.of(self.model_dump())


class GenerateRequest(BaseModel):
    """To whom, in which tone, about whom, how many messages. Exactly one of `prospect_url` and `lead_id` is given."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "prospect_url": "https://www.linkedin.com/in/ada-example",
                    "tov_config": {"formality": 0.7, "warmth": 0.5, "directness": 0.3},
                    "company_context": "We make planning software for repair workshops with 20 to 200 people.",
                    "sequence_length": 3,
                    "fallback": True,
                }
            ]
        },
    )

    prospect_url: str | None = Field(
        None,
        min_length=SHORTEST_URL,
        max_length=LONGEST_URL,
        description="A LinkedIn profile, `https://www.linkedin.com/in/…`; every spelling of one address is one "
        "prospect. Where a lead has this profile, all that is known of the lead is used.",
        examples=["https://www.linkedin.com/in/ada-example"],
    )
    lead_id: Whole | None = Field(
        None, ge=1, le=LARGEST_ID, description="The number of a lead instead of an address; better, because its "
        "title, company and verdict are known.", examples=[17],
    )  # fmt: skip
    tov_config: TovConfig = Field(default_factory=TovConfig, description="The tone of voice.")
    company_context: str = Field(
        min_length=1,
        max_length=LONGEST_CONTEXT,
        description="About the sender's own company, in plain words, without placeholders such as [Company].",
        examples=["We make planning software for repair workshops with 20 to 200 people."],
    )
    sequence_length: Whole = Field(
        DEFAULT_MESSAGES, ge=1, le=MOST_MESSAGES, description="Messages; exactly so many come back.", examples=[3]
    )
    fallback: bool = Field(
        True,
        description="What to do where the model can't be asked or gives no usable answer. `true`: answer 200 with a "
        "template that says so (`status` is `fallback`); `false`: answer 502, or 402 for a limit of money.",
    )

    @field_validator("prospect_url", "company_context")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        """Text that every database keeps and every program reads."""
        if value is not None and plain(value) != value:
            raise ValueError("has a character in it that is no text. Remove it, then try again.")
        return value

    @field_validator("prospect_url")
    @classmethod
    def _profile(cls, value: str | None) -> str | None:
        """Refused here, so that whatever else is wrong with the request is told along with it."""
        if value is not None:
            try:
                profile_of(value)
            except ProfileRefused as refused:
                raise PydanticCustomError("outreach.profile", "{why}", {"why": refused.message}) from None
        return value

    @field_validator("company_context")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("holds blanks only. Say in a sentence or two what your company does.")
        holes = placeholders(value)
        if holes:
            raise ValueError(f"has a placeholder in it: {holes[0][:60]}. Fill it in, or take it out.")
        return value.strip()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.prospect_url is None) == (self.lead_id is None):
            raise ValueError("Give either prospect_url or lead_id: one of them, and not both.")
        return self
