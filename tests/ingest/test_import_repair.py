"""Putting right what a file got wrong, before and after it is in."""

import json

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest import corrections
from ranker.ingest.check import check
from ranker.ingest.corrections import Fix, fix_cells, update_lead
from ranker.ingest.keys import input_hash
from ranker.ingest.merge import commit
from ranker.scoring.assessment import Inputs
from tests.ingest.importing import as_csv, checked, counts, imported, leads, person, table


def test_a_title_is_put_right_before_the_commit(database):
    data = as_csv([person(1, title="alpha.example"), person(2)])
    staged = checked(database, data)
    assert staged.problems
    staged = fix_cells(database, staged.id, [Fix(2, "title", " CRO ")])
    assert (counts(staged), staged.problems) == ({"new": 2}, ())
    commit(database, staged.id)
    assert leads(database, "title", "problem") == [("CRO", ""), ("VP Sales", "")]
    assert counts(imported(database, data, "again.csv")) == {"unchanged": 2}  # the file does not undo it
    assert leads(database, "title")[0] == ("CRO",)
    newer = as_csv([person(1, title="CEO"), person(2)])
    assert counts(imported(database, newer, "newer.csv")) == {"changed": 1, "unchanged": 1}
    assert leads(database, "title", "edits")[0] == ("CEO", "{}")


def test_a_rejected_row_is_saved_by_its_company(database):
    staged = checked(database, as_csv([person(1), person(2, company="")]))
    assert counts(staged) == {"new": 1, "rejected": 1}
    assert counts(fix_cells(database, staged.id, [Fix(3, "company_name", "Alpha")])) == {"new": 2}


def test_many_cells_are_put_right_with_one_check(database, monkeypatch):
    rows = [person(1, title=""), person(2, size="many"), person(3, company=""), person(4, title="alpha.example")]
    staged = checked(database, as_csv(rows))
    fixes = [
        Fix(2, "title", "CFO"), Fix(3, "size", "11-50"), Fix(4, "company_name", "Alpha"), Fix(4, "size", ""),
        Fix(5, "title", "Nobody"), Fix(5, "title", "CEO"),
    ]  # fmt: skip
    checks = []
    monkeypatch.setattr(corrections, "check", lambda *given: checks.append(given) or check(*given))
    staged = fix_cells(database, staged.id, fixes)
    assert (counts(staged), staged.problems, len(checks)) == ({"new": 4}, (), 1)
    commit(database, staged.id)
    assert leads(database, "title", "company_name", "size") == [
        ("CFO", "Alpha", "51-200"),
        ("VP Sales", "Alpha", "11-50"),
        ("VP Sales", "Alpha", ""),
        ("CEO", "Alpha", "51-200"),
    ]


def test_one_wrong_correction_among_many_keeps_them_all_out(database):
    staged = checked(database, as_csv([person(1, title=""), person(2)]))
    for wrong, says in ((Fix(3, "size", "many"), "Row 3: .*51-200"), (Fix(9, "title", "CEO"), "row 9")):
        with pytest.raises(UsageError, match=says):
            fix_cells(database, staged.id, [Fix(2, "title", "CFO"), wrong])
    assert check(database, staged.id) == staged


@pytest.mark.parametrize(
    ("row", "field", "value", "says"),
    [
        (2, "email", "x@y.example", "title"), (2, "size", "many", "51-200"), (2, "company_name", " ", "company"),
        (9, "title", "CEO", "row 9"),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(database, row, field, value, says):
    staged = checked(database, as_csv([person(1)]))
    with pytest.raises(UsageError, match=says):
        fix_cells(database, staged.id, [Fix(row, field, value)])


def test_an_import_that_is_in_is_not_corrected_any_more(database):
    staged = imported(database, as_csv([person(1)]))
    with pytest.raises(UsageError, match="done"):
        fix_cells(database, staged.id, [Fix(2, "title", "CEO")])


def test_a_lead_is_put_right_and_has_to_be_judged_again(database):
    imported(database, as_csv([person(1, title="alpha.example"), person(2)]))
    first = table(database, "lead")[0]
    assert (first["problem"], update_lead(database, first["id"], "title", "CRO")) == ("url", 1)
    lead = table(database, "lead")[0]
    assert (lead["title"], lead["problem"], json.loads(lead["edits"])) == ("CRO", "", {"title": "alpha.example"})
    assert lead["input_hash"] == Inputs("CRO", "Alpha", "51-200", "alpha.example").hash != first["input_hash"]
    assert update_lead(database, first["id"], "title", "CRO") == 0


def test_a_size_is_the_company_s_and_changes_for_all_of_its_leads(database):
    imported(database, as_csv([person(1, size=""), person(2, size=""), person(3, company="Beta")]))
    assert update_lead(database, table(database, "lead")[0]["id"], "size", "1,001-5,000") == 2
    assert leads(database, "size") == [("1,001-5,000",), ("1,001-5,000",), ("51-200",)]
    sizes = {row["name"]: (row["size_low"], row["size_high"]) for row in table(database, "company")}
    assert sizes == {"Alpha": (1001, 5000), "Beta": (51, 200)}


def test_a_lead_that_is_gone_and_a_field_that_is_fixed_are_refused(database):
    imported(database, as_csv([person(1)]))
    with pytest.raises(UsageError, match="no lead 99"):
        update_lead(database, 99, "title", "CEO")
    with pytest.raises(UsageError, match="company_name"):
        update_lead(database, 1, "company_name", "Beta")


def test_the_hash_of_the_inputs_is_the_one_that_is_judged_by(database):
    assert input_hash("Ünit\ud83d", "B", "", "d") == Inputs("Ünit\ud83d", "B", "", "d").hash
    imported(database, as_csv([person(1)]))
    with database.session() as session:
        row = session.connection().execute(text("SELECT title, company_name, size, domain, input_hash FROM lead")).one()
    assert row[4] == Inputs(*row[:4]).hash
