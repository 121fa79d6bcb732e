"""Where the sentences of a message begin and end. Own rules: a message is short, and no library here knows them.

A sentence is given without the space around it. Every character that is no space lies in exactly one sentence.
"""

from __future__ import annotations

import re
import unicodedata

Span = tuple[int, int]
"""Start and end in characters; the end is the first character behind."""

NEVER_LAST = frozenset(
    "e.g i.e eg ie dr mr mrs ms mx prof st vs cf approx incl excl no nr nos vol fig dept tel ext resp ca bzw ggf evtl "
    "bspw inkl zzgl exkl z.b z d.h u.a i.d.r o.ä u.ä s.o v.a sr sra srta dña p.ej ej av núm m mme mlle me hr fr frau "
    "dipl ing dott sig ecc p.es".split()
)
"""Abbreviations behind which a sentence always goes on, without their last full stop."""
PERHAPS_LAST = frozenset(
    "inc ltd co corp llc plc gmbh bros jr sr. etc usw u.s u.k e.u a.m p.m s.a s.l s.r.l s.p.a b.v n.v a.g d.c ph.d "
    "dgl st. min max mio mrd tsd mo std jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
"""Abbreviations that can end a sentence: they do where the next word has a capital."""
_MONTHS = frozenset(
    "januar februar märz april mai juni juli august september oktober november dezember quartal jahrhundert klasse "
    "stock woche kw".split()
)
"""What goes on behind a German ordinal: "am 3. Mai"."""
_STARTERS = frozenset(
    "i we you our the this it that if would could can do does are is how what when where why let lets let's happy "
    "thanks thank best cheers wir ich sie hätten haben könnten dürfen puedo nous je vous podemos hablamos".split()
)
_CLOSERS = "\"'”“’‘»«›)]}」』*_"
_END = re.compile(r"[.!?…。！？｡؟]+")
_BREAK = re.compile(r"[ \t]*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*")
_MARKER = re.compile(r"\s*(?:\d{1,2}|[a-zA-Z])$")
_GREETING = re.compile(
    r"(?:hi|hey|hello|hallo|dear|good (?:morning|afternoon|evening|day)|greetings|guten (?:tag|morgen|abend)|moin|"
    r"servus|liebe[rs]?|sehr geehrte[rs]?|grüezi|hola|buenos días|buenas tardes|buenas|estimad[oa]|querid[oa]|"
    r"bonjour|bonsoir|cher|chère|salut|olá|oi|bom dia|boa tarde|prezad[oa]|car[oa]|ciao|buongiorno|gentile|salve|"
    r"hoi|beste|hej)\b"
    r"[^.?!…:;\n]{0,60}[,!.:–—-]?\Z",
    re.IGNORECASE,
)
_HARD_WRAP = 40


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order. A line break ends one, unless a long line goes on with a small letter."""
    out: list[Span] = []
    for start, end in _lines(text):
        at = start
        for stop in _stops(text, start, end):
            _add(out, text, at, stop)
            at = stop
        _add(out, text, at, end)
    return tuple(out)


def is_greeting(sentence: str) -> bool:
    """Whether a sentence is nothing but a salutation: "Hi Ada," "Sehr geehrte Frau Example,"."""
    bare = sentence.strip()
    return len(bare.split()) <= 6 and _GREETING.match(bare) is not None


def _add(out: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if out and not any(char.isalnum() for char in text[start:end]):  # "🚀" alone belongs to what it follows
        out[-1] = (out[-1][0], end)
    else:
        out.append((start, end))


def _lines(text: str) -> list[Span]:
    out, start = [], 0
    for found in _BREAK.finditer(text):
        before = text[start : found.start()]
        breaks = len(re.findall(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", found.group()))
        goes_on = text[found.end() : found.end() + 1].islower() and before.rstrip()[-1:] not in tuple(".!?…:,")
        if breaks == 1 and goes_on and len(before) >= _HARD_WRAP:
            continue
        out.append((start, found.end()))
        start = found.end()
    out.append((start, len(text)))
    return out


def _stops(text: str, start: int, end: int) -> list[int]:
    """Where, inside a line, a sentence ends and another begins."""
    out, taken = [], start
    for found in _END.finditer(text, start, end):
        after = found.end()
        if after < taken:
            continue
        quoted = False
        while after < end and text[after] in _CLOSERS:
            quoted, after = quoted or text[after] in "\"'”“’‘»«›", after + 1
        wide = found.group()[-1] in "。！？｡"
        if after >= end or not (text[after].isspace() or wide or is_pictograph(text[after])):
            continue
        after = _behind_pictographs(text, after, end)
        rest = text[after:end].lstrip()
        if rest and (wide or _ends(text, start, found, rest, quoted)):
            out.append(after)
            taken = after
    for found in re.finditer(r"(?<=[^\W_])\s*(?=\s[¿¡]\s?[^\W\d_])", text[start:end]):
        inverted = text[start + found.end() :].lstrip("¿¡ ")[:1]
        if inverted.isupper():
            out.append(start + found.end())
    out.extend(_pictograph_stops(text, start, end))
    return sorted(set(out))


def _ends(text: str, start: int, found: re.Match[str], rest: str, quoted: bool) -> bool:
    """Whether the marks end a sentence, with ``rest`` behind them."""
    marks, first = found.group(), rest.lstrip("¿¡\"'“„«‹(*_")[:1]
    goes_on = first.islower()
    if "!" in marks or "?" in marks or "؟" in marks:
        return not (quoted and goes_on)
    if "…" in marks or len(marks) > 1:
        return not goes_on
    before = text[start : found.start()]
    word = before.rsplit(None, 1)[-1].lstrip("(\"'“„«¿¡[") if before.split() else ""
    bare = word.casefold()
    if not bare or _MARKER.fullmatch(before):
        return False  # "1. First", ". . ."
    if bare in NEVER_LAST or _spaced_abbreviation(before, rest, bare):
        return False
    if bare in PERHAPS_LAST:
        return not goes_on and not first.isdigit()
    if len(word) == 1 and word.isalpha() and word != "I" and word.isupper():
        return _first_word(rest) in _STARTERS  # "J. Doe", but "plan B. We"
    if bare.isdigit() and len(bare) <= 2:
        return not goes_on and _first_word(rest) not in _MONTHS
    return True


def _spaced_abbreviation(before: str, rest: str, word: str) -> bool:
    """ "z. B.", "d. h.", "p. ej.", "u. a.": two short parts with a space between them; the word is one of the two."""
    if len(word) > 2:
        return False
    head = before[: len(before) - len(word)].rstrip()
    if head.endswith(".") and head[:-1].split() and f"{head[:-1].split()[-1]}.{word}".casefold() in NEVER_LAST:
        return True
    found = re.match(r"([^\W\d_]{1,2})\.", rest)
    return found is not None and f"{word}.{found.group(1)}".casefold() in NEVER_LAST


def _first_word(rest: str) -> str:
    found = re.match(r"[^\w]*([\w'’]+)", rest)
    return found.group(1).casefold().replace("’", "'") if found else ""


def is_pictograph(char: str) -> bool:
    """Whether a character is an emoji, or a part of one."""
    return (ord(char) >= 0x2300 and unicodedata.category(char) in ("So", "Sk")) or char in "\u200d\ufe0f\u20e3"


def _behind_pictographs(text: str, at: int, end: int) -> int:
    """Past the emoji that follow a sentence's end: they are its last word."""
    seen, place = at, at
    while place < end and (text[place] in " \t\u00a0" or is_pictograph(text[place])):
        if is_pictograph(text[place]):
            seen = place + 1
        place += 1
    return seen


def _pictograph_stops(text: str, start: int, end: int) -> list[int]:
    """ "Thanks 🙏 Would you …": an emoji in the place of a full stop."""
    out = []
    for at in range(start + 1, end - 1):
        if is_pictograph(text[at]) and text[at + 1].isspace():
            rest = text[at + 1 : end].lstrip()
            words = len(text[start:at].split())
            if rest[:1].isupper() and (words >= 3 or _first_word(rest) in _STARTERS):
                out.append(at + 1)
    return out
