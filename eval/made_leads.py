"""Made-up leads in any number, for benchmarks: the same seed gives the same file, on every machine.

Titles are put together from words of the vocabulary and from words that are none, in the proportions of real
exports: employers, slogans, several roles, unknown words, several languages.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HEADERS = (
    "lead_id", "account_name", "account_domain", "account_employee_range", "account_industry", "lead_first_name",
    "lead_last_name", "lead_job_title",
)  # fmt: skip
SIZES = ("1", "2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+", "")
_HEADS = (
    "Head of {f}", "Director of {f}", "{f} Manager", "VP {f}", "Senior {f} Specialist", "{f} Lead", "Chief {f} Officer",
    "{f} Analyst", "Responsable {f}", "Leiter {f}", "Directora de {f}", "{f} Coordinator", "Director, {f}",
    "Founder & CEO", "{f} Engineer", "Senior Manager, {f}", "{f}", "Jefe de {f}", "Assistant to the {f} Director",
)  # fmt: skip
_FIELDS = (
    "Sales", "Marketing", "Human Resources", "Finance", "Operations", "Sales Development", "Business Development",
    "Revenue Operations", "Customer Success", "Product Management", "Supply Chain", "Quality", "Maintenance", "Legal",
    "IT", "Engineering", "Ventas", "Vertrieb", "Ressources Humaines", "Logistics", "EHS", "Procurement", "Growth",
)  # fmt: skip
_TAILS = (
    "", "", "", " @ {c}", " at {c}", " | Helping {w} teams grow", " – {w} & {w}", ", {r}", " | {f} | ex-{w}", " ({r})",
    " 🚀", " at {w} Capital",
)  # fmt: skip
_REGIONS = ("EMEA", "DACH", "North America", "Iberia", "APAC", "LATAM", "Benelux", "UK & Ireland")
_LETTERS = ("ba", "do", "ri", "ku", "len", "mar", "ti", "vo", "sul", "pen", "gra", "xi", "fel", "no", "zar")


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_LETTERS) for _ in range(rng.randint(2, 4))).capitalize()


def made_title(rng: random.Random, company: str) -> str:
    """One title; nearly every call gives another."""
    text = rng.choice(_HEADS) + rng.choice(_TAILS)
    if rng.random() < 0.5:
        text = f"{_word(rng)} {text}"
    while "{" in text:
        for hole, words in (("{f}", _FIELDS), ("{r}", _REGIONS)):
            text = text.replace(hole, rng.choice(words), 1)
        text = text.replace("{c}", company, 1).replace("{w}", _word(rng), 1)
    return f"{text} {rng.randint(1, 999_999)}" if rng.random() < 0.2 else text


def made_titles(count: int, seed: int) -> list[str]:
    """That many distinct titles."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found.setdefault(made_title(rng, _word(rng)))
    return list(found)


def made_rows(count: int, distinct: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Rows under ``HEADERS``: ``count`` leads at count / 50 companies, with ``distinct`` different titles."""
    rng = random.Random(seed)
    titles = made_titles(distinct, seed)
    companies = [(f"{_word(rng)} {_word(rng)} {at}", rng.choice(SIZES)) for at in range(max(1, count // 50))]
    for at in range(count):
        name, size = rng.choice(companies)
        domain = name.replace(" ", "-").lower() + ".example"
        yield (
            f"L{at}", name, domain, size, "Software", "Lead", f"{at:06}", titles[at % distinct],
        )  # fmt: skip


def write_made(path: Path, count: int, distinct: int, seed: int = 7) -> Path:
    """Write a CSV of made leads; returns its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(made_rows(count, distinct, seed))
    return path
