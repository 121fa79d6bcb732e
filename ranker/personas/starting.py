"""What a new persona begins with: a skeleton, an example that comes with the ranker, or a file that somebody has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ranker.errors import PersonaUnreadable
from ranker.personas.catalog import FOLDER
from ranker.personas.reader import read_persona
from ranker.personas.versions import MOST_CHARACTERS

SKELETON = """# {name}

Say in a sentence or two what you sell, and who feels the need for it. Sentences like this one are for people; tables
and lists below are what leads are judged by.

## Whom to contact

### Small firms (1-50 employees)

| Role | Priority | Why |
|---|---|---|
| Founder or CEO | 5/5 | Decides alone |
| Head of Sales | 4/5 | |

**Champions:** Sales Manager

### Mid-sized firms (51-1,000 employees)

| Role | Priority | Why |
|---|---|---|
| VP of Sales | 5/5 | |
| Head of Sales | 5/5 | |

**Champions:** Sales Operations Manager

### Large firms (1,001+ employees)

| Role | Priority | Why |
|---|---|---|
| VP of Sales | 5/5 | |
| Regional Sales Director | 4/5 | |

**Champions:** Sales Manager

## Departments

| Department | Relevance |
|---|---|
| Sales | 5/5 |
| Business Development | 4/5 |
| General Management | 5/5 → 1/5 |

## Seniority by size of firm

| Level | Small | Mid-sized | Large |
|---|---|---|---|
| Founder / Owner | 5/5 | 3/5 | 0/5 |
| C-Level | 5/5 | 4/5 | 2/5 |
| Vice President | 4/5 | 5/5 | 4/5 |
| Director / Head | 4/5 | 5/5 | 5/5 |
| Manager | 3/5 | 3/5 | 3/5 |
| Individual Contributor | 0/5 | 0/5 | 0/5 |

## Never contact

| Who | Where | Reason |
|---|---|---|
| HR and Legal | All sizes | |
| Founder, Owner or CEO | Large firms | Too far from the work |

## Only as a last resort

| Who | Where | Reason |
|---|---|---|
| Account Managers | All sizes | Nice to know, but they do not buy |

## Bottom line

Contact only people who score 60 or more out of 100.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A persona to start from; ``text`` is its file to the byte."""

    name: str
    text: str


def blank(name: str) -> str:
    """A short persona that is understood whole, to be changed line by line."""
    return SKELETON.replace("{name}", " ".join(name.split()) or "Whom we want to meet", 1)


def examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """The personas that come with the ranker, by name."""
    texts = [path.read_bytes().decode("utf-8-sig") for path in sorted(folder.glob("*.md"))]
    return tuple(sorted((Example(read_persona(one).name, one) for one in texts), key=lambda one: one.name))


def from_file(file_name: str, data: bytes) -> str:
    """The text of an uploaded file, to the byte but for a mark at its beginning.

    Raises ``PersonaUnreadable`` for a file that is no text in UTF-8, or too long.
    """
    if len(data) > 4 * MOST_CHARACTERS:
        raise PersonaUnreadable(f"“{file_name}” is too long for a persona: at most {MOST_CHARACTERS:,} characters.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PersonaUnreadable(
            f"“{file_name}” is no plain text in UTF-8. Save it as text or Markdown (.md), or paste its words."
        ) from None
    if "\x00" in text:
        raise PersonaUnreadable(f"“{file_name}” is no plain text. Save it as text or Markdown (.md), or paste it.")
    return text


def suggested_name(text: str) -> str:
    """The first heading of a text, where it can be read; else blank."""
    from ranker.errors import PersonaError

    try:
        found = read_persona(text).name
    except PersonaError:
        return ""
    return "" if found == "Persona" else found


def file_name(name: str, version: int) -> str:
    """The name of the file in which a version is given out: "who-buys-from-us-v3.md"."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in name.casefold())
    return f"{'-'.join(part for part in plain.split('-') if part)[:60] or 'persona'}-v{version}.md"
