"""The rules engine: title features × persona × size bracket → Assessment. No key, no network, no randomness."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from ranker.personas.sizes import bracket_for, read_size
from ranker.personas.spec import PersonaSpec
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.compiled import CompiledPersona, compile_persona
from ranker.scoring.employer import company_words, works_here
from ranker.scoring.reasons import people, reason
from ranker.scoring.verdict import EXCLUDED_TOO, Verdict, apply_signals, judge_role
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
_MEMORY = 400_000


class RulesEngine:
    """Judges leads by one persona. Instances are cheap to keep: verdicts on equal inputs are remembered.

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
        self._phrases = frozenset(
            pattern.phrase
            for rows in (*self.persona.hard, *self.persona.soft)
            for patterns, _ in rows
            for pattern in patterns
            if pattern.phrase
        ) | frozenset(pattern.phrase for rows in self.persona.targets for pattern, _ in rows if pattern.phrase)
        self._sizes: dict[str, tuple[tuple[int, ...], str | None]] = {}
        self._owns: dict[tuple[str, str], frozenset[str]] = {}
        self._roles: dict[object, Verdict] = {}
        self._memory: dict[object, Assessment] = {}

    def assess(self, inputs: Inputs) -> Assessment:
        """The verdict on one lead. It depends on the inputs and the variant, on no other lead; rank stays open."""
        if not inputs.company.strip() and not inputs.domain.strip():
            return Assessment(
                "rejected", None, None, None, None, 0.0,
                "No company, so the lead can't be judged or ranked. Add the company.",
                ("company_missing",), True, variant=self.variant,
            )  # fmt: skip
        reading = self.reader.read(inputs.title)
        if reading.problem is not None:
            flag, text = _PROBLEMS[reading.problem]
            return Assessment("not_judged", None, None, None, None, 0.0, text, (flag,), True, variant=self.variant)
        employers = tuple(role.employer for role in reading.roles if role.employer is not None)
        here: tuple[bool, ...] = ()
        if employers:
            own = self._owns.get((inputs.company, inputs.domain))
            if own is None:
                own = company_words(inputs.company, inputs.domain)
                self._owns[inputs.company, inputs.domain] = own
            here = tuple(works_here(employer, own) for employer in employers)
        places, doubt = self._places(inputs.size)
        key = (inputs.title, places, doubt, here, inputs.company if False in here else "")
        known = self._memory.get(key)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            known = self._memory[key] = self._judge(inputs, reading, places, doubt, here)
        return known

    def _places(self, size: str) -> tuple[tuple[int, ...], str | None]:
        """The brackets to judge in, the first the one that counts, and what is doubtful about the size."""
        known = self._sizes.get(size)
        if known is None:
            brackets = self.persona.brackets
            found = read_size(size)
            if found is None:
                flag = "size_unreadable" if size.strip() else "size_missing"
                known = (tuple(range(len(brackets))), flag if len(brackets) > 1 else None)
            else:
                at, spans = bracket_for(found, brackets)
                touched = [
                    index
                    for index, bracket in enumerate(brackets)
                    if (bracket.high is None or found.low <= bracket.high)
                    and (found.high is None or found.high >= bracket.low)
                ]
                others = tuple(index for index in touched if index != at) if spans else ()
                known = ((at, *others), "size_spans" if spans else None)
            self._sizes[size] = known
        return known

    def _verdict(self, role: Role, tokens: frozenset[str], at: int) -> Verdict:
        literal = tokens & self.persona.literals
        key = (
            role.functions, role.level, role.ownership, role.flags, role.phrases & self._phrases, literal, at,
            role.text if literal and self.persona.signals[at] else "",
        )  # fmt: skip
        known = self._roles.get(key)
        if known is None:
            if len(self._roles) >= _MEMORY:
                self._roles.clear()
            known = judge_role(role, tokens, self.persona, at)
            known = self._roles[key] = apply_signals(known, role, self.persona, at)
        return known

    def _combine(self, roles: list[Role], tokens: frozenset[str], at: int) -> tuple[Verdict, Role, bool]:
        """The best of a person's roles; a second role that is excluded counts against it. And whether one is."""
        judged = [(self._verdict(role, tokens, at), role) for role in roles]
        best, role = max(judged, key=lambda pair: (pair[0].qualified, pair[0].score))
        if not best.qualified:
            # The first role is what the person says they are: its reason is the one to give, unless it is none.
            first = next((pair for pair in judged if pair[0].kind != "away"), judged[0])
            if best.score <= first[0].score:
                best, role = first
        mixed = best.qualified and any(v.kind == "hard" and r.headed and r.employed for v, r in judged if r is not role)
        if mixed:
            # As with a role of two fields, what the persona wants saves what it excludes, but not the score.
            best = replace(best, score=max(best.score * EXCLUDED_TOO, self.persona.threshold))
        targets = {v.target.place.start for v, _ in judged if v.kind == "target" and v.target is not None}
        if len(targets) > 1 and best.kind == "target" and not mixed:
            best = replace(best, score=min(100.0, best.score + 0.5))
        return best, role, mixed

    def _judge(
        self, inputs: Inputs, reading: TitleReading, places: tuple[int, ...], doubt: str | None, here: tuple[bool, ...]
    ) -> Assessment:
        vocabulary, persona = self.reader.vocabulary, self.persona
        tokens = frozenset(reading.tokens)
        answers = iter(here)
        mine: list[Role] = []
        elsewhere: list[Role] = []
        for role in reading.roles:
            (mine if role.employer is None or next(answers) else elsewhere).append(role)
        flags = {flag for role in mine for flag in role.flags if flag != "not_a_title"}
        away = not mine and bool(elsewhere)
        roles = mine or elsewhere or [Role(text=" ".join(reading.unknown) or inputs.title.strip(), confidence=0.05)]
        if away:
            flags.add("other_company")
        verdicts = [self._combine(roles, tokens, at) for at in places]
        verdict, role, mixed = verdicts[0]
        bracket = persona.brackets[places[0]]
        if doubt in ("size_missing", "size_unreadable"):
            verdict, role, mixed, text = self._sizeless(verdicts, places, doubt)
        else:
            text = reason(verdict, role, bracket, vocabulary.functions, vocabulary.levels)
        qualified = verdict.qualified
        score = verdict.score if qualified else min(verdict.score, persona.threshold - 0.1)
        review = doubt in ("size_missing", "size_unreadable")
        if doubt == "size_spans":
            flags.add(doubt)
            differs = [
                persona.brackets[at] for (v, _, _), at in zip(verdicts, places, strict=True) if v.qualified != qualified
            ]
            if differs:
                review = True
                text += f" The size range also reaches {people(differs[0])}, where the answer differs."
        elif doubt is not None:
            flags.add(doubt)
        if mixed:
            flags.add("excluded_role")
            review = True
            text += " Another of their roles is excluded: please look."
        if verdict.kind == "champion":
            flags.add("champion")
        if verdict.kind == "soft":
            flags.add("soft_exclusion")
        confidence = role.confidence if reading.roles else reading.confidence
        if verdict.kind == "unknown" or not role.functions:
            flags.add("unknown_function")
            review = review or self._could_matter(role)
        if not role.headed and role.employed:
            flags.add("unknown_level")
        if role.vague and not qualified and verdict.kind == "level" and (verdict.department or 0) >= 0.6:
            review = True
        if qualified and confidence < 0.5:
            review = True
        if away:
            employer = roles[0].employer
            if qualified:
                review = True
            text = f"Not contacted: the title names another company ('{employer}'), not {inputs.company.strip()}."
            qualified, score = False, min(score, persona.threshold - 0.1) * 0.2
        if not reading.roles:
            flags.add("slogan" if reading.slogans else "unknown_function")
            text = (
                "Not contacted: the title is a slogan that names no role."
                if reading.slogans
                else f"A title that we could not place ('{inputs.title.strip()[:80]}'): please look."
            )
            review = review or not reading.slogans
        if doubt is not None:
            confidence *= 0.8 if doubt == "size_spans" else 0.6
        basis = {row.place.start: (row.place.line, row.quote) for row in verdict.rows}
        for at in places:  # what the other roles and sizes rest on has had its say too
            for other in roles:
                for row in self._verdict(other, tokens, at).rows:
                    basis.setdefault(row.place.start, (row.place.line, row.quote))
        return Assessment(
            status="ranked" if qualified else "not_relevant",
            qualified=qualified,
            score=round(score, 1),
            department_fit=None if verdict.department is None else round(verdict.department, 2),
            seniority_fit=None if verdict.seniority is None else round(verdict.seniority, 2),
            confidence=round(max(0.0, confidence), 2),
            reasoning=text,
            flags=tuple(sorted(flags)),
            needs_review=review,
            basis=tuple(quote for _, quote in basis.values()),
            lines=tuple(line for line, _ in basis.values()),
            variant=self.variant,
        )

    def _could_matter(self, role: Role) -> bool:
        """Whether a role in no known field is high enough that a person should look."""
        return role.level in (None, "c_level", "vp", "head", "director", "manager") and role.employed

    def _sizeless(
        self, verdicts: list[tuple[Verdict, Role, bool]], places: tuple[int, ...], doubt: str
    ) -> tuple[Verdict, Role, bool, str]:
        """Without a size, only what holds at every size is a yes; the lowest of the scores is taken."""
        vocabulary, brackets = self.reader.vocabulary, self.persona.brackets
        lowest = min(range(len(verdicts)), key=lambda index: (verdicts[index][0].qualified, verdicts[index][0].score))
        verdict, role, mixed = verdicts[lowest]
        what = "The company's size is missing" if doubt == "size_missing" else "The company's size could not be read"
        yes = [people(brackets[at]) for (v, _, _), at in zip(verdicts, places, strict=True) if v.qualified]
        if yes and len(yes) < len(verdicts):
            highest = max(v.score for v, _, _ in verdicts)
            mean = sum(v.score for v, _, _ in verdicts) / len(verdicts)
            verdict = replace(verdict, score=min(mean, highest))
            return (
                verdict,
                role,
                mixed,
                f"{what}: to contact at {' and '.join(yes)}, not otherwise. Add the size to decide.",
            )
        text = reason(verdict, role, brackets[places[lowest]], vocabulary.functions, vocabulary.levels)
        return verdict, role, mixed, f"{text} {what}; the answer is the same at every size."
