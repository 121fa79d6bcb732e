"""What each sentence of a message rests on, told from its words: a column of the lead, a line of the persona, what the
ranking said, the sender's own text, an inference, or nothing at all.

A sentence rests on a source whose own words it uses, not on one that it shares stop words with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.outreach.held import ADDRESS, COMPANY, DOMAIN, PERSON, SIZE, same_places, word_parts
from ranker.outreach.name_shapes import LEGAL
from ranker.outreach.numbers import numbers
from ranker.outreach.sentences import is_greeting, sentences
from ranker.outreach.sequence import Analysis, Basis, Mark, Rests, Source
from ranker.outreach.stems import content_stems, spelled_out, stem
from ranker.outreach.words import fold, many

_ABOUT_THEM = re.compile(
    r"\b(?:you(?:['’](?:re|ve|d|ll))?|yours?|sie|ihr|ihre[nmrs]?|ihnen|du|dein\w*|tú|tus?|usted(?:es)?|sus?|vuestr\w+|"
    r"vous|votre|"
    r"vos|tu|ton|ta|tes|você|vocês|seus?|suas?|teus?|tuas?|lei|suo|tuo|vostr\w)\b",
    re.IGNORECASE,
)
_ABOUT_US = re.compile(
    r"\b(?:we(?:['’](?:re|ve|d|ll))?|our|ours|us|i(?:['’](?:m|ve|d|ll))?|my|wir|uns|unser\w*|ich|mein\w*|nosotros|"
    r"nuestr\w+|nos|"
    r"mi|yo|\w+amos|nous|notre|je|mon|ma|mes|nós|noss\w+|eu|meu|minha|noi|nostr\w|io|mio|mia)\b",
    re.IGNORECASE,
)
_CLAIMS_NOTHING = re.compile(
    r"^\W*(?:thank|thanks|many thanks|cheers|best|kind|warm|regards|sincerely|yours|looking forward|p\.?s\.?|let me "
    r"know|let's|"
    r"tell me|just (?:reply|say|tell|let)|feel free|happy to|no (?:hard|pressure|worries|problem|reply)|would|could|"
    r"can|shall|"
    r"may|might|should (?:i|we)|do|does|did|are|is|have|has|what|how|who|when|where|which|why|if (?:not|so|"
    r"you(?:['’]d like| like|"
    r" want| prefer| would)|it|this|that|now|the timing)|i(?:['’]d| would| will|['’]ll)? (?:just )?(?:promise|hope|"
    r"wrote|write|love to|"
    r"like to|be (?:happy|glad))|it would be|mit (?:freundlichen|besten)|viele|beste|danke|vielen dank|herzliche|"
    r"hätten|wäre|"
    r"könnten|dürf\w+|passt|haben sie|melden|saludos|gracias|atentamente|un (?:saludo|abrazo)|¿|quedo|merci|"
    r"cordialement|"
    r"bien à|auriez|obrigad\w|abraço|atenciosamente|grazie|cordiali)\b|\?\W*$",
    re.IGNORECASE,
)
_ONLY_IN_PASSING = re.compile(
    r"\b(?:your|ihre?\w*|tu|su|votre|vos) (?:time|reply|answer|thoughts?|message|inbox|day|week|convenience|attention|"
    r"opinion|"
    r"view|feedback|antwort|zeit|rückmeldung|nachricht|meinung|respuesta|tiempo|opinión|réponse|temps|avis)\b|"
    r"\b(?:show|send|tell|write|wrote|give|ask|email|call|call to|with|to|thank|of|share with|reach|thought of|help|"
    r"for) you\b",
    re.IGNORECASE,
)
_PARAPHRASED = 0.4


@dataclass(frozen=True, slots=True)
class _Told:
    """A source as its stems; ``source`` is what a reader is shown: for a long text, the one line of it."""

    source: Source
    stems: frozenset[str]


def basis(text: str, sources: Sequence[Source], analysis: Analysis | None, marks: Sequence[Mark]) -> tuple[Basis, ...]:
    """The basis of each sentence of a message, in order and without overlap. The order of sources is no evidence.

    ``marks`` as ``invented`` gives them: a sentence that holds one is ``invented``, whatever else it uses (its
    ``sources`` name that). ``analysis`` says what a sentence rests on that repeats one of its signals.
    """
    ordered = sorted({one for one in sources if one.value.strip()}, key=lambda one: (one.kind, one.name, one.value))
    lead = [one for one in ordered if one.kind == "lead"]
    quoted = [told for one in ordered if one.kind in ("persona", "verdict") for told in _told(one)]
    sender = [told for one in ordered if one.kind == "context" for told in _told(one)]
    own = frozenset().union(*(content_stems(one.value) for one in lead))
    out = []
    for start, end in sentences(text):
        rests, used = _rests(text[start:end], lead, quoted, sender, own, analysis)
        if any(mark.start < end and start < mark.end for mark in marks):
            rests = "invented"
        out.append(Basis(start, end, rests, tuple(used)))
    return tuple(out)


def _rests(
    sentence: str,
    lead: Sequence[Source],
    quoted: Sequence[_Told],
    sender: Sequence[_Told],
    own: frozenset[str],
    analysis: Analysis | None,
) -> tuple[Rests, list[Source]]:
    if is_greeting(sentence):
        return "none", []
    stems = content_stems(sentence)
    them = _ABOUT_THEM.search(sentence) is not None
    columns = [one for one in lead if _uses(sentence, stems, one, them)]
    lines_used = _nearest(stems - own, quoted)
    says = _nearest(stems - own, sender) if _ABOUT_US.search(sentence) or not them else []
    says += [
        one.source
        for one in sender
        if one.source not in says and _names(sentence, one.source) and not _is_sign_off(sentence)
    ]
    if columns:
        return "lead", [*columns, *lines_used]
    if lines_used:
        return lines_used[0].kind, lines_used
    if says:
        return "context", list(dict.fromkeys(says))
    if analysis is not None and (signal := _signal(stems, analysis)):
        return _by_signal(signal, lead, [one.source for one in quoted])
    if them and not _CLAIMS_NOTHING.search(sentence) and _ABOUT_THEM.search(_ONLY_IN_PASSING.sub(" ", sentence)):
        return "inferred", []
    return "none", []


def _uses(sentence: str, stems: frozenset[str], column: Source, them: bool) -> bool:
    """Whether a sentence uses a column's words. A name alone is a way to address somebody, and tells nothing."""
    if column.name in PERSON or column.name in ("email", "phone", "source_id"):
        return False
    if column.name in ADDRESS:
        known = {fold(name) for name in DOMAIN.findall(column.value)}
        return any(fold(name).removeprefix("www.") in known for name in DOMAIN.findall(sentence))
    if column.name in SIZE:
        held = {value for one in numbers(column.value, "") for value in one.values}
        return any(value in held for one in numbers(sentence, "en") if one.unit == "" for value in one.values)
    words = [word for word in re.findall(r"[^\W_]+", fold(column.value)) if word not in many("stop_words")]
    if column.name in COMPANY:
        named = [word for word in words if word not in LEGAL] or words
        spoken = word_parts(DOMAIN.sub(" ", sentence))
        return bool(named) and named[0] in spoken and sum(word in spoken for word in named) * 2 >= len(named)
    if column.name in ("location", "country", "city", "region"):
        return any(stem(word) in stems for word in words) or _same_place(words, sentence)
    wanted = {stem(word) for word in words}
    shared = {
        stem(word)
        for word in words
        if stem(word) in stems or 0 < len(spelled_out(word)) == len(spelled_out(word) & stems)
    }
    if not shared:
        return False
    share = len(shared) / len(wanted)
    if them:
        return share >= 1 / 3
    return share >= 1 / 2 and (len(shared) > 1 or len(wanted) == 1)


def _same_place(words: Sequence[str], sentence: str) -> bool:
    """ "German teams" of somebody in Germany."""
    spoken = word_parts(sentence)
    for names in same_places():
        if any(len(word) > 3 and word in names for word in words) and any(
            len(name) > 3 and name in spoken for name in names
        ):
            return True
    return False


def _told(source: Source) -> list[_Told]:
    """A source in the pieces that a sentence can repeat: the lines of a persona, the sentences of the sender's text."""
    if source.kind == "context":
        pieces = [source.value[start:end] for start, end in sentences(source.value)]
        return [_Told(Source(source.kind, source.name, piece), content_stems(piece)) for piece in pieces]
    pieces = [line.strip(" |-*#>\t") for line in source.value.splitlines()] if "\n" in source.value else [source.value]
    return [_Told(Source(source.kind, source.name, piece), content_stems(piece)) for piece in pieces if piece]


def _nearest(stems: frozenset[str], told: Sequence[_Told]) -> list[Source]:
    """The sources whose content words a sentence repeats: two of them at least, and a good part of either; best "
    "first."""
    found = []
    for one in told:
        shared = len(stems & one.stems)
        smaller = min(len(stems), len(one.stems))
        if shared >= 2 and shared >= _PARAPHRASED * smaller:
            found.append((-shared, one.source.kind, one.source.name, one.source.value, one.source))
    best = min((row[0] for row in found), default=0)
    return [row[-1] for row in sorted(found, key=lambda row: row[:-1]) if row[0] == best][:3]


def _names(sentence: str, source: Source) -> bool:
    """Whether a sentence names what the sender's text names with a capital inside a sentence or at its beginning."""
    named = (
        {fold(word) for word in re.findall(r"\b[A-ZÄÖÜ][\w&-]{3,}", source.value)}
        - many("ordinary_en")
        - many("stop_words")
    )
    return any(fold(word) in named for word in re.findall(r"\b[A-ZÄÖÜ][\w&-]{3,}", sentence))


def _is_sign_off(sentence: str) -> bool:
    return len(sentence.split()) <= 6 and sentence.rstrip()[-1:] not in ".!?"


def _signal(stems: frozenset[str], analysis: Analysis) -> str:
    """What the signal rests on that a sentence repeats; "" for none."""
    best = (0, "")
    for one in sorted(analysis.signals, key=lambda signal: (signal.text, signal.rests)):
        told = content_stems(one.text)
        shared = len(stems & told)
        if shared >= 2 and shared >= _PARAPHRASED * min(len(stems), len(told)) and shared > best[0]:
            best = (shared, one.rests)
    return best[1]


def _by_signal(rests: str, lead: Sequence[Source], quoted: Sequence[Source]) -> tuple[Rests, list[Source]]:
    if columns := [one for one in lead if one.name == rests]:
        return "lead", columns
    if said := [one for one in quoted if one.name == rests]:
        return said[0].kind, said[:1]
    return ("persona", []) if rests == "persona" else ("inferred", [])
