"""A run over the leads in the database: which leads enter, and that the rows are those of the command line."""

import json
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest.corrections import update_lead
from ranker.ingest.mapping import guess_mapping
from ranker.ingest.merge import commit
from ranker.ingest.reader import read_table
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.personas.catalog import FOLDER, get_version, list_personas, live_version, seed_personas
from ranker.scoring import rank_run, variants
from ranker.scoring.rank_table import rank_table
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from tests.store.databases import empty

SAMPLE = Path(__file__).parents[2] / "eval" / "sample" / "leads.csv"
HEADERS = "Name,Company,Website,Employees,Job title"


@pytest.fixture
def database(tmp_path):
    database = empty(tmp_path)
    seed_personas(database)
    yield database
    database.close()


def import_text(database, name: str, rows: list[str]) -> int:
    return commit(database, stage_file(database, name, "\n".join([HEADERS, *rows]).encode()).id).id


def persona(database, at: int = 0) -> int:
    return list_personas(database)[at].live_version_id


def ranked(database, selection: Selection, version: int | None = None) -> int:
    run_id = rank_run.start(database, selection, version or persona(database))
    drive(database, run_id, rank_run.step)
    assert run_queries.get_run(database, run_id).state == "done"
    return run_id


def rows(database, sql: str, **values) -> list[tuple[object, ...]]:
    with database.session() as session:
        return [tuple(row) for row in session.connection().execute(text(sql), values)]


def ids(database, where: str = "1=1") -> tuple[int, ...]:
    return tuple(row[0] for row in rows(database, f"SELECT id FROM lead WHERE {where} ORDER BY id"))


def entered(database, run_id: int) -> tuple[int, ...]:
    return tuple(row[0] for row in rows(database, f"SELECT lead_id FROM assessment WHERE run_id={run_id} ORDER BY 1"))


TWO_COMPANIES = [
    "Lead 0001,Alpha,alpha.example,51-200,Head of Sales",
    "Lead 0002,Alpha,alpha.example,51-200,VP Sales",
    "Lead 0003,Beta,beta.example,51-200,Head of Sales",
]


@pytest.mark.parametrize("at", range(3))
def test_a_run_writes_what_the_command_line_writes(database, at):
    version = get_version(database, persona(database, at))
    batch = commit(database, stage_file(database, "leads.csv", SAMPLE.read_bytes()).id)
    run_id = ranked(database, Selection("import", (batch.id,)), version.id)
    table = read_table(str(SAMPLE))
    columns = guess_mapping(table.headers, list(islice(table.rows(), 200))).columns
    engine = variants.engine_of(version)
    expected = rank_table(table, columns, engine)
    found = {
        row[0]: (*row[1:9], json.loads(row[9]), row[10], json.loads(row[11]), json.loads(row[12]), row[13])
        for row in rows(
            database,
            "SELECT r.number, a.status, a.qualified, a.score, a.rank, a.confidence, a.department_fit, a.seniority_fit, "
            "a.needs_review, a.flags, a.reasoning, a.basis, a.lines, a.variant FROM assessment AS a "
            "JOIN import_row AS r ON r.lead_id=a.lead_id AND r.outcome='new' WHERE a.run_id=:run",
            run=run_id,
        )
    }
    repeated = {row[0] for row in rows(database, "SELECT number FROM import_row WHERE outcome='repeated'")}
    twins = {row[0] for row in rows(database, "SELECT first_number FROM import_row WHERE outcome='repeated'")}
    assert len(found) + len(repeated) == len(expected.assessments) > 1_000
    companies_of_twins = {
        company for row, company in zip(table.rows(), expected.companies, strict=True) if row.number in repeated | twins
    }
    compared = 0
    for row, one, rank, company in zip(
        table.rows(), expected.assessments, expected.ranks, expected.companies, strict=True
    ):
        if row.number in repeated:
            continue
        verdict = (
            one.status, one.qualified, one.score, rank, one.confidence, one.department_fit, one.seniority_fit,
            one.needs_review, list(one.flags), one.reasoning, list(one.basis),
            list(one.lines), one.variant,
        )  # fmt: skip
        got = found[row.number]
        if company in companies_of_twins:  # the file ranks somebody twice whom the database has once
            verdict, got = verdict[:3] + verdict[4:], got[:3] + got[4:]
        else:
            compared += rank is not None
        assert got == verdict, row.number
    assert compared > 50


def test_current_ranks_are_the_ranks_of_the_run(database):
    commit(database, stage_file(database, "leads.csv", SAMPLE.read_bytes()).id)
    run_id = ranked(database, Selection("all"))
    differing = rows(
        database,
        "SELECT count(*) FROM assessment AS a JOIN current_assessment AS k ON k.lead_id=a.lead_id "
        "WHERE a.run_id=:run AND (coalesce(a.rank, 0)<>coalesce(k.rank, 0) OR a.status<>k.status)",
        run=run_id,
    )
    assert differing == [(0,)]
    assert rows(database, "SELECT count(*) FROM current_assessment WHERE rank IS NOT NULL")[0][0] > 50


def test_every_touched_company_is_ranked_again_whole(database):
    first = import_text(database, "one.csv", TWO_COMPANIES)
    second = import_text(database, "two.csv", ["Lead 0004,Alpha,alpha.example,51-200,Welder"])
    alpha = ids(database, "company_name='Alpha'")
    assert entered(database, ranked(database, Selection("import", (second,)))) == alpha
    assert entered(database, ranked(database, Selection("leads", (alpha[0],)))) == alpha
    assert entered(database, ranked(database, Selection("import", (first, second)))) == ids(database)
    company = rows(database, "SELECT id FROM company WHERE name='Beta'")[0][0]
    assert entered(database, ranked(database, Selection("companies", (company,)))) == ids(
        database, "company_name='Beta'"
    )


def test_changed_leads_are_those_that_are_new_or_whose_inputs_differ(database):
    import_text(database, "one.csv", TWO_COMPANIES)
    ranked(database, Selection("all"))
    with pytest.raises(UsageError, match="nobody to rank"):
        rank_run.start(database, Selection("changed"), persona(database))
    beta = ids(database, "company_name='Beta'")
    update_lead(database, beta[0], "title", "Welder")
    plan = rank_run.plan(database, Selection("changed"), persona(database))
    assert (plan.leads, plan.chosen, plan.new, plan.changed) == (1, 1, 0, 1)
    assert entered(database, ranked(database, Selection("changed"))) == beta
    import_text(database, "two.csv", ["Lead 0004,Gamma,gamma.example,51-200,Welder"])
    assert entered(database, ranked(database, Selection("changed"))) == ids(database, "company_name='Gamma'")


def test_a_plan_counts_what_will_enter_and_estimates_from_earlier_runs(database):
    commit(database, stage_file(database, "leads.csv", SAMPLE.read_bytes()).id)
    before = rank_run.plan(database, Selection("all"), persona(database))
    total = len(ids(database))
    companies = rows(database, "SELECT count(*) FROM company")[0][0]
    assert (before.leads, before.chosen, before.companies, before.new) == (total, total, companies, total)
    assert before.seconds == pytest.approx(0.5 + total / rank_run.USUAL_SPEED)
    run = run_queries.get_run(database, ranked(database, Selection("all")))
    after = rank_run.plan(database, Selection("leads", ids(database)[:1]), persona(database))
    assert (after.chosen, after.new) == (1, 0)
    assert after.leads > 1
    assert after.seconds == pytest.approx(0.5 + after.leads * run.worked / run.total)


def test_a_held_lead_keeps_its_score_and_has_no_rank(database):
    import_text(database, "one.csv", TWO_COMPANIES)
    free = ranked(database, Selection("all"), outbound(database))
    best = rows(database, f"SELECT lead_id, score FROM assessment WHERE run_id={free} AND rank=1 ORDER BY 1")[0]
    with database.write() as session:
        session.connection().execute(text("UPDATE lead SET suppressed=1 WHERE id=:id"), {"id": best[0]})
    held = ranked(database, Selection("all"), outbound(database))
    where = f"run_id={held} AND lead_id={best[0]}"
    assert rows(database, f"SELECT score, rank, stage, reason FROM assessment WHERE {where}") == [
        (best[1], None, "held", rank_run.HELD)
    ]
    assert rows(database, f"SELECT score, rank FROM current_assessment WHERE lead_id={best[0]}") == [(best[1], None)]
    counts = run_queries.get_run(database, held).counts
    assert counts["held"] == 1
    assert counts["ranked"] + counts["held"] + counts["not_relevant"] + counts["not_judged"] == counts["leads"] == 3


def outbound(database) -> int:
    return next(one.live_version_id for one in list_personas(database) if "Ladderline" in one.name)


def test_the_variant_says_everything_that_decides_and_is_kept_once(database):
    import_text(database, "one.csv", TWO_COMPANIES)
    first, second = ranked(database, Selection("all")), ranked(database, Selection("all"))
    kept = rows(database, "SELECT id, hash, settings FROM variant")
    assert len(kept) == 1
    variant_id, digest, settings = kept[0]
    assert {run_queries.get_run(database, run).variant_id for run in (first, second)} == {variant_id}
    engine = variants.engine_of(get_version(database, persona(database)))
    assert digest == engine.variant
    assert json.loads(settings) == variants.decides(engine, get_version(database, persona(database)).hash)
    assert rows(database, "SELECT DISTINCT variant FROM assessment") == [(digest,)]
    ranked(database, Selection("all"), persona(database, 1))
    assert len(rows(database, "SELECT id FROM variant")) == 2


def test_the_decisions_hash_to_the_variant(database):
    import hashlib

    version = get_version(database, persona(database))
    engine = variants.engine_of(version)
    canonical = json.dumps(variants.decides(engine, version.hash), sort_keys=True)
    assert hashlib.sha256(canonical.encode()).hexdigest()[:16] == engine.variant


def test_choices_that_make_no_sense_are_refused(database):
    with pytest.raises(UsageError, match="Leads are chosen by"):
        Selection("some")
    with pytest.raises(UsageError, match="Choose at least one"):
        Selection("leads")
    with pytest.raises(UsageError, match="takes no list"):
        Selection("all", (1,))
    with pytest.raises(UsageError, match="nobody to rank"):
        rank_run.start(database, Selection("all"), persona(database))
    with pytest.raises(UsageError, match="There is no version of a persona 99"):
        rank_run.start(database, Selection("all"), 99)


def test_a_choice_is_the_same_in_whatever_order_it_was_made():
    one, two = Selection("leads", (3, 1, 3)), Selection("leads", (1, 3))
    assert one == two == Selection.from_json(json.loads(json.dumps(one.as_json())))


def test_personas_are_seeded_once_and_an_edited_file_changes_nothing(database, tmp_path):
    assert seed_personas(database) == 0
    texts = {path.read_bytes().decode() for path in FOLDER.glob("*.md")}
    versions = [live_version(database, one.id) for one in list_personas(database)]
    assert {one.content for one in versions} == texts
    assert [(one.version, one.live) for one in versions] == [(1, True)] * 3
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one.md").write_text(versions[0].content + "\nMore.\n", encoding="utf-8")
    assert seed_personas(database, folder) == 0
    assert live_version(database, versions[0].persona_id) == versions[0]
