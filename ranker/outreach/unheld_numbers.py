"""Numbers of a message that no source gives, in whatever notation: "120 people", "40%", "€5M", "twice", "since 2015".

Not asked for a source: what the sender offers ("15 minutes", "Tuesday at 3", "two ideas"), and small numbers of the
message's own things.
"""

from __future__ import annotations

import re

from ranker.outreach.held import SIZE, Held, HeldNumber, things_behind
from ranker.outreach.numbers import SOME, Number, numbers
from ranker.outreach.sequence import Mark
from ranker.outreach.words import fold

_OWN = re.compile(
    r"[\s-]*(?:[\w’'-]+\s){0,2}?(?:sentences?|lines?|questions?|ideas?|thoughts?|examples?|slots?|options?|times|"
    r"reasons?|ways?|"
    r"things?|points?|words?|tips?|bullets?|links?|notes?|dates?|steps?|cents?|suggestions?|windows?|drafts?|samples?|messages?|e-?mails?|attempts?|tries|"
    r"pages?|names?|screenshots?|pieces?|of (?:us|them|those|these|everything)|more thing|entwürfen?|mustern?|"
    r"borradores|muestras|brouillons|échantillons|"
    r"sätzen?|zeilen|fragen?|ideen?|gedanken|beispielen?|termine?n?|vorschläge?n?|punkten?|gründen?|wege?n?|"
    r"frases?|líneas|preguntas?|ideas?|opciones|ejemplos?|razones|cosas|formas|phrases?|lignes|questions?|idées?|"
    r"exemples?|"
    r"raisons?|créneaux|pistes|frases|linhas|perguntas?|ideias?|opções|exemplos?|maneiras|domande|righe|esempi|idee)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"[\s-]*(?:[\w’'-]+\s)?(?:minutes?|mins?\b|minuten?|minutos?|minuti|secondes?|seconds?|sekunden|segundos?|secondi|"
    r"min\.)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"[\s-]*\w+\s(?:(?:a|per|each|every|por|par|pro|am|al) \w+|daily|saved|less|faster|longer)", re.IGNORECASE
)
_SPENT = re.compile(
    r"\b(?:sav\w+|los\w+|spen[dt]\w*|wast\w+|cut\w*|within|after|took|takes?|spar\w+|ahorr\w+)\s(?:[\w’']+\s)?$"
)
_AHEAD = re.compile(
    r"\b(?:in|next|coming|within the next|over the next|in den nächsten|en|dans|em|tra|über)\s(?:the\s)?$"
)
_SPELL = re.compile(
    r"[\s-]*(?:days?|weeks?|months?|tagen?|wochen?|monaten?|días|semanas?|jours|semaines?|dias|giorni)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\?|\b(?:talk|call|chat|meet|speak|connect|works?|suits?|free|available|slot|can do|how about|what about|let me "
    r"know|happy to|calendar|revisit|circle back|reach out|"
    r"follow up|check in|sprechen|telefon\w+|termin|passt|hablar|llamada|parler|échanger|appel|conversar|sentire)\b",
    re.IGNORECASE,
)
_NOT_PEOPLE = re.compile(
    r"[\s-]*(?:[\w’'-]+\s)?(?:customers?|clients?|offices?|countries|reps?|sdrs?|bdrs?|aes?|sales ?people|sellers?|"
    r"stores?|sites?|"
    r"locations?|years?|months?|weeks?|days?|hours?|users?|leads?|meetings?|markets?|products?|plants?|cities|"
    r"partners?|deals?|"
    r"kunden|büros|standorte?n?|länder\w*|jahre?n?|clientes|oficinas|países|años|bureaux|pays|ans|escritórios|anos|"
    r"uffici)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\b(?:your|you have|you've got|you employ|ihr\w*|sie haben|tus?|sus?|vuestr\w+|votre|vos|tes|seus?|"
    r"suas?)\s(?:[\w’'-]+\s){0,2}$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:\b[A-Z][A-Za-z]*[ -]|\bv)$")
_OF_THEM = re.compile(
    r"\b(?:you|your|you['’](?:re|ve)|sie|ihr\w*|tu|su|vous|votre)\b(?!.*\b(?:we|our|us|wir|unser\w*)\b)", re.IGNORECASE
)
_CLOSE = 0.005


def unheld_numbers(text: str, held: Held, lang: str) -> list[Mark]:
    """The numbers that no source gives, each with its unit, in order."""
    out = []
    for one in numbers(text, lang):
        if not (_is_offer(text, one) or _is_part_of_a_name(text, one, held) or _is_held(text, one, held, lang)):
            words = one.text.rstrip(".")
            out.append(Mark("number", words, one.start, one.start + len(words)))
    return out


def _is_offer(text: str, one: Number) -> bool:
    """Whether it is of the sender's making: a time to talk, a length of a call, "two ideas"."""
    before, after = text[max(0, one.start - 40) : one.start].casefold(), text[one.end : one.end + 50]
    if one.unit == "time":
        return True
    asks = _ASKS.search(_sentence(text, one)) is not None
    if one.unit == "quarter":  # "with Q4 around the corner" says when, "your Q4 numbers" says what
        return re.search(r"(?:\b(?:your|since|last|record|strong|ihr\w*)|['’]s)\s$", before) is None
    if one.unit == "date":
        return asks
    if one.unit == "%" or one.unit == "money":
        return False
    if one.values and max(one.values) <= 10 and one.unit == "" and _OWN.match(after):
        return True
    if re.match(r"\s?(?:of )?an hour\b", after) or (
        one.text.casefold() == "half" and re.search(r"(?:first|second|other|latter) $", before)
    ):
        return True
    if _MEETING.match(after):
        return not (_MEASURED.match(after) or _SPENT.search(before))
    if _SPELL.match(after) and _AHEAD.search(before):
        return asks
    return bool(re.search(r"\b(?:at|um|gegen|a las|à|às|alle)\s$", before)) and asks and max(one.values or (99,)) <= 24


def _sentence(text: str, one: Number) -> str:
    """Roughly the sentence that a number stands in."""
    start = max(text.rfind(mark, 0, one.start) for mark in (". ", "! ", "? ", "\n"))
    ends = [at for mark in (". ", "! ", "? ", "?", "\n") if (at := text.find(mark, one.end)) >= 0]
    return text[start + 1 : min(ends) + 1] if ends else text[start + 1 :]


def _is_part_of_a_name(text: str, one: Number, held: Held) -> bool:
    """ "Web 2.0", "SOC 2": a number behind a name that a source gives with it."""
    before = _NAMED.search(text, max(0, one.start - 20), one.start)
    return before is not None and fold(text[before.start() : one.end]) in held.text


def _is_held(text: str, one: Number, held: Held, lang: str) -> bool:
    if one.values == (SOME,) or not one.values:
        return re.search(rf"(?<!\w){re.escape(fold(one.text))}(?!\w)", held.text) is not None
    yours = _YOURS.search(text, max(0, one.start - 40), one.start) is not None
    given = [have for have in held.numbers if not (yours and have.kind == "context")]
    if lang == "en" and _OF_THEM.search(
        _before(text, one)
    ):  # "you sell in 12 countries" is not the sender's "12 meetings"
        things = things_behind(text, one.end)
        given = [have for have in given if have.kind == "lead" or not things or not have.things or things & have.things]
    if _NOT_PEOPLE.match(text, one.end):
        given = [have for have in given if not (have.kind == "lead" and have.name in SIZE)]
    return all(_gives(one, value, given) for value in one.values)


def _before(text: str, one: Number) -> str:
    """What stands before a number in its clause."""
    start = max(text.rfind(mark, 0, one.start) for mark in (". ", "! ", "? ", ": ", ";", "\n"))
    return text[start + 1 : one.start]


def _gives(one: Number, value: float, given: list[HeldNumber]) -> bool:
    for have in given:
        if (have.number.unit == "%") != (one.unit == "%") and not _is_share(one, have.number):
            continue
        for other in have.number.values:
            same = other / 100 if one.unit != "%" and have.number.unit == "%" else other
            asked = value / 100 if one.unit == "%" and have.number.unit != "%" else value
            if abs(same - asked) <= _CLOSE * max(abs(same), 0.5):
                return True
    return False


def _is_share(one: Number, two: Number) -> bool:
    """ "half" and "50%" say the same."""
    plain = two if one.unit == "%" else one
    return plain.unit == "" and bool(plain.values) and all(0 < value < 1 for value in plain.values)
