import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from ranker.errors import UsageError
from ranker.export.leads import Request, available_columns, export_leads
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.exports import Preset, Selection, choose, delete_preset, list_exports, list_presets, save_preset
from ranker.store.filters import Filters
from ranker.store.lead_detail import lead_detail
from ranker.store.results import page
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.store.databases import empty
from tests.store.ranked import FILE, World, ranked_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = empty(tmp_path)
    yield ranked_world(database)
    database.close()


def names(world: World, selection: Selection) -> list[str]:
    by_id = {lead: name for name, lead in world.leads.items()}
    return [by_id[lead] for lead in choose(world.database, selection).lead_ids]


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_top_of_each_company_takes_ties_along_in_the_order_of_rank(world: World) -> None:
    assert names(world, Selection(top=1)) == ["Lead 0001", "Lead 0005"]
    assert names(world, Selection(top=2)) == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005"]


def test_filters_hold_in_an_export_as_on_the_page(world: World) -> None:
    filters = Filters(search="sales", score_to=85)
    on_page = {row.lead_id for row in page(world.database, filters).rows}
    assert set(choose(world.database, Selection(filters)).lead_ids) == on_page
    assert on_page == {world.leads["Lead 0002"], world.leads["Lead 0003"]}


def test_hand_picked_leads_are_exported_whatever_their_verdict(world: World) -> None:
    picked = (world.leads["Lead 0007"], world.leads["Lead 0001"], 999)
    assert names(world, Selection(lead_ids=picked)) == ["Lead 0001", "Lead 0007"]


def test_do_not_contact_is_counted_and_left_out_and_the_next_one_takes_the_place(world: World) -> None:
    add_many(world.database, [("email", "one@alpha.example")])
    chosen = choose(world.database, Selection(top=1))
    assert chosen.held == 1
    assert names(world, Selection(top=1)) == ["Lead 0002", "Lead 0003", "Lead 0005"]
    made = export_leads(world.database, Request(Selection(lead_ids=tuple(world.leads.values()))))
    assert "Lead 0001" not in made.data.decode("utf-8-sig")
    assert (made.rows, made.held) == (6, 1)


def test_exported_leads_are_marked_and_can_be_left_out_next_time(world: World) -> None:
    made = export_leads(world.database, Request(Selection(top=1), who="me"))
    assert made.rows == 2
    assert page(world.database, Filters(exported=True)).matching == 2
    sent = lead_detail(world.database, world.leads["Lead 0001"]).exports
    assert [(entry.file_name, entry.rank) for entry in sent] == [(made.name, 1)]
    again = choose(world.database, Selection(top=2, skip_exported=True))
    assert (len(again.lead_ids), again.skipped) == (2, 2)
    assert [(entry.file_name, entry.row_count) for entry in list_exports(world.database)] == [(made.name, 2)]


def test_the_mark_survives_the_next_run(world: World) -> None:
    export_leads(world.database, Request(Selection(top=1)))
    world.rank()
    assert page(world.database, Filters(exported=True)).matching == 2


def test_an_export_of_nobody_says_why_and_marks_nothing(world: World) -> None:
    export_leads(world.database, Request(Selection(top=1)))
    with pytest.raises(UsageError, match="2 exported before"):
        export_leads(world.database, Request(Selection(top=1, skip_exported=True)))
    with pytest.raises(UsageError):
        export_leads(world.database, Request(Selection(top=1), format="pdf"))
    assert len(list_exports(world.database)) == 1


def test_original_columns_come_first_and_ours_follow(world: World) -> None:
    made = export_leads(world.database, Request(Selection(top=1)))
    header = made.data.decode("utf-8-sig").splitlines()[0].split(",")
    assert header[:9] == FILE.splitlines()[0].split(",")
    assert header[9:] == ["rank", "score", "status", "reasoning", "flags"]


def test_a_csv_gives_cells_back_neutralising_formulas_but_no_phone_number(world: World) -> None:
    rows = rows_of(export_leads(world.database, Request(Selection())).data)
    by_id = {row["Id"]: row for row in rows}
    assert [by_id[key]["Note"] for key in ("A1", "A2", "A3", "A4", "B1")] == [
        "'=SUM(A1:A9)", "-12.5", "'@here", "plain", "two\nlines",
    ]  # fmt: skip
    assert [by_id[key]["Phone"] for key in ("A1", "A2", "A4", "B1")] == [
        "+1 555 010 99", "+49 (30) 1234", "0049301234", "+44 20 7946 0958",
    ]  # fmt: skip
    assert by_id["B1"]["Company"] == "Béta"
    assert (by_id["A1"]["rank"], by_id["A1"]["score"], by_id["A4"]["rank"]) == ("1", "90.0", "")


def test_a_column_of_the_file_named_as_ours_keeps_its_name(tmp_path: Path) -> None:
    database = empty(tmp_path / "other")
    data = FILE.replace("Note", "Score").encode()
    commit(database, stage_file(database, "other.csv", data).id)
    known = available_columns(database)
    assert "Score" in known.original
    assert known.ranking[:2] == ("rank", "ranker_score")
    database.close()


def test_a_corrected_title_stands_in_a_column_of_its_own(world: World) -> None:
    update_lead(world.database, world.leads["Lead 0004"], "title", "Head of Finance")
    rows = rows_of(export_leads(world.database, Request(Selection())).data)
    changed = next(row for row in rows if row["Id"] == "A4")
    assert (changed["Job title"], changed["current_title"]) == ("Accountant", "Head of Finance")


def test_the_note_of_an_overrule_goes_along_until_it_is_taken_back(world: World) -> None:
    lead = world.leads["Lead 0004"]
    request = Request(Selection(lead_ids=(lead,)), ("Id", "review", "review_note"))
    review_lead(world.database, lead, "in", "=buys")
    assert rows_of(export_leads(world.database, request).data) == [
        {"Id": "A4", "review": "should be contacted", "review_note": "'=buys"}
    ]
    review_lead(world.database, lead, "none")
    assert rows_of(export_leads(world.database, request).data) == [{"Id": "A4", "review": "", "review_note": ""}]


def test_columns_of_an_earlier_file_are_kept(world: World) -> None:
    later = (
        "Person,Company,Website,Job title,Email,Team\nLead 0001,Alpha,alpha.example,VP Sales,one@alpha.example,North\n"
    )
    commit(world.database, stage_file(world.database, "later.csv", later.encode()).id)
    rows = rows_of(export_leads(world.database, Request(Selection())).data)
    first = next(row for row in rows if row["Email"] == "one@alpha.example")
    assert first["Team"] == "North"
    assert first["Note"] == "'=SUM(A1:A9)"


def test_presets_keep_columns_under_a_name(world: World) -> None:
    save_preset(world.database, Preset("Calls", ("Phone", "Bétà"), "csv", {}))
    save_preset(world.database, Preset(" Calls ", ("Phone", "rank"), "xlsx", {"top": 2}))
    assert list_presets(world.database) == [Preset("Calls", ("Phone", "rank"), "xlsx", {"top": 2})]
    rows = rows_of(export_leads(world.database, Request(Selection(top=1), ("Phone", "rank", "gone"))).data)
    assert rows[0] == {"Phone": "+1 555 010 99", "rank": "1"}
    delete_preset(world.database, "Calls")
    assert list_presets(world.database) == []
    with pytest.raises(UsageError):
        save_preset(world.database, Preset(" ", ("Phone",), "csv", {}))
