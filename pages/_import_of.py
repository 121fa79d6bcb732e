"""What a file is that was handed over: leads, or labelled leads; the same steps correct how either is understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ranker.evaluation.set_draft import NEEDED, Draft
from ranker.evaluation.set_upload import change_draft
from ranker.ingest.header_names import FIELDS
from ranker.ingest.stage import restage
from ranker.ingest.staged import StagedImport

LABELS = {
    "company": "Company", "company_name": "Company", "title": "Job title", "domain": "Company's web address",
    "size": "Company size", "industry": "Industry", "first_name": "First name", "last_name": "Last name",
    "full_name": "Full name", "email": "Email", "linkedin_url": "Profile page", "phone": "Phone",
    "location": "Location", "lead_id": "Your own number", "source_id": "Your own number", "expected_rank": "Label",
}  # fmt: skip
Staged = StagedImport | Draft


@dataclass(frozen=True)
class Of:
    """What a file is: the fields it needs, those it may have, how a correction is made, what becomes of the rest."""

    needed: tuple[str, ...]
    fields: tuple[str, ...]
    change: Callable[..., Any]
    rest: str
    key: str = ""
    """Before the keys of the fields of a page: an import and a set may have the same number."""

    @property
    def shown(self) -> tuple[str, ...]:
        return (*self.needed, *(name for name in self.fields if name in LABELS and name not in self.needed))


LEADS = Of(
    ("company", "title"),
    tuple(name for name in FIELDS if name != "expected_rank"),
    restage,
    "Kept as they are, and exported with the rest",
)
LABELLED = Of(
    NEEDED, tuple(name for name in FIELDS if name not in {"phone", "location"}), change_draft, "Not used", "set-"
)
