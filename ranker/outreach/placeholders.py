"""Holes that a writer left to be filled: "[Name]", "{{ company }}", "XX", "INSERT NAME HERE". None may ever be sent.

When in doubt it is a hole: a message that is held back costs a minute, "Hi [Name]" costs the prospect.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ranker.outreach.words import listed

_BRACKETS = str.maketrans("【】〔〕〖〗〘〙〚〛⟦⟧❲❳⁅⁆❴❵〈〉《》⟨⟩⟪⟫❮❯❬❭", "[][][][][][][][]{}<><><><><><>")
#: Signs that markup languages and mail merges put around a field, each taken with any words between them.
_FIELDS = (
    r"\{\{\{?[^\n]{0,80}?\}\}\}?|\{%[^\n]{0,80}?%\}|[$#]?\{[^{}\n]{0,80}\}",
    r"<%[^\n]{0,80}?%>|<<[^<>\n]{1,80}>>|\*\|[^|\n]{1,60}\|\*|\|\|[^|\n]{1,60}\|\||##[^#\n]{1,60}##",
    r"(?<![\d%])(?<!\d )%%?[^\W\d_](?:[\w .'-]{0,40}?[^\W_])?%%?(?!\w)",
    r"(?<![\w$])\$[^\W\d]\w+\b\$?",
    r"(?<![^\W_])__?(?=[^\W_])[\w .'-]{0,40}?[^\W_]__?(?![^\W_])|(?<![^\W_])_{2,}",
    r"\.{5,}|…{3,}",
)
_SQUARE = re.compile(r"\[\[?([^\[\]\n]{0,80})\]\]?(\()?")
_ANGLE = re.compile(r"<([^\W\d][^<>\n]{0,60})>")
_ROUND = re.compile(r"\(([^()\n]{1,40})\)")
_TAGS = frozenset("a b i u p br em ul ol li hr h1 h2 h3 div span strong code pre s sup sub table tr td".split())
_KEPT_IN_SQUARES = re.compile(r"sic|\d{1,3}|https?://\S+", re.IGNORECASE)
#: Holes that no source excuses, in whatever case.
_ALWAYS = (
    r"\bTB[DCA]\b|\bTODO\b|\bFIXME\b|\b[nN]/[aA]\b|(?<!\w)k\. ?A\.(?!\w)",
    r"(?i:\blorem ipsum\b[^\n.]{0,30})",
    r"(?i:\b(?:first|last|full|given|family|company|job|account|prospect|lead|sender|recipient)_(?:name|title)\b)",
    r"\b(?:first|last|full|company|prospect|sender|First|Last|Full|Company|Prospect|Sender)Name\b",
    r"(?i:(?<=\bhi )|(?<=hello )|(?<=dear )|(?<=hey )|(?<=hallo )|(?<=hola ))(?i:null|none|undefined|nan)\b",
    r"(?i:\b(?:mr\.?/m(?:r)?s\.?|herrn?/frau|frau/herrn?|geehrte/r|geehrte\(r\)))",
)
#: Holes unless a source holds exactly that: some companies are called so.
_UNLESS_HELD = (
    r"\bX{2,}\b|\bx{2,}\b|\bX(?=\s?%)|(?<=[$€£])X\b|\bXYZ\b|\bX\.?Y\.?\b(?! Z)|\b20XX\b",
    r"\b(?:Company|Firma|Unternehmen|Empresa|Entreprise|Société|Product|Client|Person|Firm) [XYZ]{1,3}\b",
    r"\bABC (?:Company|Corp|Corporation|Inc|Ltd|GmbH)\b",
    r"\b(?:(?:Max|Erika) Mustermann|Mustermann|Musterfrau|Musterfirma|Muster (?:GmbH|AG)|J(?:ohn|ane) Doe)\b",
)


def placeholders(text: str, held: str = "") -> tuple[str, ...]:
    """Every hole in a text, in order, as it stands there.

    ``held``: the text of all sources. A company that is really called "XX" or "<Acme>" is none where a source holds
    exactly that; "[Name]", "TBD" and the like are holes whatever a source says. Not a hole: "[sic]", "[1]", a
    link's "[words](https://…)", a tag such as "<b>", words in round brackets that name no field, "$500", "50%".
    """
    plain, places = _plain(text)
    known = _plain(held)[0] if held else ""
    found = [span for span in _spans(plain, known) if span[0] < span[1]]
    out, reached = [], 0
    for start, end in sorted(set(found), key=lambda span: (span[0], -span[1])):
        if start >= reached:
            out.append(text[places[start] : places[end - 1] + 1])
            reached = end
    return tuple(out)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with one kind of each sign and without signs that nobody sees; where each character came from."""
    if text.isascii():
        return text, list(range(len(text)))
    letters, places = [], []
    for at, char in enumerate(text):
        if unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char in "\u034f\u115f\u1160\u3164":
            continue
        same = unicodedata.normalize("NFKC", char)
        letters.append((same if len(same) == 1 else char).translate(_BRACKETS))
        places.append(at)
    return "".join(letters), places


def _spans(text: str, held: str) -> list[tuple[int, int]]:
    out = [found.span() for found in _always().finditer(text)]
    out += [found.span() for found in _bracketed(text, held)]
    for found in _fields().finditer(text):
        if _names_a_field(found.group().strip("{}%$#<>=*|_. ")) or not _excused(text, found.span(), held):
            out.append(found.span())
    out += [found.span() for found in _unless_held().finditer(text) if not _excused(text, found.span(), held)]
    out += [found.span() for found in _called().finditer(text) if not _sentence_case(text, found)]
    out += _shouted(text)
    return out


def _bracketed(text: str, held: str) -> list[re.Match[str]]:
    """Words in square, angle or round brackets."""
    out = []
    for found in _SQUARE.finditer(text):
        inside = found.group(1).strip()
        kept = found.group(2) or _KEPT_IN_SQUARES.fullmatch(inside)
        if _names_a_field(inside) or not (kept or _excused(text, found.span(), held)):
            out.append(found)
    for found in _ANGLE.finditer(text):
        inside = found.group(1).strip()
        tag = inside.split()[0].strip("/").casefold() in _TAGS or "@" in inside or "://" in inside
        if _names_a_field(inside) or not (tag or _excused(text, found.span(), held)):
            out.append(found)
    out += [found for found in _ROUND.finditer(text) if _names_a_field(found.group(1))]
    return [_without_link(found) for found in out]


def _without_link(found: re.Match[str]) -> re.Match[str]:
    """The same place, without the "(" that a link's address begins with."""
    if found.re is _SQUARE and found.group(2):
        again = re.compile(r"\[\[?[^\[\]\n]{0,80}\]\]?").match(found.string, found.start())
        return again or found
    return found


def _names_a_field(inside: str) -> bool:
    """Whether words in brackets are the name of a field: "Your company", "Ihr Name", "first_name"."""
    words = re.sub(r"[_\-./:*\s]+", " ", inside).strip().casefold()
    bare = re.sub(
        r"^(?:insert|enter|add|your|my|our|their|his|her|the|a|an|ihr|ihre|ihren|mein|meine|dein|deine|der|die|das|tu|"
        r"su|mi|el|la|votre|ton|mon|le|seu|sua|o|il|tuo|hier|here)\b ?",
        "",
        words,
    )
    bare = re.sub(r" (?:here|hier|einfügen|aquí|ici|x|xy|xyz|\d)$", "", bare)
    return bare in listed("holes") or words in listed("holes")


def _excused(text: str, span: tuple[int, int], held: str) -> bool:
    words = text[span[0] : span[1]]
    return bool(held) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", held) is not None


def _sentence_case(text: str, found: re.Match[str]) -> bool:
    """ "Your company is …" is a sentence; "Your Company", or "Your name" alone in its line, is a hole."""
    if found.group().split()[-1][0].isupper():
        return False
    line_start = text.rfind("\n", 0, found.start()) + 1
    line_end = text.find("\n", found.end())
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    return line_start == 0 or line.strip(" ,.!-–—") != found.group()


def _shouted(text: str) -> list[tuple[int, int]]:
    """ "Hola NOMBRE": the name of a field in capitals, in a text that does not shout."""
    if text.upper() == text:
        return []
    capitals = re.finditer(r"\b[^\W\d_a-z]{3,}(?:[ _][^\W\d_a-z]{3,}){0,2}\b", text)
    out = [found.span() for found in capitals if found.group().isupper() and _names_a_field(found.group())]
    asked = r"\bINSERT\b[^.!?\n]{1,40}?\b(?:HERE|NAME|COMPANY|TITLE)\b"
    out += [found.span() for found in re.finditer(asked, text)]
    fields = "name|company|title|date|link|number|role"
    lower = re.finditer(rf"(?i)\binsert (?:your |the |a )?(?:\w+ )?(?:{fields})\b(?: here)?", text)
    return out + [found.span() for found in lower]


@cache
def _fields() -> re.Pattern[str]:
    return re.compile("|".join(_FIELDS))


@cache
def _always() -> re.Pattern[str]:
    return re.compile("|".join(_ALWAYS))


@cache
def _unless_held() -> re.Pattern[str]:
    return re.compile("|".join(_UNLESS_HELD))


@cache
def _called() -> re.Pattern[str]:
    """ "Your Name", "Prospect Name", "Company Name"."""
    owned = "Your|Ihr|Ihre|Dein|Tu|Su|Votre"
    what = "[Nn]ame|[Cc]ompany|[Tt]itle|[Pp]osition|[Rr]ole|[Nn]ombre|[Ee]mpresa|[Nn]om|[Ff]irma|[Ee]ntreprise"
    whose = "First|Last|Full|Prospect|Recipient|Sender|Company|Client|Customer|Contact|Product|Competitor"
    return re.compile(rf"\b(?:{owned}) (?:(?:Full|First|Last|Company|Job) )?(?:{what})\b|\b(?:{whose}) Name\b")
