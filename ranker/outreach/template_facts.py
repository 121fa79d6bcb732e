"""What a template may fill in of all that is held about a prospect, and of the text about the sender's company.

What does not read like what its column is for is left out: a template can't see that a name is no name. Values are
data: they are filled in once, behind all that is read as a template.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ranker.outreach.lengths import cut
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sentences import sentences
from ranker.outreach.sequence import FOLLOW_LONGEST, Known
from ranker.outreach.template_words import UNKNOWN, plain, template_words

LONGEST_NAME, LONGEST_COMPANY = 40, 48
"""Characters; what is longer is left out rather than cut."""
_HONORIFIC = re.compile(
    r"(?:(?:dr|prof|professor|mr|mrs|ms|mx|herr|frau|ing|dipl\.?-?ing|mag|sr|sra|mme|m|eng|sir|dame|rev)\.?\s+)+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[ '’.-]+[^\W\d_'’.-]+)*\.?")
_COMPANY = re.compile(r"[^\W_][\w .,&'’+!-]*")
_LEGAL = re.compile(
    r"(?:,?\s+(?:inc|incorporated|llc|llp|ltd|limited|plc|corp|corporation|gmbh(?: & co\.? kg)?|mbh|ag|kg|ug|se|sas|"
    r"sarl|s\.?a\.?|s\.?l\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|b\.?v\.?|n\.?v\.?|lda|oy|ab|aps)\.?)+",
    re.IGNORECASE,
)
_WEB = re.compile(r"://|www\.|@|\.(?:com|net|org|io|de|fr|es|it|pt|nl|eu|co)\b", re.IGNORECASE)
_SIGNS = frozenset("{}[]<>$%`\\|*_#~^")
"""Characters of markup and of templates: a value with one of them is not filled in."""
_BULLET = re.compile(r"^(?:[-–—*•>#]+|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be filled in; blank where it is not known or not fit to be.

    ``topic``: what the prospect's department is called in a sentence. ``quote``: the first sentence of the context.
    """

    first: str
    name: str
    company: str
    topic: str
    seniority: str
    department: str
    quote: str


def facts_of(known: Known, context: str) -> Facts:
    """What a template may say to this prospect."""
    words = template_words()
    department, topic = words.topic_of.get(plain(known.department), (UNKNOWN, ""))
    first, name = names(known)
    return Facts(
        first=first,
        name=name,
        company=company(known.value("company")),
        topic=topic,
        seniority=words.seniority_of.get(plain(known.seniority), UNKNOWN),
        department=department,
        quote=quote(context),
    )


def names(known: Known) -> tuple[str, str]:
    """(First name, whole name): the first of them alone only if it was given so, or stands first of a whole name."""
    first, last = _name(known.value("first_name")), _name(known.value("last_name"))
    if any(char.isdigit() for char in known.value("last_name")):
        first = ""  # "Lead", "0001": a number in the place of a person
    whole = _name(known.value("full_name")) or (f"{first} {last}" if first and last else "")
    if not first and " " in whole:
        first = whole.split()[0]
    if len(first.rstrip(".")) < 2:
        first = ""  # an initial is no name to greet by
    if len(whole) > LONGEST_NAME or " " not in whole:
        whole = ""
    return first, whole or first


def company(value: str) -> str:
    """A company as one speaks of it, without its legal form; "" if it does not read like a name or is too long."""
    value = _tidy(value)
    if not _COMPANY.fullmatch(value) or _WEB.search(value) or not any(char.isalpha() for char in value):
        return ""
    spoken = value
    while (found := list(_LEGAL.finditer(spoken))) and found[-1].end() == len(spoken) and found[-1].start() > 0:
        spoken = spoken[: found[-1].start()]
    spoken = spoken.rstrip(" ,.&-!") or value.rstrip(" ,.&-!")
    return spoken if len(spoken) <= LONGEST_COMPANY and not _hole(spoken) else ""


def quote(context: str) -> str:
    """The first sentence of the text about the sender's company, with a full stop; "" if it can't be sent as it is."""
    text = _BULLET.sub("", _tidy(context))
    spans = sentences(text)
    if not spans:
        return ""
    said = text[spans[0][0] : spans[0][1]]
    if _SIGNS.intersection(said) - set("$%*#") or _hole(said) or not any(char.isalnum() for char in said):
        return ""
    said = cut(said.rstrip(" ,;:–—-"), FOLLOW_LONGEST)
    return said if said.endswith((".", "!", "?", "…", "。", '"', "”", "»")) else f"{said}."


def _name(value: str) -> str:
    composed = unicodedata.normalize("NFC", value)
    bare = _ASIDE.sub("", "".join(char for char in composed if unicodedata.category(char) not in ("So", "Sk", "Mn")))
    value = _HONORIFIC.sub("", _tidy(bare).split(",")[0], count=1).strip()
    if not _NAME.fullmatch(value) or len(value) > 2 * LONGEST_NAME or _hole(value):
        return ""
    value = " ".join(part.capitalize() if len(part) > 3 and part.isupper() else part for part in value.split())
    return value if len(value.split()[0]) <= LONGEST_NAME else ""


def _tidy(value: str) -> str:
    """In one line, without characters that nobody sees."""
    seen = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in value)
    return " ".join("".join(char for char in seen if unicodedata.category(char) not in ("Cf", "Cs", "Co")).split())


def _hole(value: str) -> bool:
    return bool(placeholders(value)) or plain(value) in {"null", "none", "nan", "unknown", "n a", "na", "test"}
