"""Read a job title: normalise, find the vocabulary's phrases, put the parts together as roles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ranker.titles.matching import SEPARATORS, Hit, Matcher
from ranker.titles.model import Role, TitleReading
from ranker.titles.normalise import tokenise
from ranker.titles.parts import CONJUNCTIONS, OF, Part, employer_after
from ranker.titles.shifted import problem_of
from ranker.titles.vocabulary import Vocabulary, load_vocabulary

_STRONG = frozenset("|():")
_MEMORY = 250_000
#: Longer text is no title; what stands behind it can't name the role any more.
_LONGEST = 2_000


@cache
def _our_own() -> Vocabulary:
    """The vocabulary of the package, read once: most of what making a reader takes."""
    return load_vocabulary()


class TitleReader:
    """Reads titles with one vocabulary and remembers each. The same title always reads the same.

    A reading depends on nothing but the title and the vocabulary; whether an employer that the title names
    is the lead's own company is for the judge to say.
    """

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or _our_own()
        self._ladder = {level: at for at, level in enumerate(self.vocabulary.levels)}
        self._matcher = Matcher(self.vocabulary)
        self._memory: dict[str, TitleReading] = {}

    def read(self, title: str) -> TitleReading:
        """The reading of a title of any length; text behind 2,000 characters is not read."""
        known = self._memory.get(title)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            known = self._memory[title] = self._read(title)
        return known

    def alternatives(self, text: str) -> list[Part]:
        """The parts of a phrase such as "CFO / Finance" or "Founder, Owner or CEO", not put together.

        For the text of a persona, where commas and slashes divide choices rather than roles of one person.
        """
        segments = _segments(self._matcher.hits(tokenise(text[:_LONGEST])))
        return [part for opener, segment in segments for part in self._parts(segment, opener)]

    def _read(self, title: str) -> TitleReading:
        problem = problem_of(title)
        if problem is not None:
            return TitleReading(title, " ".join(tokenise(title[:_LONGEST])), problem=problem)
        tokens = tokenise(title[:_LONGEST])
        key = " ".join(tokens)
        if not tokens:
            return TitleReading(title, key, problem="blank")
        parts: list[Part] = []
        slogans: list[str] = []
        topics: list[Part] = []
        for number, (opener, segment) in enumerate(_segments(self._matcher.hits(tokens))):
            if _is_slogan(segment):
                slogans.append(" ".join(hit.text for hit in segment))
                continue
            found = _join(self._parts(segment, opener))
            if opener == ":" and parts and "executive_support" in parts[-1].functions:
                continue  # "Executive Assistant: Chief Financial Officer"
            for part in found:
                if number and not part.headed and not part.flags:
                    topics.append(part)
                else:
                    parts.append(part)
        self._settle(parts, topics)
        roles = _without_supported([part.role() for part in parts if not part.empty])
        unknown = [word for part in (*parts, *topics) for word in part.unknown]
        flags = frozenset(flag for role in roles for flag in role.flags)
        # The first role that can be placed speaks for the title; a title of slogans says next to nothing.
        current = [role for role in roles if role.employed and (role.functions or role.headed)]
        confidence = current[0].confidence if current else roles[0].confidence if roles else 0.05
        return TitleReading(
            title, key, tuple(roles), tuple(dict.fromkeys(unknown)), tuple(slogans), flags, confidence, None,
            tuple(tokens),
        )  # fmt: skip

    def _parts(self, segment: Sequence[Hit], opener: str) -> list[Part]:
        parts = [Part(opener)]
        ladder = self._ladder
        at, group = 0, 0
        while at < len(segment):
            hit = segment[at]
            part, word = parts[-1], hit.word
            if word is None and hit.text in SEPARATORS:
                parts.append(Part(hit.text))
            elif hit.text in CONJUNCTIONS and (word is None or word.kind == "neutral"):
                parts.append(Part("and"))
                if "former" in part.flags:
                    parts[-1].flags.add("former")
            elif part.skipped:
                part.words.append(hit.text)
            elif word is None:
                part.unknown.append(hit.text)
                part.words.append(hit.text)
            elif word.kind == "employer":
                employer, end = employer_after(segment, at + 1)
                for earlier in parts[group:]:
                    earlier.employer = earlier.employer or employer
                at, group = end, len(parts)
                continue
            elif word.kind == "support":
                part.take(hit, word, ladder)
                part.words.append(hit.text)
                part.skipped = True
            elif hit.text == "chief":
                part.words.append(hit.text)
                part.take(hit, word, ladder)
                part.level, part.vague = self._chief(segment, at)
            elif word.kind in ("neutral", "employer_maybe", "slogan"):
                if hit.text in OF and (part.ownership or "executive" in part.functions + part.defaults):
                    employer, end = self._owned(segment, at + 1)
                    if employer:
                        part.employer = employer
                        at = end
                        continue
                part.words.append(hit.text)
            else:
                part.words.append(hit.text)
                part.take(hit, word, ladder)
            at += 1
        return parts

    def _chief(self, segment: Sequence[Hit], at: int) -> tuple[str, bool]:
        """ "Chief Product & Technology Officer" is C-level, "Chief Architect" leads, "Chief Growth" may be either."""
        for hit in segment[at + 1 : at + 8]:
            if hit.text in ("officer", "officers") or hit.text.endswith(" officer"):
                return "c_level", False
            if hit.word is not None and hit.word.level is not None:
                return "lead", True
        return "c_level", True

    def _owned(self, segment: Sequence[Hit], start: int) -> tuple[str | None, int]:
        """The company in "owner of Acme": only where every word up to the separator is unknown."""
        at = start
        while at < len(segment) and segment[at].word is None and segment[at].text not in SEPARATORS:
            at += 1
        if at == start or (at < len(segment) and segment[at].word is not None and segment[at].text not in CONJUNCTIONS):
            return None, start
        return " ".join(hit.text for hit in segment[start:at]), at

    def _settle(self, parts: list[Part], topics: list[Part]) -> None:
        """Give a head without a field the field that stands beside it: "Director | Sales | EMEA"."""
        head = parts[0] if parts else None
        if head is None or head.functions or head.defaults or head.ownership or not head.level or head.flags:
            return
        source = next((topic for topic in topics if topic.functions), None)
        if source is not None and len(source.words) <= 3:
            head.functions.extend(source.functions)
            head.note(source)
            head.confidence = min(head.confidence, 0.8)


def _segments(hits: list[Hit]) -> list[tuple[str, list[Hit]]]:
    """The hits between strong separators, each with the separator before it."""
    out: list[tuple[str, list[Hit]]] = [("", [])]
    for hit in hits:
        if hit.word is None and hit.text in _STRONG:
            out.append((hit.text, []))
        else:
            out[-1][1].append(hit)
    return [(opener, segment) for opener, segment in out if segment]


def _is_slogan(segment: Sequence[Hit]) -> bool:
    """A segment that opens with what someone does rather than is: "Helping teams grow"."""
    first = segment[0]
    if first.word is not None and first.word.confidence == 1:
        return first.word.kind == "slogan"
    if len(segment) == 2 and segment[1].word is not None and segment[1].word.level is not None:
        return False  # "Attending Physician", "Marketting Director"
    return len(first.text) > 5 and first.text.endswith("ing") and len(segment) > 1


def _join(parts: list[Part]) -> list[Part]:
    """Put the parts of one segment together as roles.

    A part with a head of its own ("and CEO") is a role of its own; a field joins the head before it ("VP,
    Sales"), or waits for the one behind ("Sales & Marketing Director"). Behind a comma, a further field is
    an area within the first ("Director of Sales, Customer Growth"): noted, but not what the role is.
    """
    out: list[Part] = []
    for part in parts:
        if part.empty and not part.unknown:
            if out and part.employer and not out[-1].employer:
                out[-1].employer = part.employer
            continue
        last = out[-1] if out else None
        if last is None:
            out.append(part)
        elif part.headed:
            waiting = not last.headed and not (last.flags - part.flags)
            if waiting and not (part.ownership and not part.functions):
                flags = part.flags | last.flags
                last.absorb(part)
                last.flags = flags
            else:
                out.append(part)
        elif part.flags - last.flags:
            out.append(part)
        elif part.empty or (last.headed and last.functions and (part.joiner == "," or last.ownership)):
            last.note(part)
        else:
            last.absorb(part)
    return out


def _without_supported(roles: list[Role]) -> list[Role]:
    """Leave out the chiefs that an assistant works for: "Executive Assistant, CEO Office"."""
    if not roles or "executive_support" not in roles[0].functions:
        return roles
    return [roles[0], *(role for role in roles[1:] if role.level not in ("c_level", "vp") or role.employer)]
