"""The leads that a model is asked about, and how they go into batches: by what they are, never by their order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ranker.scoring.assessment import Inputs


@dataclass(frozen=True, slots=True, order=True)
class Lead:
    """What a model is told of one lead. Rows that agree in all of it are one lead here, and get one verdict.

    ``brackets`` are the names of the persona's sizes that it is judged by: one, or all where the size is not known.
    ``sampled``: a gate rejected it, and it is asked about all the same, to see what the gates lose.
    """

    brackets: tuple[str, ...]
    company: str
    inputs: tuple[str, str, str, str]
    industry: str = ""
    doubt: str | None = None
    sampled: bool = False

    @property
    def place(self) -> str:
        """A fixed place among others, that neither the file's order nor the alphabet decides."""
        return hashlib.sha256("\x1f".join((*self.inputs, self.industry)).encode("utf-8", "surrogatepass")).hexdigest()

    def row(self, number: int, company: int | None = None) -> dict[str, Any]:
        """Its row in a prompt, with the number of its company where there are several."""
        return {"id": number} | ({} if company is None else {"company": company}) | {"title": self.inputs[0]}

    def company_row(self, number: int | None = None) -> dict[str, Any]:
        """Its company's row in a prompt; what is not known is left out."""
        _, name, size, domain = self.inputs
        said = {"name": name, "domain": domain, "size": size, "industry": self.industry}
        return ({} if number is None else {"company": number}) | {key: value for key, value in said.items() if value}


def lead_of(
    inputs: Inputs, industry: str, company: str, brackets: tuple[str, ...], doubt: str | None
) -> Lead:  # fmt: skip
    """The lead of a row; ``company`` is its company's key."""
    return Lead(brackets, company, (inputs.title, inputs.company, inputs.size, inputs.domain), industry, doubt)


def batches(leads: Iterable[Lead], most: int, *, by_company: bool) -> list[list[Lead]]:
    """Batches of up to ``most`` leads of one persona part each; of one company each if ``by_company``.

    A company's leads stand together. The same leads give the same batches in whatever order they come.
    """
    groups: dict[tuple[Any, ...], list[Lead]] = {}
    for lead in sorted(set(leads), key=lambda one: (one.brackets, one.company, one.place)):
        groups.setdefault((lead.brackets, lead.company if by_company else ""), []).append(lead)
    return [group[at : at + most] for group in groups.values() for at in range(0, len(group), most)]


def pieces(companies: Iterable[str], most: int) -> list[list[str]]:
    """The keys of companies (one for each lead), put together up to about ``most`` leads.

    Their order follows from what they are. A company is never in two pieces; a piece is kept once it is judged.
    """
    counts = Counter(companies)
    found: list[list[str]] = []
    room = 0
    for company in sorted(counts, key=lambda key: hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()):
        if counts[company] > room:
            found.append([])
            room = most
        found[-1].append(company)
        room -= counts[company]
    return found


def rows_of(leads: Sequence[Lead], *, shared: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the companies and of the leads; leads have ids from 1 on.

    ``shared``: the leads can be of several companies, which then have numbers.
    """
    if not shared or (len({(*lead.inputs[1:], lead.industry) for lead in leads}) == 1):
        return [leads[0].company_row()], [lead.row(number) for number, lead in enumerate(leads, start=1)]
    numbers: dict[tuple[str, ...], int] = {}
    companies, rows = [], []
    for number, lead in enumerate(leads, start=1):
        what = (*lead.inputs[1:], lead.industry)
        if what not in numbers:
            numbers[what] = len(numbers) + 1
            companies.append(lead.company_row(numbers[what]))
        rows.append(lead.row(number, numbers[what]))
    return companies, rows
