"""What becomes of each row: new, changed, unchanged, repeated, rejected. Nothing is lost, the sums are exact."""

import json

from ranker.ingest.merge import commit
from ranker.store.imports import import_rows
from tests.ingest.importing import HEADERS, as_csv, checked, counts, imported, leads, person, table


def test_nothing_is_written_to_the_leads_before_the_commit(database):
    staged = checked(database, as_csv([person(1), person(2)]))
    assert counts(staged) == {"new": 2}
    assert table(database, "lead") == table(database, "company") == []
    assert commit(database, staged.id).state == "done"
    assert len(table(database, "lead")) == 2


def test_each_outcome_is_counted_and_opens_its_rows(database):
    imported(database, as_csv([person(1), person(2)]))
    second = [person(1), person(2, title="CRO"), person(3), person(3, title="CFO"), person(4, company="")]
    staged = checked(database, as_csv(second), "second.csv")
    assert counts(staged) == {"new": 1, "changed": 1, "unchanged": 1, "repeated": 1, "rejected": 1}
    found = {}
    for outcome in staged.counts:
        (row,), total = import_rows(database, staged.id, outcome=outcome)
        assert total == 1
        found[outcome] = row
    assert {name: row.number for name, row in found.items()} == {
        "unchanged": 2, "changed": 3, "new": 4, "repeated": 5, "rejected": 6,
    }  # fmt: skip
    assert found["changed"].changes == {"title": ("VP Sales", "CRO")}
    assert "row 4" in found["repeated"].reason
    assert "company" in found["rejected"].reason
    assert list(found["rejected"].cells) == second[4]
    commit(database, staged.id)
    (row,), _ = import_rows(database, staged.id, outcome="repeated")
    (kept,), _ = import_rows(database, staged.id, outcome="new")
    assert row.lead_id == kept.lead_id is not None  # a repeated row leads to the lead it repeats
    assert ("CRO",) in leads(database, "title")


def test_a_blank_cell_erases_nothing(database):
    imported(database, as_csv([person(1)]))
    staged = imported(database, as_csv([person(1, title="", size="", note="")]), "b.csv")
    assert counts(staged) == {"unchanged": 1}
    assert leads(database, "title", "size") == [("VP Sales", "51-200")]


def test_a_lead_that_keeps_its_title_is_not_flagged_for_the_blank_one_of_a_newer_file(database):
    imported(database, as_csv([person(1)]))
    staged = imported(database, as_csv([person(1, title="", size="11-50")]), "b.csv")
    assert counts(staged) == {"changed": 1}
    assert leads(database, "title", "size", "problem") == [("VP Sales", "11-50", "")]


def test_somebody_who_changed_companies_takes_nothing_of_the_old_one_along(database):
    imported(database, as_csv([person(1)]))
    moved = ["Beta", "", "", *person(1)[3:]]
    assert counts(imported(database, as_csv([moved]), "b.csv")) == {"changed": 1}
    assert leads(database, "company_name", "domain", "size") == [("Beta", "", "")]
    assert [row["key"] for row in table(database, "company")] == ["beta"]  # nobody is left at the other one


def test_columns_that_are_none_of_ours_are_kept_and_those_of_a_later_file_are_added(database):
    imported(database, as_csv([person(1, note="gold")]))
    headers = (*HEADERS[:8], "Tier")
    staged = imported(database, as_csv([[*person(1)[:8], "North"]], headers), "b.csv")
    assert counts(staged) == {"changed": 1}
    ((extra,),) = leads(database, "extra")
    assert json.loads(extra) == {"Score card": "gold", "Tier": "North"}
    (row,), _ = import_rows(database, staged.id)
    assert row.changes["extra"] == ({"Score card": "gold"}, {"Score card": "gold", "Tier": "North"})


def test_a_person_is_found_by_profile_then_own_email_then_name_and_company(database):
    rows = [
        ["Alpha", "", "", "Lead", "0001", "CFO", "", "https://www.LinkedIn.com/in/L-1/?x=1", ""],
        ["Alpha", "", "", "Other", "Name", "CFO", "", "de.linkedin.com/in/l-1", ""],  # the same profile
        ["Alpha", "", "", "Lead", "0002", "CFO", "L2@alpha.example", "", ""],
        ["Beta", "", "", "Lead", "0002", "CFO", "l2@ALPHA.example", "", ""],  # the same email
        ["Alpha", "", "", "Lead", "0003", "CFO", "info@alpha.example", "", ""],
        ["Alpha", "", "", "Lead", "0004", "CFO", "info@alpha.example", "", ""],  # a shared mailbox is nobody's
        ["alpha ", "", "", "LEAD", "0003", "CEO", "", "", ""],  # the same name at the same company
        ["Beta", "", "", "Lead", "0003", "CEO", "", "", ""],  # the same name elsewhere
        ["Alpha", "", "", "Lead", "", "Buyer", "", "", ""],  # a first name is not enough
        ["Alpha", "", "", "Lead", "", "Buyer", "", "", "other"],
    ]
    staged = checked(database, as_csv(rows))
    repeated, _ = import_rows(database, staged.id, outcome="repeated")
    assert [(row.number, row.first_number) for row in repeated] == [(3, 2), (5, 4), (8, 6)]
    assert sum(staged.counts.values()) == len(rows)


def test_a_company_keeps_what_a_later_file_leaves_blank(database):
    imported(database, as_csv([person(1), person(2, size="")]))
    imported(database, as_csv([person(3, size="")]), "b.csv")
    (company,) = table(database, "company")
    assert (company["size"], company["size_low"], company["size_high"]) == ("51-200", 51, 200)
    imported(database, as_csv([person(4, size="10,001+")]), "c.csv")
    (company,) = table(database, "company")
    assert (company["size"], company["size_low"], company["size_high"]) == ("10,001+", 10001, None)


def test_what_looks_wrong_is_grouped_and_flagged_but_imported(database):
    rows = [
        person(1, title="alpha.example"), person(2, title="l2@alpha.example"), person(3, title="other.example"),
        person(4, title=""), person(5, title="51-200"), person(6, size="many"), [*person(7), "beyond"],
    ]  # fmt: skip
    staged = checked(database, as_csv(rows))
    assert counts(staged) == {"new": 7}
    assert {p["code"]: (p["count"], p["first_row"]) for p in staged.problems} == {
        "url": (2, 2), "email": (1, 3), "blank": (1, 5), "number": (1, 6), "size": (1, 7), "shape": (1, 8),
    }  # fmt: skip
    assert staged.problems[0]["message"] == "2 rows with a web address where the job title belongs"
    found, total = import_rows(database, staged.id, problem="url")
    assert (total, [row.number for row in found]) == (2, [2, 4])


def test_a_cell_that_swallowed_other_rows_rejects_its_row_only(database):
    staged = checked(database, as_csv([person(1, title="x" * 10_001), person(2, title="x" * 10_000)]))
    assert counts(staged) == {"new": 1, "rejected": 1}
