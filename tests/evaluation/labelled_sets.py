"""Labelled sets for tests of what is done with them: a few leads of the sample, or made ones, as a saved set."""

import csv
import json
import math
from pathlib import Path

from sqlalchemy import text

from ranker.evaluation import eval_run
from ranker.evaluation.set_counts import SetItem, counts_of, write_items
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.personas.versions import put
from ranker.scoring.ranks import company_key
from ranker.store.clock import now

SAMPLE = Path(__file__).parents[2] / "eval" / "sample" / "labelled.csv"
TITLES = (
    "VP of Sales",
    "Chief Executive Officer",
    "Intern",
    "HR Manager",
    "Head of Sales",
    "Accountant",
    "Sales Director",
)
SIZES = ("1-10", "51-200", "501-1000")


def made(companies=8, leads=5, shift=0):
    """Made leads: (source id, company, title, size, domain, industry, label); the label is 1, 2, … or None."""
    return [
        (
            f"L{company:02}{at:02}", f"Company {company}", TITLES[(company + 2 * at) % len(TITLES)], SIZES[company % 3],
            f"company{company}.example", "Retail", None if (company + at + shift) % 3 == 0 else float(at + 1),
        )
        for company in range(companies)
        for at in range(leads)
    ]  # fmt: skip


def sample(most=400):
    """The first rows of the labelled sample, in the same shape."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:most]
    return [
        (
            row["source_id"], row["account_name"], row["lead_job_title"], row["account_employee_range"],
            row["account_domain"], row["account_industry"],
            None if row["expected_rank"] == "none" else float(row["expected_rank"]),
        )
        for row in rows
    ]  # fmt: skip


def keep_set(database, rows, name="Made leads"):
    """A saved set of these rows, in their order; its number."""
    seed_personas(database)
    items = [
        SetItem(at, source_id, company_key(company, domain), company, title, size, domain, industry,
                math.inf if label is None else label)
        for at, (source_id, company, title, size, domain, industry, label) in enumerate(rows, start=2)
    ]  # fmt: skip
    with database.write() as session:
        found = session.connection().execute(
            text(
                "INSERT INTO eval_set (name, state, hash, counts, saved_at) "
                "VALUES (:name, 'saved', :name, :counts, :at) RETURNING id"
            ),
            {"name": name, "counts": json.dumps({"rows": len(items), **counts_of(items), "left_out": {}}), "at": now()},
        )
        number = int(found.scalar_one())
        write_items(session, number, items)
        return number


def persona(database, at=2):
    """The live version of a persona that comes with the ranker."""
    return list_personas(database)[at].live_version_id


def edited(database, change, at=2):
    """A further version of that persona, which is not live; ``change`` takes the text and gives another."""
    summary = list_personas(database)[at]
    with database.write() as session:
        content = session.connection().execute(
            text("SELECT content FROM persona_version WHERE id=:id"), {"id": summary.live_version_id}
        ).scalar_one()  # fmt: skip
        changed = change(content)
        assert changed != content
        return put(session, summary.id, changed, parent_id=summary.live_version_id).id


def harsh(told):
    """The persona with its first choices made second ones: worse on the sample."""
    return told.replace("| 5/5 |", "| 2/5 |")


def evaluated(database, number, version, **more):
    """An evaluation after all of its steps in this thread; its number."""
    run_id = eval_run.start(database, number, version, **more)
    drive(database, run_id, eval_run.step)
    return run_id
