"""The do-not-contact list: what it holds, what is refused, and that ranks follow it at once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ranker.errors import InputError, UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.suppression_file import LARGEST, read_suppression_file, read_suppression_text
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import suppression_list
from ranker.store.engine import Database
from ranker.store.suppression_list import add_many, held_leads, page_entries, remove_many

CSV = """Company,Website,Job Title,Size,First Name,Last Name,Email,LinkedIn
Añil Robotics,anil.example,Head of Sales,51-200,Lead,0001,one@anil.example,https://www.linkedin.com/in/lead-0001
Añil Robotics,anil.example,VP of Sales,51-200,Lead,0002,two@mail.anil.example,
Añil Robotics,anil.example,Sales Director,51-200,Lead,0003,,
Cantera,cantera.example,Head of Sales,51-200,Lead,0004,four@cantera.example,
"""


@pytest.fixture
def leads(database: Database) -> Database:
    """Four leads at two companies, all of them ranked."""
    commit(database, stage_file(database, "leads.csv", CSV.encode()).id)
    seed_personas(database)
    persona = next(one for one in list_personas(database) if "Ladderline" in one.name)
    drive(database, rank_run.start(database, Selection("all"), persona.live_version_id), rank_run.step)
    return database


def ranks(database: Database) -> dict[str, int | None]:
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT l.full_name, k.rank FROM current_assessment AS k JOIN lead AS l ON l.id=k.lead_id")
        )
        return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("person", "lead 0001", {"Lead 0001"}),
        ("person", "linkedin.com/in/lead-0001/", {"Lead 0001"}),
        ("email", "FOUR@cantera.example", {"Lead 0004"}),
        ("domain", "https://www.anil.example/about", {"Lead 0001", "Lead 0002", "Lead 0003"}),
        ("domain", "mail.anil.example", {"Lead 0002"}),
        ("company", "anil  robotics", {"Lead 0001", "Lead 0002", "Lead 0003"}),
    ],
)
def test_an_entry_holds_whom_it_names_and_they_lose_their_rank_at_once(leads, kind, value, held):
    before = ranks(leads)
    assert None not in before.values()
    change = add_many(leads, [(kind, value)])
    assert (change.entries, change.known, change.leads) == (1, 0, len(held))
    assert {name for name, rank in ranks(leads).items() if rank is None} == held
    assert held_leads(leads) == len(held)
    shown = page_entries(leads)
    assert (shown.matching, shown.total, shown.held) == (1, 1, (len(held),))
    assert remove_many(leads, [(shown.entries[0].kind, shown.entries[0].value)]).leads == len(held)
    assert ranks(leads) == before


def test_those_behind_a_held_person_move_up(leads):
    first = min((rank, name) for name, rank in ranks(leads).items() if name != "Lead 0004")[1]
    before = ranks(leads)
    add_many(leads, [("person", first)])
    after = ranks(leads)
    assert all(after[name] <= rank for name, rank in before.items() if name != first)
    assert min(rank for name, rank in after.items() if name not in {first, "Lead 0004"}) == 1


def test_the_same_entry_again_keeps_its_note_and_counts_as_known(leads):
    add_many(leads, [("email", "one@anil.example")], "asked us")
    again = add_many(leads, [("email", "ONE@anil.example "), ("email", "new@anil.example")], "another note")
    assert (again.entries, again.known, again.leads) == (1, 1, 0)
    notes = {entry.value: entry.note for entry in page_entries(leads).entries}
    assert notes == {"one@anil.example": "asked us", "new@anil.example": "another note"}


def test_a_lead_that_two_entries_hold_is_free_only_without_both(leads):
    add_many(leads, [("email", "one@anil.example"), ("company", "Añil Robotics")])
    assert remove_many(leads, [("company", "anil robotics")]).leads == 2
    assert ranks(leads)["Lead 0001"] is None
    assert remove_many(leads, [("email", "one@anil.example")]).leads == 1
    assert held_leads(leads) == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [("person", "  "), ("email", "no address"), ("domain", "anil"), ("country", "Spain"), ("company", "–")],
)
def test_one_entry_that_names_nobody_refuses_all(leads, kind, value):
    with pytest.raises(UsageError):
        add_many(leads, [("company", "Cantera"), (kind, value)])
    assert page_entries(leads).total == 0


def test_search_and_pages_are_over_the_whole_list(leads):
    add_many(leads, [("email", f"p{at:03}@x.example") for at in range(120)], "batch_1")
    add_many(leads, [("company", "100% Design")], "other")
    assert page_entries(leads, search="100%").matching == 1
    assert page_entries(leads, search="batch_1").matching == 120
    assert page_entries(leads, kind="company").matching == 1
    seen = [entry.value for at in range(0, 150, 50) for entry in page_entries(leads, offset=at, limit=50).entries]
    assert len(seen) == len(set(seen)) == 121


def test_removing_what_is_not_there_changes_nothing(leads):
    add_many(leads, [("company", "Cantera")])
    change = remove_many(leads, [("company", "nobody"), ("email", "cantera")])
    assert (change.entries, change.known, change.leads) == (0, 2, 0)
    assert page_entries(leads).total == 1


def test_a_pasted_list_tells_the_kinds_apart_and_names_what_it_leaves_out():
    found = read_suppression_text("one@x.example\n\nx.example\nlinkedin.com/in/lead-0001\nAñil Robotics\n--\n")
    assert found.entries == (
        ("email", "one@x.example"), ("domain", "x.example"), ("person", "linkedin.com/in/lead-0001"),
        ("company", "Añil Robotics"),
    )  # fmt: skip
    assert [row for row, _ in found.unread] == [6]
    assert read_suppression_text("Lead 0001", "person").entries == (("person", "Lead 0001"),)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_with_columns_holds_the_person_before_the_company(codec):
    text_ = "Firma;E-Mail;Name\nAñil;one@x.example;Lead 0001\nAñil;;Lead 0002\nAñil;;\n"
    found = read_suppression_file(text_.encode(codec))
    assert found.entries == (("email", "one@x.example"), ("person", "Lead 0002"), ("company", "Añil"))
    assert found.counts == {"email": 1, "person": 1, "company": 1}


def test_a_file_without_headers_is_one_entry_a_line_and_no_line_is_lost():
    assert read_suppression_file(b"one@x.example\r\ntwo@x.example\r\n").counts == {"email": 2}


@pytest.mark.parametrize("data", [b"", b"\n \n", b"PK\x03\x04rest", b"a,b\nc,d\n", b"x" * (LARGEST + 1)])
def test_a_file_that_is_no_list_is_refused_with_a_message(data):
    with pytest.raises(InputError) as refused:
        read_suppression_file(data)
    assert str(refused.value)


def test_held_leads_are_counted_without_reading_those_that_are_free(leads):
    assert suppression_list.held_by(leads, []) == {}


def test_a_list_with_a_line_in_another_encoding_is_read_whole() -> None:
    found = read_suppression_file("Name\nLeäd 0001\nLead 0002\n".encode() + "Léad 0003\n".encode("cp1252"))
    assert [value for _, value in found.entries] == ["Leäd 0001", "Lead 0002", "Léad 0003"]
