import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from ranker.errors import UsageError
from ranker.ingest.corrections import update_lead
from ranker.outreach.approvals import approve
from ranker.outreach.edits import edit
from ranker.outreach.export_sequences import NOTES, Wanted, choose_sequences, export_sequences
from ranker.outreach.prospects import prospect_of_url
from ranker.outreach.sequence import Message, Written
from ranker.store.exports import list_exports
from ranker.store.filters import Filters
from ranker.store.lead_detail import lead_detail
from ranker.store.results import page
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import TEMPLATE, URL, WRITTEN, prospect_of, write
from tests.store.ranked import World

SAID = (Message(1, '=Hello, "maps"?\nOne line more'), Message(2, "Zdravo, čaj?"), Message(3, "@you"))
THREE = replace(TEMPLATE, messages=SAID)


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def made(world: World) -> dict[str, int]:
    """Lead → their sequence: one approved by a model, one approved template, one that nobody approved."""
    found = {}
    for name, written in (("Lead 0005", THREE), ("Lead 0001", WRITTEN), ("Lead 0002", THREE)):
        found[name] = write(world.database, prospect_of(world.database, world.leads[name]), written)
    approve(world.database, found["Lead 0001"], "me", despite_marks=True)
    approve(world.database, found["Lead 0005"], "me")
    return found


def test_an_edit_that_nobody_approved_is_counted_and_the_approved_one_goes_out(
    world: World, made: dict[str, int]
) -> None:
    assert choose_sequences(world.database, Wanted()).newer == 0
    version = edit(world.database, made["Lead 0005"], {1: "Hello, how is sales?"})
    found = choose_sequences(world.database, Wanted())
    assert (found.newer, made["Lead 0005"] in found.sequences.values()) == (1, True)
    approve(world.database, version)
    found = choose_sequences(world.database, Wanted())
    assert (found.newer, version in found.sequences.values()) == (0, True)


def test_a_row_a_lead_has_a_column_for_each_step_and_only_approved_ones(world: World, made: dict[str, int]) -> None:
    found = export_sequences(world.database, Wanted(), who="me", today=datetime(2026, 11, 21, tzinfo=UTC))
    assert (found.name, found.rows, found.people, found.left_out) == (
        "sequences-all-approved-2026-11-21.csv", 2, 2, {"not_approved": 1},
    )  # fmt: skip
    one, two = rows_of(found.data)
    assert (one["name"], one["email"], one["company"], one["title"]) == (
        "Lead 0001", "one@alpha.example", "Alpha", "VP Sales",
    )  # fmt: skip
    assert [one[f"step_{step}"] for step in (1, 2, 3)] == [*(said.content for said in WRITTEN.messages), ""]
    assert (one["written_by"], one["note"], one["approved_by"], one["tone"]) == ("model", "", "me", "Brisk")
    assert (two["written_by"], two["note"]) == ("template", NOTES["template"])
    assert [two[f"step_{step}"] for step in (1, 2, 3)] == ["'" + SAID[0].content, SAID[1].content, "'@you"]
    assert b"\r\n" in found.data


def test_a_row_a_message(world: World, made: dict[str, int]) -> None:
    found = export_sequences(world.database, Wanted(), layout="message")
    rows = rows_of(found.data)
    assert [(row["name"], row["step"]) for row in rows] == [
        ("Lead 0001", "1"), ("Lead 0001", "2"), ("Lead 0005", "1"), ("Lead 0005", "2"), ("Lead 0005", "3"),
    ]  # fmt: skip
    assert (rows[3]["message"], rows[3]["characters"]) == ("Zdravo, čaj?", "12")
    assert (found.rows, found.people) == (5, 2)


def test_a_workbook_holds_text_as_text(world: World, made: dict[str, int]) -> None:
    found = export_sequences(world.database, Wanted(), format="xlsx")
    cells = list(load_workbook(io.BytesIO(found.data)).active.iter_rows(values_only=True))
    assert cells[2][cells[0].index("step_1")] == SAID[0].content
    assert cells[2][cells[0].index("step_3")] == "@you"


def test_who_is_on_the_list_at_the_moment_of_the_export_stays_out_and_is_counted(
    world: World, made: dict[str, int]
) -> None:
    add_many(world.database, [("email", "one@alpha.example")])
    review_lead(world.database, world.leads["Lead 0002"], "out", "left")
    found = export_sequences(world.database, Wanted(approved_only=False))
    assert b"Lead 0001" not in found.data
    assert found.left_out == {"held": 1, "not_relevant": 1}
    add_many(world.database, [("domain", "beta.example")])
    with pytest.raises(UsageError, match="1 not approved, 2 on the do-not-contact list"):
        export_sequences(world.database, Wanted())
    assert len(list_exports(world.database)) == 1


def test_of_a_person_one_sequence_goes_out_the_approved_one_else_the_newest(world: World, made: dict[str, int]) -> None:
    version = edit(world.database, made["Lead 0001"], {1: "Hello, how are sales?"})
    open_one = edit(world.database, made["Lead 0002"], {1: "Good morning."})
    failed = prospect_of(world.database, world.leads["Lead 0003"])
    write(world.database, failed, Written("failed", "model", reason="Out of order."))
    every = choose_sequences(world.database, Wanted(approved_only=False))
    assert list(every.sequences.values()) == [made["Lead 0001"], open_one, made["Lead 0005"]]
    assert every.left_out == {"nothing": 1}
    approve(world.database, version, "you", despite_marks=True)
    rows = rows_of(export_sequences(world.database, Wanted(prospect_ids=tuple(every.sequences)[:1])).data)
    assert [(row["step_1"], row["edited"], row["approved_by"], row["version"]) for row in rows] == [
        ("Hello, how are sales?", "yes", "you", "2")
    ]
    assert choose_sequences(world.database, Wanted(prospect_ids=())).words == "0 people"


def test_a_fallback_says_so_and_a_profile_without_lead_goes_out_by_its_address(world: World) -> None:
    with world.database.write() as session:
        prospect = prospect_of_url(session, URL).id
    fallback = replace(TEMPLATE, origin="fallback", reason="Out of order.")
    approve(world.database, write(world.database, prospect, fallback))
    found = export_sequences(world.database, Wanted())
    (row,) = rows_of(found.data)
    assert (row["profile_url"], row["name"], row["written_by"], row["note"]) == (
        f"https://www.{URL}", "", "fallback", NOTES["fallback"],
    )  # fmt: skip
    assert [(one.file_name, one.row_count) for one in list_exports(world.database)] == [(found.name, 1)]


def test_an_export_shows_in_the_leads_history_and_marks_it_as_exported(world: World, made: dict[str, int]) -> None:
    found = export_sequences(world.database, Wanted(), who="me")
    for name in ("Lead 0001", "Lead 0005"):
        sent = lead_detail(world.database, world.leads[name]).exports
        assert [(one.file_name, one.rank, one.who) for one in sent] == [(found.name, 1, "me")]
    assert page(world.database, Filters(exported=True)).matching == 2


def test_another_format_or_form_is_refused_and_nothing_is_marked(world: World, made: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="no format"):
        export_sequences(world.database, Wanted(), format="pdf")
    with pytest.raises(UsageError, match="no form"):
        export_sequences(world.database, Wanted(), layout="page")
    with pytest.raises(UsageError, match="nothing to export: 0 people"):
        export_sequences(world.database, Wanted(run_id=999))
    assert list_exports(world.database) == []


def test_the_address_in_the_file_is_the_one_that_the_lead_has_now(world: World, made: dict[str, int]) -> None:
    update_lead(world.database, world.leads["Lead 0001"], "linkedin_url", "https://de.linkedin.com/in/jos%C3%A9/de")
    row = rows_of(export_sequences(world.database, Wanted()).data)[0]
    assert (row["name"], row["profile_url"]) == ("Lead 0001", "https://www.linkedin.com/in/josé")
