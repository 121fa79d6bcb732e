"""Asking a parent for new texts: what comes back becomes candidates, tried or rejected, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import Candidate
from ranker.optimizer.seeds import seed_of
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Proposal, Subject, text_hash


@dataclass(frozen=True)
class Asker:
    """Who is asked, and by what proposals are judged; the same for a whole search."""

    subject: Subject
    companies: tuple[str, ...]
    settings: Settings
    guard: CopyGuard | None
    search: int

    def ask(self, before: Sequence[Candidate], generation: int, parent: int, wanted: int) -> list[Candidate]:
        """What was proposed for a parent: at most ``wanted`` to be tried, with numbers after those of ``before``.

        A text as any before it, or copied from leads, is rejected visibly. If the parent had more to say than what is
        known already, it is asked once more, for so many more. Ends with a candidate in state ``nothing`` where fewer
        came than ``wanted``.
        """
        text = before[parent].text
        seed = seed_of(self.settings.seed, self.search, generation, parent, len(before))
        said = {one.hash for one in before if one.parent == parent and one.state != "nothing"}
        rows: list[Candidate] = []
        given = self.subject.propose(text, self.companies, wanted, seed)[:wanted]
        for proposal in given:
            rows.append(self.candidate([*before, *rows], generation, parent, proposal))
        left = wanted - sum(row.state == "proposed" for row in rows)
        if left and len(given) == wanted:
            said |= {row.hash for row in rows}
            for proposal in self.subject.propose(text, self.companies, wanted + len(said), seed):
                if left and text_hash(proposal.text) not in said:
                    rows.append(self.candidate([*before, *rows], generation, parent, proposal))
                    said.add(rows[-1].hash)
                    left -= rows[-1].state == "proposed"
        if left:
            words = f"No {'further ' if rows else ''}change of this text was proposed."
            number = len(before) + len(rows)
            rows.append(Candidate(number, parent, generation, "", text_hash(""), state="nothing", reason=words))
        return rows

    def objection(self, before: Sequence[Candidate], text: str) -> str:
        """Why a text is not tried after those before it; "" if it is."""
        found = text_hash(text)
        for one in before:
            if one.hash == found and one.state != "nothing":
                return "The same text as the start." if one.number == 0 else f"The same text as no. {one.number}."
        return self.guard.refusal(text, self.subject.start) if self.guard else ""

    def candidate(self, before: Sequence[Candidate], generation: int, parent: int, one: Proposal) -> Candidate:
        """A proposal as the next candidate: to be tried, or rejected with the objection."""
        objection = self.objection(before, one.text)
        return Candidate(
            len(before),
            parent,
            generation,
            one.text,
            text_hash(one.text),
            one.critique,
            one.edit,
            "rejected" if objection else "proposed",
            objection,
        )
