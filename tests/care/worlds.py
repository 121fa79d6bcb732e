"""A small world in which one person stands in as many places as there are, and a search for traces of them."""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path

from sqlalchemy import inspect, text

from ranker.export.leads import Request, export_leads
from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.sample import PERSONA
from ranker.ingest.stage import cancel, stage_file
from ranker.jobs.job import drive
from ranker.personas.catalog import seed_personas
from ranker.personas.versions import add_version
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from ranker.store.exports import Selection as Choice
from ranker.store.filters import Filters
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many

NAME, EMAIL, URL = "Lead Zérodix", "zerodix@alpha.example", "https://www.linkedin.com/in/lead-zerodix-0001"
FIRST = f"""\
Company,Website,Employees,Person,Job title,Email,LinkedIn,Phone,Note
Alpha,alpha.example,51-200,{NAME},VP Sales,{EMAIL},{URL},+1 555 77 0001,first choice
Alpha,alpha.example,51-200,Lead 0002,Sales Manager,two@alpha.example,linkedin.com/in/lead-0002,,reports to {NAME}
Alpha,alpha.example,51-200,Lead 0003,Sales Director,three@alpha.example,,,see {URL} or {EMAIL.upper()}
,beta.example,11-50,{NAME},Founder,{EMAIL},,,a row without a company
Béta,beta.example,11-50,Lead 0005,Founder,five@beta.example,,,"two
lines"
"""
SECOND = FIRST.replace("VP Sales", "VP of Sales").replace("first choice", "altered text")


def lived_in(database: Database) -> dict[str, int]:
    """Import, rank, review, export, stage another file and drop a third; the leads by name."""
    seed_personas(database)
    commit(database, stage_file(database, "first.csv", FIRST.encode()).id)
    rank(database)
    leads = numbers(database)
    review_lead(database, leads[NAME], "in", f"I know {NAME}")
    export(database, Choice(filters=Filters(search=NAME)))
    commit(database, stage_file(database, "second.csv", SECOND.encode("utf-16")).id)
    rank(database)
    export(database, Choice())
    check(database, stage_file(database, "open.csv", SECOND.replace("altered text", "again").encode("cp1252")).id)
    cancel(database, stage_file(database, "dropped.csv", FIRST.replace(",", ";").encode()).id)
    return leads


def hold(database: Database) -> None:
    """Put the person, and somebody else, on the do-not-contact list."""
    add_many(database, [("email", EMAIL), ("person", NAME), ("person", "Lead 0002")], f"{NAME} asked")


def rank(database: Database) -> int:
    """One finished run over all leads."""
    run = rank_run.start(database, Selection("all"), persona(database))
    drive(database, run, rank_run.step)
    return run


def persona(database: Database) -> int:
    """The live version of the persona that wants sales leaders."""
    return add_version(database, "Sales", PERSONA.read_text(encoding="utf-8")).id


def export(database: Database, choice: Choice) -> bytes:
    """The bytes of an export."""
    return export_leads(database, Request(choice)).data


def numbers(database: Database) -> dict[str, int]:
    """Name → lead."""
    with database.session() as session:
        return {row[0]: row[1] for row in session.connection().execute(text("SELECT full_name, id FROM lead"))}


def ranks(database: Database) -> dict[str, int]:
    """Name → rank of those to contact now."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT l.full_name, k.rank FROM current_assessment AS k JOIN lead AS l ON l.id=k.lead_id")
        )
        return {row[0]: row[1] for row in rows if row[1] is not None}


def forms(word: str) -> set[bytes]:
    """The bytes that a word can be: several encodings, cases, and as JSON writes it."""
    import json

    found = set()
    for one in {word, word.lower(), word.upper(), word.casefold(), json.dumps(word)[1:-1]}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252"):
            found.add(one.encode(encoding, "replace"))
    return found


def traces(folder: Path, *words: str) -> list[str]:
    """“file: word” for every file below the folder that holds a word, plain or in a zlib stream within."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for whole in (data, *unpacked(data)):
            found += [f"{path.name}: {word}" for word in words if any(form in whole for form in forms(word))]
    return found


def unpacked(data: bytes) -> list[bytes]:
    """What any zlib, gzip or zip stream in the bytes unpacks to."""
    found = []
    for sign, bits in ((b"\x78\x9c", 15), (b"\x78\xda", 15), (b"\x1f\x8b\x08", 31), (b"PK\x03\x04", -15)):
        at = data.find(sign)
        while at >= 0:
            start = at
            if bits < 0:
                start += (
                    30
                    + int.from_bytes(data[at + 26 : at + 28], "little")
                    + int.from_bytes(data[at + 28 : at + 30], "little")
                )
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompressobj(bits).decompress(data[start:]))
            at = data.find(sign, at + 1)
    return found


def table_traces(database: Database, *words: str) -> list[str]:
    """“table.column: word” for every value of every table, bytes included."""
    found = []
    with database.session() as session:
        connection = session.connection()
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
            for row in rows:
                for column, value in row.items():
                    whole = value if isinstance(value, bytes) else str(value).encode()
                    found += [
                        f"{table}.{column}: {word}" for word in words if any(form in whole for form in forms(word))
                    ]
    return found
