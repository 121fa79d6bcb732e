"""What makes two rows the same company, the same person, the same inputs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize
from urllib.parse import unquote

from ranker.store.fold import fold

#: Addresses that many companies share, and that therefore tell none apart.
SHARED_HOSTS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com yahoo.com icloud.com gmx.de gmx.net web.de linkedin.com "
    "facebook.com instagram.com google.com wixsite.com".split()
)
#: The part before the @ of mailboxes that several people read; they tell nobody apart.
_ROLE_MAILBOXES = frozenset(
    "info contact hello office sales support admin mail team hr jobs careers press marketing service kontakt "
    "contacto contato contatti ventas vendas vertrieb bewerbung noreply no-reply".split()
)
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_USUAL = re.compile(r"https://www\.linkedin\.com/in/([\w-]+)/?", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LINKEDIN = re.compile(
    r"(?:[a-z0-9-]+\.)*linkedin\.com(?::(?:80|443)?)?/(in|pub|sales|talent)/(.+)", re.IGNORECASE | re.ASCII
)
_FORMERLY = re.compile(r"(?:[a-z0-9-]+\.)*linkedin\.com/in/(.+)", re.IGNORECASE)


def host_of(domain: str) -> str:
    """The host of a domain or web address in lower case without "www."; "" where there is none."""
    if _HOST.fullmatch(domain) and not domain.startswith("www."):
        return domain
    host = domain.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    host = host.split("/")[0].split("?")[0].rstrip(".")
    return host if "." in host and " " not in host else ""


def company_key(name: str, domain: str) -> str:
    """The key of a company: its domain without "www.", else its name in one spelling; "" if neither is known."""
    return own_host(domain) or name_key(name)


def own_host(domain: str) -> str:
    """``host_of``, but "" for one that many companies share."""
    host = host_of(domain)
    return "" if host in SHARED_HOSTS else host


def name_key(name: str) -> str:
    """A company's name in one spelling: lower case, single spaces."""
    return " ".join(name.casefold().split())


def profile_key(url: str) -> str:
    """A profile's address in one spelling, without scheme, country host, port, query and final slash; "" if none.

    Company and school pages, and text that is no address, are nobody's profile.
    """
    if usual := _USUAL.fullmatch(url):
        return f"linkedin.com/in/{usual[1].lower()}"
    text = url.strip()
    if not text:
        return ""
    text = text.split("?")[0].split("#")[0].rstrip("/")
    scheme, sign, rest = text.partition("://")
    text = rest if sign else scheme
    found = _LINKEDIN.fullmatch(text)
    if found:
        kind, slug = found[1].lower(), unquote(found[2])
        if kind == "in":
            # Accents put together: one name has two spellings in Unicode, and both are the same person.
            return f"linkedin.com/in/{normalize('NFC', normalize('NFC', slug.split('/')[0]).lower())}"
        return f"linkedin.com/{kind}/{slug.lower() if kind == 'pub' else slug}"
    host, _, path = text.partition("/")
    host = host.lower().removeprefix("www.")
    if not path or "." not in host or " " in text or host.endswith("linkedin.com"):
        return ""
    return f"{host}/{path}"


def former_profile_key(url: str) -> str:
    """What ``profile_key`` gave before it put accents together, where that is another; "" where it is the same.

    Only hashes of deleted people are compared with it: they can't be written anew.
    """
    if url.isascii() and "%" not in url:
        return ""
    text = url.strip().split("?")[0].split("#")[0].rstrip("/")
    found = _FORMERLY.fullmatch(text.partition("://")[2] or text)
    former = f"linkedin.com/in/{unquote(found[1]).split('/')[0].lower()}" if found else ""
    return former if former != profile_key(url) else ""


def email_key(email: str) -> str:
    """An address in lower case; "" where the text is none."""
    text = email.strip().lower().removeprefix("mailto:")
    return text if _EMAIL.fullmatch(text) else ""


def person_key(linkedin_url: str, email: str, full_name: str, company: str) -> str:
    """The key of a person: profile URL, else their own email, else name and company; "" if there is none.

    ``full_name``: at least two words, because two people of one company may share a first name.
    ``company``: the company's key. A mailbox such as info@ is nobody's own.
    """
    profile = profile_key(linkedin_url)
    if profile:
        return f"url:{profile}"
    address = email_key(email)
    if address and address.partition("@")[0] not in _ROLE_MAILBOXES:
        return f"email:{address}"
    name = fold(full_name)
    return f"name:{name}|{company}" if " " in name else ""


def person_keys(
    urls: Iterable[str], emails: Iterable[str], full_names: Iterable[str], companies: Iterable[str]
) -> list[str]:
    """``person_key`` of each row."""
    usual = _USUAL.fullmatch
    return [
        f"url:linkedin.com/in/{found[1].lower()}" if (found := usual(url)) else person_key(url, email, name, company)
        for url, email, name, company in zip(urls, emails, full_names, companies, strict=True)
    ]


def row_key(title: str, company: str, raw: str) -> str:
    """The key of a row that says nothing about who it is: its title, its company and a hash of all of it."""
    digest = hashlib.sha256(f"{company}\x1f{raw}".encode()).hexdigest()[:24]
    return f"row:{fold(title)[:80]}|{company}|{digest}"


def input_hash(title: str, company: str, size: str, domain: str) -> str:
    """What ``scoring.Inputs.hash`` gives for the same four values: 32 hexadecimal digits."""
    joined = "\x1f".join((title, company, size, domain))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def input_hashes(
    titles: Iterable[str], companies: Iterable[str], sizes: Iterable[str], domains: Iterable[str]
) -> list[str]:
    """``input_hash`` of each row."""
    sha256 = hashlib.sha256
    return [
        sha256("\x1f".join(four).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        for four in zip(titles, companies, sizes, domains, strict=True)
    ]


def header_fingerprint(headers: Sequence[str]) -> str:
    """The same for two files whose headers are the same, in the same order, but for case and spaces."""
    joined = "\x1f".join(" ".join(header.casefold().split()) for header in headers)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def keys_by_kind(linkedin_url: str, email: str, full_name: str, company: str, lead: str = "") -> dict[str, list[str]]:
    """Every key that a person can have, where ``person_key`` takes one. Kinds: ``url``, ``email``, ``name``, ``lead``.

    ``company``: the company's key. ``lead``: the key that the lead has, whatever it was made from.
    """
    profile, address, name = profile_key(linkedin_url), email_key(email), fold(full_name)
    own = bool(address) and address.partition("@")[0] not in _ROLE_MAILBOXES
    found = {
        "url": [f"url:{one}" for one in (profile, former_profile_key(linkedin_url)) if one],
        "email": [f"email:{address}"] if own else [],
        "name": [f"name:{name}|{company}"] if " " in name else [],
    }
    found["lead"] = [lead] if lead and not any(lead in keys for keys in found.values()) else []
    return found
