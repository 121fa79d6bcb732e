"""Undoing an import leaves the database as if there had never been one, or says whom it left alone and why."""

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest import files
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.undo import undo
from ranker.ingest.undo_plan import EDITED, EXPORTED, OVERRULED, plan_undo
from ranker.store import run_queries
from ranker.store.exports import record_export
from ranker.store.reviews import review_lead
from tests.ingest.importing import as_csv, checked, counts, imported, leads, person, table
from tests.ingest.undoing import batch_of, dump, history, play, rank_all, template

ALWAYS = ("company", "lead", "batch", "row", "raw", "stage", "mapping", "review", "export", "before")


def test_twenty_random_histories_end_as_if_the_import_had_never_been_or_say_why_not(tmp_path):
    base = template(tmp_path / "template")
    whole = refused = 0
    for seed in range(20):
        past = history(seed)
        real = play(base, tmp_path / f"{seed}-real", past.steps)
        never = play(base, tmp_path / f"{seed}-never", past.without())
        before = {row[0]: row for row in dump(real, past.file_name, "lead")["lead"]}
        ids = {row["id"]: row["dedup_key"] for row in table(real, "lead")}
        plan = undo(real, batch_of(real, past.file_name))
        after = {row[0]: row for row in dump(real, past.file_name, "lead")["lead"]}
        counted = counts(next(one for one in batches(real) if one.file_name == past.file_name))
        assert len(plan.remove) + len(plan.restore) + len(plan.kept) == counted.get("new", 0) + counted.get(
            "changed", 0
        )
        assert not {ids[lead] for lead in plan.remove} & after.keys()
        assert all(one.reason and after[ids[one.lead_id]] == before[ids[one.lead_id]] for one in plan.kept)
        assert_ranks_are_of_what_is_there(real)
        if plan.whole:
            whole += 1
            assert dump(real, past.file_name, *ALWAYS) == dump(never, past.file_name, *ALWAYS), f"seed {seed}"
            rank_all(real)
            rank_all(never)
            assert dump(real, past.file_name) == dump(never, past.file_name), f"seed {seed}, ranked again"
        else:
            refused += 1
        real.close()
        never.close()
    assert whole >= 8
    assert refused >= 4


def batches(database):
    from ranker.store.imports import list_imports

    return list_imports(database)


def assert_ranks_are_of_what_is_there(database):
    found = {}
    for row in table(database, "current_assessment", "lead_id"):
        found.setdefault(row["company_id"], []).append(row)
    for rows in found.values():
        scores = sorted((row["score"] or -1 for row in rows if row["status"] == "ranked"), reverse=True)
        for row in rows:
            expected = scores.index(row["score"] or -1) + 1 if row["status"] == "ranked" else None
            assert row["rank"] == expected


def test_new_people_go_changed_ones_are_as_before_and_the_file_stays(database):
    imported(database, as_csv([person(1), person(2)]), "first.csv")
    before = leads(database, "title", "size", "batch_id", "row_number", "extra")
    data = as_csv([person(1, title="CEO", size="5,001-10,000"), person(3, company="Beta"), person(2)])
    second = imported(database, data, "second.csv")
    assert counts(second) == {"new": 1, "changed": 1, "unchanged": 1}
    plan = undo(database, second.id)
    assert (len(plan.remove), len(plan.restore), plan.kept, plan.whole) == (1, 1, (), True)
    assert leads(database, "title", "size", "batch_id", "row_number", "extra") == before
    assert [row["key"] for row in table(database, "company")] == ["alpha.example"]
    assert table(database, "company")[0]["size"] == "51-200"
    with database.session() as session:
        assert files.load(session, second.sha256) == data
    with pytest.raises(UsageError, match="undone"):
        undo(database, second.id)
    with pytest.raises(UsageError, match="undone"):
        commit(database, second.id)
    assert counts(imported(database, data, "again.csv")) == {"new": 1, "changed": 1, "unchanged": 1}


def test_who_was_edited_overruled_exported_or_imported_again_stays_and_the_reason_is_given(database):
    staged = imported(database, as_csv([person(n) for n in range(1, 7)]), "one.csv")
    ids = {row["full_name"]: row["id"] for row in table(database, "lead")}
    update_lead(database, ids["Lead 0001"], "title", "CEO")
    review_lead(database, ids["Lead 0002"], "in")
    record_export(database, [ids["Lead 0003"]], file_name="x.csv")
    imported(database, as_csv([person(4)]), "later.csv")
    update_lead(database, ids["Lead 0006"], "title", "VP Sales")  # says what it said: a person's word all the same
    plan = plan_undo(database, staged.id)
    assert [(one.name, one.row) for one in plan.kept] == [(f"Lead {n:04d}", n + 1) for n in (1, 2, 3, 4, 6)]
    assert [one.reason for one in plan.kept] == [
        EDITED, OVERRULED, EXPORTED, "Also in a later file, “later.csv”: undo that first.", EDITED,
    ]  # fmt: skip
    assert undo(database, staged.id) == plan
    assert [row[0] for row in leads(database, "full_name")] == [f"Lead {n:04d}" for n in (1, 2, 3, 4, 6)]


def test_imports_are_undone_one_after_the_other_back_to_nothing(database):
    first = imported(database, as_csv([person(1), person(2)]), "1.csv")
    second = imported(database, as_csv([person(1, title="CEO"), person(3)]), "2.csv")
    third = imported(database, as_csv([person(1, title="CTO", company="Beta"), person(3)]), "3.csv")
    assert {one.reason for one in plan_undo(database, second.id).kept} == {
        "Also in a later file, “3.csv”: undo that first."
    }
    for staged in (third, second, first):
        assert undo(database, staged.id).whole
    for name in ("lead", "company", "header_mapping", "import_lead_before", "import_company_before"):
        assert table(database, name) == []


def test_an_import_that_is_not_done_or_leads_at_work_are_refused(database):
    waiting = checked(database, as_csv([person(1)]))
    with pytest.raises(UsageError, match="checked"):
        undo(database, waiting.id)
    staged = imported(database, as_csv([person(2)]), "done.csv")
    with database.write() as session:
        run_queries.ask(session, "rank", "all", {"kind": "all"})
    with pytest.raises(UsageError, match="A run is at work"):
        undo(database, staged.id)
    assert len(leads(database, "id")) == 1


def test_an_import_from_before_there_was_undo_says_so(database):
    staged = imported(database, as_csv([person(1)]))
    with database.write() as session:
        session.connection().execute(text("UPDATE import_batch SET undo='{}'"))
    with pytest.raises(UsageError, match="before imports could be undone"):
        plan_undo(database, staged.id)
