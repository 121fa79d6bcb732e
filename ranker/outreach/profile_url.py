"""The address of a profile in one spelling: ``linkedin.com/in/slug``. Everything else is refused, in words.

Which hosts are the site's own: ``linkedin.com`` itself, ``www``, the two mobile ones (``m``, ``touch``, and ``mobile``
as people write it) and every label of two letters (``de``, ``uk``), which is how its countries are named. Other hosts
below it hold no profiles (``business.``, ``learning.``), and two labels (``www.de.``) were never in use.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from ranker.errors import ProfileRefused

SHORTEST, LONGEST = 10, 512
"""Characters of an address as it is given, without blanks around it."""
LONGEST_SLUG = 200
"""Characters of the part that names the person; the site's own have at most 100."""
EXAMPLE = "https://www.linkedin.com/in/name"

_OURS = re.compile(r"(?:(?:www|m|touch|mobile|[a-z]{2})\.)?linkedin\.com", re.ASCII | re.IGNORECASE)
_PORT = re.compile(r"(.*?):(?:80|443)?", re.ASCII | re.DOTALL)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.ASCII | re.IGNORECASE)
_SPOILT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
"""Kinds of sign that no address has: control, invisible, half, private, unassigned, and blanks of any kind."""
_NEVER_IN_SLUG = frozenset('/\\?#%@:<>"`{}|^[]')
_PAGES = {
    "company": "a company's page",
    "school": "a school's page",
    "showcase": "a company's page",
    "groups": "a group",
    "jobs": "a job",
    "posts": "a post",
    "feed": "a post",
    "pulse": "an article",
    "pub": "an old public page",
    "sales": "a page of the sales tool",
    "talent": "a page of the recruiting tool",
}


def profile_of(url: str) -> str:
    """``linkedin.com/in/slug``: the same for every way to write one profile, and for itself.

    Scheme, ``www``, country or mobile host, port, case, query, fragment, a final slash and what follows the slug
    (``/de``, ``/details/…``) don't count; percent-encoding is read, and accents are put together (NFC). Raises
    ``ProfileRefused`` for anything else, with a message that fits under the field.
    """
    given = url.strip(" \t\r\n")
    if not given:
        raise ProfileRefused(f"Write the address of a profile, such as {EXAMPLE}.")
    _look(given)
    host, path = _split(given)
    if not _OURS.fullmatch(host):
        raise ProfileRefused(f"The address has to be on linkedin.com, such as {EXAMPLE}.")
    kind, _, rest = path.partition("/")
    if kind.lower() != "in":
        what = _PAGES.get(kind.lower())
        said = f"This is {what}, not a person's profile." if what else "This is not a person's profile."
        raise ProfileRefused(f"{said} The path has to begin with /in/, such as {EXAMPLE}.")
    return f"linkedin.com/in/{_slug(rest.split('/')[0])}"


def _look(given: str) -> None:
    """Lengths, and signs that stand in no address."""
    if len(given) < SHORTEST:
        raise ProfileRefused(f"The address is too short: it has at least {SHORTEST} characters, such as {EXAMPLE}.")
    if len(given) > LONGEST:
        raise ProfileRefused(f"The address is too long: it has {len(given):,} characters, {LONGEST} at most.")
    if any(unicodedata.category(sign) in _SPOILT for sign in given) or "\\" in given:
        raise ProfileRefused("The address has a space, a backslash or an invisible sign in it. Copy it again.")


def _split(given: str) -> tuple[str, str]:
    """(Host, path without its first slash)."""
    scheme = _SCHEME.match(given)
    rest = given
    if scheme is not None:
        after = given[scheme.end() :]
        if scheme[1].lower() not in {"http", "https"} or not after.startswith("//"):
            raise ProfileRefused(f"The address has to begin with https:// or with the host, such as {EXAMPLE}.")
        rest = after[2:]
    rest = rest.split("?")[0].split("#")[0]
    host, _, path = rest.partition("/")
    if "@" in host:
        raise ProfileRefused(f"The address has a name or a password before the host. Write {EXAMPLE}.")
    port = _PORT.fullmatch(host)
    return port[1] if port else host, path


def _slug(written: str) -> str:
    """The part that names the person, decoded and in one spelling."""
    try:
        plain = unquote(written, errors="strict")
    except UnicodeDecodeError:
        raise ProfileRefused("The address has a part that can't be read (% and two digits). Copy it again.") from None
    one = unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).lower())
    if not one:
        raise ProfileRefused(f"The address names nobody: something has to follow /in/, such as {EXAMPLE}.")
    if len(one) > LONGEST_SLUG:
        raise ProfileRefused(f"The name after /in/ is too long: it has {LONGEST_SLUG} characters at most.")
    spoilt = any(sign in _NEVER_IN_SLUG or unicodedata.category(sign) in _SPOILT for sign in one)
    if spoilt or not any(sign.isalnum() for sign in one):
        raise ProfileRefused("The name after /in/ has a sign that no profile's address has. Copy the address again.")
    return one
