"""The rules engine: title features × persona × size bracket → Assessment. No key, no network, no randomness."""

from __future__ import annotations

import hashlib
import json

from ranker.personas.sizes import bracket_for, read_size
from ranker.personas.spec import PersonaSpec
from ranker.scoring.assessment import Assessment, Inputs, Status
from ranker.scoring.compiled import CompiledPersona, compile_persona
from ranker.scoring.employer import company_words, works_here
from ranker.scoring.outcome import Case, outcome
from ranker.scoring.person import judge_person
from ranker.scoring.verdict import Verdict, apply_signals, judge_role
from ranker.titles import Role, TitleReader, TitleReading

ENGINE = "rules-1"
#: The score from which a lead is contacted where the persona does not state one: three of five.
DEFAULT_THRESHOLD = 60.0
_PROBLEMS = {
    "blank": ("title_missing", "No job title, so nothing to judge by. Add the title and rank again."),
    "email": ("title_is_email", "An e-mail address stands where the job title belongs. Correct the row's columns."),
    "url": ("title_is_url", "A web address stands where the job title belongs. Correct the row's columns."),
    "number": ("title_is_number", "A number stands where the job title belongs. Correct the row's columns."),
}
_NO_COMPANY = "No company, so the lead can't be judged or ranked. Add the company."
#: Entries of each memory before it starts afresh, so that a long run stays small.
_MEMORY = 200_000


class RulesEngine:
    """Judges leads by one persona. Verdicts on equal inputs are remembered, and are then the same object.

    ``variant`` names everything that decides (engine, persona text, vocabulary, threshold) by a hash.
    """

    def __init__(self, spec: PersonaSpec, persona_hash: str, reader: TitleReader) -> None:
        self.reader = reader
        self.persona: CompiledPersona = compile_persona(spec, reader, DEFAULT_THRESHOLD)
        decides = {
            "engine": ENGINE,
            "strategy": "rules",
            "persona": persona_hash,
            "vocabulary": reader.vocabulary.version,
            "threshold": self.persona.threshold,
        }
        self.variant = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]
        self._sizes: dict[str, tuple[tuple[int, ...], str | None]] = {}
        self._owns: dict[tuple[str, str], frozenset[str]] = {}
        self._roles: dict[object, Verdict] = {}
        self._cases: dict[object, Assessment] = {}
        self._alike: dict[object, Assessment] = {}

    def assess(self, inputs: Inputs) -> Assessment:
        """The verdict on one lead. It depends on the inputs and the variant, on no other lead; rank stays open."""
        if (unjudged := self.unjudgeable(inputs)) is not None:
            return unjudged
        reading = self.reader.read(inputs.title)
        places, doubt = self.places(inputs.size)
        here = self._here(reading, inputs)
        key = (inputs.title, places, doubt, here, inputs.company if False in here else "")
        known = self._cases.get(key)
        if known is None:
            if len(self._cases) >= _MEMORY:
                self._cases.clear()
            known = self._cases[key] = self._judge(inputs, reading, places, doubt, here)
        return known

    def unjudgeable(self, inputs: Inputs) -> Assessment | None:
        """What to say of a lead that nobody could judge: no company, or no title; ``None`` for all others."""
        if not inputs.company.strip() and not inputs.domain.strip():
            return self._unjudged("rejected", "company_missing", _NO_COMPANY)
        problem = self.reader.read(inputs.title).problem
        return None if problem is None else self._unjudged("not_judged", *_PROBLEMS[problem])

    def _unjudged(self, status: Status, flag: str, why: str) -> Assessment:
        known = self._cases.get(flag)
        if known is None:
            known = Assessment(status, None, None, None, None, 0.0, why, (flag,), True, variant=self.variant)
            self._cases[flag] = known
        return known

    def _here(self, reading: TitleReading, inputs: Inputs) -> tuple[bool, ...]:
        """For each role that names an employer, whether that is the lead's own company."""
        employers = [role.employer for role in reading.roles if role.employer is not None]
        if not employers:
            return ()
        own = self._owns.get((inputs.company, inputs.domain))
        if own is None:
            if len(self._owns) >= _MEMORY:
                self._owns.clear()
            own = self._owns[inputs.company, inputs.domain] = company_words(inputs.company, inputs.domain)
        return tuple(works_here(employer, own) for employer in employers)

    def places(self, size: str) -> tuple[tuple[int, ...], str | None]:
        """The brackets to judge in, the first the one that counts, and what is doubtful about the size."""
        known = self._sizes.get(size)
        if known is not None:
            return known
        brackets = self.persona.brackets
        found = read_size(size)
        if found is None:
            flag = "size_unreadable" if size.strip() else "size_missing"
            known = (tuple(range(len(brackets))), flag if len(brackets) > 1 else None)
        else:
            at, spans = bracket_for(found, brackets)
            others = [
                index
                for index, bracket in enumerate(brackets)
                if index != at
                and (bracket.high is None or found.low <= bracket.high)
                and (found.high is None or found.high >= bracket.low)
            ]
            known = ((at, *others), "size_spans") if spans else ((at,), None)
        if len(self._sizes) < _MEMORY:
            self._sizes[size] = known
        return known

    def verdicts(self, inputs: Inputs) -> list[tuple[Role, Verdict]]:
        """Each role that the title names, with the verdict on it alone at the size that counts."""
        reading = self.reader.read(inputs.title)
        at, tokens = self.places(inputs.size)[0][0], frozenset(reading.tokens)
        return [(role, self._verdict(role, tokens, at)) for role in reading.roles]

    def _verdict(self, role: Role, tokens: frozenset[str], at: int) -> Verdict:
        """The verdict on one role; roles that differ in nothing the persona asks for share it."""
        literal = tokens & self.persona.literals
        key = (
            role.functions, role.level, role.ownership, role.flags, role.defaulted,
            role.phrases & self.persona.phrases, literal, at, role.text if literal and self.persona.signals[at] else "",
        )  # fmt: skip
        known = self._roles.get(key)
        if known is None:
            if len(self._roles) >= _MEMORY:
                self._roles.clear()
                self._alike.clear()  # its keys are identities of the verdicts that go
            known = apply_signals(judge_role(role, tokens, self.persona, at), role, self.persona, at)
            known = self._roles[key] = known.with_basis()
        return known

    def _judge(
        self, inputs: Inputs, reading: TitleReading, places: tuple[int, ...], doubt: str | None, here: tuple[bool, ...]
    ) -> Assessment:
        tokens = frozenset(reading.tokens)
        answers = iter(here)
        mine: list[Role] = []
        elsewhere: list[Role] = []
        for role in reading.roles:
            (mine if role.employer is None or next(answers) else elsewhere).append(role)
        roles = mine or elsewhere or [Role(text=inputs.title.strip(), confidence=reading.confidence)]
        away = not mine and bool(elsewhere)
        verdicts = [[self._verdict(role, tokens, at) for role in roles] for at in places]
        # Titles that differ only in words without a say get one and the same assessment.
        quoted = away or not reading.roles or any(v.kind == "unknown" for group in verdicts for v in group)
        key = None
        if not quoted:
            seen = tuple([id(verdict) for group in verdicts for verdict in group])
            key = (seen, places, doubt, tuple([(role.confidence, role.vague) for role in roles]))
            if (known := self._alike.get(key)) is not None:
                return known
        persons = [judge_person(roles, group, self.persona.threshold) for group in verdicts]
        brackets = [self.persona.brackets[at] for at in places]
        case = Case(
            reading, inputs.company, roles, persons, brackets, doubt, away, self.persona.threshold, self.variant,
            self.reader.vocabulary,
        )  # fmt: skip
        found = outcome(case)
        if key is not None:
            self._alike[key] = found
        return found
