"""Uploading labelled leads: understood, put right, saved; no row is dropped without a word."""

from __future__ import annotations

import math

import pytest
from sqlalchemy import text

from ranker.errors import InputError, LabelError, UsageError
from ranker.evaluation.set_draft import MOST_SHOWN, get_draft
from ranker.evaluation.set_items import load_items
from ranker.evaluation.set_list import get_set, list_drafts, list_sets
from ranker.evaluation.set_upload import change_draft, check_size, save_draft, stage_set, throw_away
from ranker.store.engine import Database
from tests.ingest.workbooks import workbook
from tests.store.databases import KINDS, empty, fresh

HEADER = "Firma;Webseite;Position;Mitarbeiter;Name;E-Mail;Erwarteter Rang"
ROWS = """\
Alpha AG;alpha.example;Head of Sales;51-200;Lead 0001;one@alpha.example;1
Alpha AG;alpha.example;Buchhalter;51-200;Lead 0002;two@alpha.example;none
Alpha AG;alpha.example;Sales Manager;51-200;Lead 0003;three@alpha.example;2.0
Béta;;Founder;1-10;Lead 0004;four@beta.example;-
Béta;;CEO;1-10;Lead 0005;five@beta.example;
Béta;;CTO;1-10;Lead 0006;six@beta.example;0
;;CTO;1-10;Lead 0007;seven@beta.example;1
Béta;;Owner;1-10;Lead 0008;eight@beta.example;maybe
Alpha AG;alpha.example;Head of Sales;51-200;Lead 0001;one@alpha.example;1
Gamma;gamma.example;VP Sales;11-50;Lead 0009;nine@gamma.example;1
Gamma;gamma.example;VP Sales;11-50;Lead 0009;nine@gamma.example;3
"""
FILE = f"{HEADER}\n{ROWS}".encode("cp1252")


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def settled(database: Database, draft_id: int) -> None:
    change_draft(database, draft_id, meanings={"-": "none", "blank": "skip", "0": "none"})


def test_a_file_of_any_form_is_understood_and_every_way_to_write_a_label_is_told_apart(database):
    draft = stage_set(database, "labelled.csv", FILE, who="analyst")
    assert (draft.encoding, draft.delimiter, draft.row_count, draft.missing) == ("cp1252", ";", 11, ())
    assert {column.field for column in draft.columns} == {
        "company", "domain", "title", "size", "full_name", "email", "expected_rank"
    }  # fmt: skip
    kinds = {kind.written: (kind.rows, kind.first, kind.clear, kind.open) for kind in draft.read.kinds}
    assert kinds == {
        "1, 2, 3, …": (6, 2, True, False),
        "none": (1, 3, True, False),
        "-": (1, 5, False, True),
        "blank": (1, 6, False, True),
        "0": (1, 7, False, True),
        "maybe": (1, 9, False, False),
    }
    assert sum(rows for rows, *_ in kinds.values()) == draft.read.rows == 11


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ("Company;Job Title;Rank", "Rank"),
        ("Company;Job Title;Label", "Label"),
        ("Company;Job Title;RELEVANT?", "RELEVANT?"),
        ("Rank;Company;Job Title;Label", "Label"),  # the rank is a program's
        ("Company;Job Title;Rank;Gold Rank", "Gold Rank"),
        ("Company;Job Title;Rank;Rank", None),
        ("Company;Job Title;Notes", None),
    ],
)
def test_a_label_has_many_usual_names(tmp_path, headers, taken):
    told = {"Company": "ACME", "Job Title": "Buyer"}
    with fresh("sqlite", tmp_path) as database:
        cells = ";".join(told.get(one, "1") for one in headers.split(";"))
        draft = stage_set(database, "labelled.csv", f"{headers}\n{cells}\n".encode())
        found = [column.header for column in draft.columns if column.field == "expected_rank"]
        assert found == ([] if taken is None else [taken])
        assert ("expected_rank" in draft.missing) == (taken is None)


def test_rows_that_cannot_be_used_are_named_with_what_to_do_and_the_counts_add_up(database):
    draft_id = stage_set(database, "labelled.csv", FILE).id
    settled(database, draft_id)
    read = get_draft(database, draft_id).read
    assert read.reasons == {"unjudged": 1, "label": 1, "company": 1, "repeated": 1, "two_labels": 2}
    assert read.leads + sum(read.reasons.values()) == read.rows == 11
    assert [(one.row, one.reason, one.column) for one in read.left_out] == [
        (6, "unjudged", "Erwarteter Rang"), (8, "company", "Firma"), (9, "label", "Erwarteter Rang"),
        (10, "repeated", "Position"), (11, "two_labels", "Position"), (12, "two_labels", "Position"),
    ]  # fmt: skip
    assert "“maybe”" in read.left_out[2].said or '"maybe"' in read.left_out[2].said
    assert "row 12" in read.left_out[4].said
    assert "row 11" in read.left_out[5].said


def test_a_saved_set_holds_what_was_said_and_the_file_is_gone(tmp_path):
    database = empty(tmp_path / "data")
    draft_id = stage_set(database, "labelled.csv", FILE, who="analyst").id
    settled(database, draft_id)
    saved = save_draft(database, draft_id, "  My \n set ", "analyst")
    with database.session() as session:
        items = load_items(session, saved.id)
        content = session.connection().execute(text("SELECT count(content) FROM eval_set")).scalar_one()
    assert [(item.source_id, item.company_key, item.title, item.label) for item in items] == [
        ("2", "alpha.example", "Head of Sales", 1.0),
        ("3", "alpha.example", "Buchhalter", math.inf),
        ("4", "alpha.example", "Sales Manager", 2.0),
        ("5", "béta", "Founder", math.inf),
        ("7", "béta", "CTO", math.inf),
    ]
    assert content == 0
    line = get_set(database, saved.id)
    assert (line.name, line.source, line.who, line.rows, line.leads) == ("My set", "upload", "analyst", 11, 5)
    assert (line.companies, line.ranked, line.not_relevant, line.pairs, line.ordered) == (2, 2, 3, 3, True)
    assert line.leads + sum(line.left_out.values()) == line.rows
    with pytest.raises(UsageError, match="not here any more"):
        get_draft(database, draft_id)
    database.close()


def test_nothing_is_saved_before_a_person_says_what_an_unclear_label_means(database):
    draft_id = stage_set(database, "labelled.csv", FILE).id
    with pytest.raises(LabelError, match="“-” means first: row 5"):
        save_draft(database, draft_id)
    change_draft(database, draft_id, meanings={"-": "none", "blank": "none"})
    with pytest.raises(LabelError, match="“0” means first: row 7"):
        save_draft(database, draft_id)
    assert list_sets(database) == []
    assert [one.id for one in list_drafts(database)] == [draft_id]


def test_the_same_leads_with_the_same_labels_are_recognised_in_another_file_and_order(database):
    first = stage_set(database, "labelled.csv", FILE).id
    settled(database, first)
    saved = save_draft(database, first)
    lines = [HEADER, *reversed(ROWS.splitlines())]
    again = stage_set(database, "other.txt", "\n".join(lines).replace(";", "\t").encode("utf-16")).id
    settled(database, again)
    assert save_draft(database, again, "Other") == type(saved)(saved.id, known=True)
    assert [one.name for one in list_sets(database)] == ["labelled"]
    assert list_drafts(database) == []
    other = stage_set(database, "changed.csv", FILE.replace(b";1\n", b";2\n", 1)).id
    settled(database, other)
    assert not save_draft(database, other).known


def test_yes_and_no_become_a_set_that_tells_who_is_relevant_and_no_order(database):
    rows = "Alpha,CEO,Yes\nAlpha,CFO,no\nAlpha,COO,yes\nBeta,CEO,x\n"
    draft = stage_set(database, "x.csv", f"Company,Title,Expected rank\n{rows}".encode())
    draft = change_draft(database, draft.id, meanings={"yes": "relevant", "no": "none", "x": "skip"})
    saved = save_draft(database, draft.id)
    with database.session() as session:
        assert [item.label for item in load_items(session, saved.id)] == [1.0, math.inf, 1.0]
    line = get_set(database, saved.id)
    assert (line.ordered, line.pairs, line.ranked) == (False, 2, 2)


def test_ranks_beside_relevant_without_a_rank_are_refused_and_the_draft_stays(database):
    draft = stage_set(database, "x.csv", b"Company,Title,Expected rank\nAlpha,CEO,yes\nAlpha,CFO,2\n")
    with pytest.raises(LabelError, match="Row 3 has a rank and row 2 is said to be relevant without one"):
        change_draft(database, draft.id, meanings={"yes": "relevant"})
    assert get_draft(database, draft.id).meanings == {}


def test_what_labels_mean_is_asked_anew_for_another_column(database):
    data = b"Company,Title,Expected rank,Second opinion\nAlpha,CEO,-,-\nAlpha,CFO,2,1\n"
    draft = stage_set(database, "x.csv", data)
    change_draft(database, draft.id, meanings={"-": "none"})
    assert change_draft(database, draft.id, encoding="cp1252").meanings == {"-": "none"}
    draft = change_draft(database, draft.id, overrides=["expected_rank=Second opinion"])
    assert (draft.meanings, [kind.written for kind in draft.read.open]) == ({}, ["-"])


def test_a_correction_never_undoes_one_that_another_window_made_in_the_meantime(database):
    draft = stage_set(database, "x.csv", b"Company,Title,Expected rank,Mine\nAlpha,CEO,-,2\nAlpha,CFO,2,1\n")

    def choices():  # read once the draft is: the other window is just that much quicker
        change_draft(database, draft.id, meanings={"-": "none"})
        yield "expected_rank=Mine"

    with pytest.raises(UsageError, match="changed elsewhere in the meantime"):
        change_draft(database, draft.id, overrides=choices())
    kept = get_draft(database, draft.id)
    assert (kept.meanings, kept.choices) == ({"-": "none"}, ())


def test_a_draft_survives_a_refresh_and_the_same_upload_continues_it(database):
    draft = stage_set(database, "labelled.csv", FILE)
    settled(database, draft.id)
    assert stage_set(database, "labelled.csv", FILE).id == draft.id
    assert get_draft(database, draft.id).meanings == {"-": "none", "blank": "skip", "0": "none"}
    throw_away(database, draft.id)
    assert list_drafts(database) == []
    for gone in (lambda: throw_away(database, draft.id), lambda: change_draft(database, draft.id, meanings={})):
        with pytest.raises(UsageError, match="not here any more"):
            gone()


def test_columns_that_no_header_names_are_chosen_by_hand_and_kept(database):
    data = b"Account,Role,Verdict\nAlpha,CEO,1\nAlpha,CFO,none\n"
    draft = stage_set(database, "x.csv", data)
    assert draft.missing == ("expected_rank",)
    assert draft.read is None
    with pytest.raises(UsageError, match="not chosen yet"):
        save_draft(database, draft.id)
    draft = change_draft(database, draft.id, overrides=["expected_rank=Verdict"])
    assert (draft.missing, draft.choices) == ((), ("expected_rank=Verdict",))
    assert draft.read.counts["ranked"] == 1
    with pytest.raises(UsageError, match="is mapped to two fields"):
        change_draft(database, draft.id, overrides=["expected_rank=Verdict", "title=Verdict"])
    assert get_draft(database, draft.id).choices == ("expected_rank=Verdict",)


def test_another_sheet_of_a_workbook_can_be_chosen(database):
    data = workbook(Notes="a,b\n1,2\n3,4\n5,6\n", Labels="Company,Title,Expected rank\nAlpha,CEO,1\n")
    draft = stage_set(database, "book.xlsx", data)
    assert [sheet.name for sheet in draft.sheets] == ["Notes", "Labels"]
    draft = change_draft(database, draft.id, sheet="Labels")
    assert (draft.sheet, draft.missing, draft.read.leads) == ("Labels", (), 1)


def test_identical_rows_of_nobody_in_particular_are_two_leads(database):
    data = b"Company,Title,Expected rank\nAlpha,Sales Manager,1\nAlpha,Sales Manager,1\n"
    assert stage_set(database, "x.csv", data).read.leads == 2


def test_an_id_that_repeats_tells_the_same_lead_only_with_the_same_company_and_title(database):
    rows = ["7,Alpha,CEO,1", "7,Alpha,CEO,1", "7,Alpha,CFO,none", "lead@alpha.example,Alpha,COO,2"]
    data = "\n".join(["Lead ID,Company,Title,Expected rank", *rows]).encode()
    draft = stage_set(database, "x.csv", data)
    assert draft.read.reasons == {"repeated": 1}
    saved = save_draft(database, draft.id)
    with database.session() as session:
        assert [item.source_id for item in load_items(session, saved.id)] == ["7", "4", "5"]


def test_a_row_whose_cells_are_shifted_is_left_out_because_its_label_may_be_another_cell(database):
    data = b"Company,Title,Expected rank\nAlpha,CEO,1\nAlpha,VP, Sales,2\n"
    read = stage_set(database, "x.csv", data).read
    assert (read.leads, read.reasons) == (1, {"shifted": 1})


def test_many_rows_that_cannot_be_used_are_all_counted_and_the_first_are_listed(database):
    rows = "".join(f"Alpha,CEO {number},word{number}\n" for number in range(1000))
    read = stage_set(database, "x.csv", f"Company,Title,Expected rank\n{rows}Alpha,CFO,1\n".encode()).read
    assert (read.rows, read.leads, read.reasons, len(read.left_out)) == (1001, 1, {"label": 1000}, MOST_SHOWN)
    assert read.all_kinds == 1001


def test_settling_a_label_moves_none_and_none_that_is_open_is_lost_among_many_words(database):
    rows = "".join(f"Alpha,CEO {number},word{number}\n" for number in range(500))
    data = f"Company,Title,Expected rank\nAlpha,CFO,good\n{rows}Alpha,COO,-\nAlpha,CTO,0\nAlpha,VP,1\n"
    draft = stage_set(database, "x.csv", data.encode())
    assert [kind.written for kind in draft.read.open] == ["-", "0"]
    order = [kind.written for kind in draft.read.kinds]
    assert order[:2] == ["good", "word0"]
    assert order[-2:] == ["-", "0"]
    for meanings in ({"-": "none"}, {"-": "none", "good": "skip"}):
        assert [kind.written for kind in change_draft(database, draft.id, meanings=meanings).read.kinds] == order


def test_a_file_without_one_usable_row_is_refused_and_stays_a_draft(database):
    draft = stage_set(database, "x.csv", b"Company,Title,Expected rank\nAlpha,CEO,good\n")
    with pytest.raises(LabelError, match="No row of this file can be used"):
        save_draft(database, draft.id)
    assert get_draft(database, draft.id).read.reasons == {"label": 1}
    with pytest.raises(InputError, match="labelled file"):
        check_size(51 * 1024 * 1024)
