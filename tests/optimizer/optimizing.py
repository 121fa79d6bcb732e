"""Optimizations for tests: labelled sets with something to learn, started by rules or with the fake teacher."""

from __future__ import annotations

import math

from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.optimizer import optimize_run
from ranker.optimizer.settings import Settings
from ranker.personas.versions import add_version
from ranker.store import run_queries
from ranker.templates.shipped import seed_templates
from tests.evaluation.labelled_sets import keep_set
from tests.llm.model_runs import choice
from tests.optimizer.rules_cases import RIGHT, inputs
from tests.optimizer.rules_cases import labelled as labels_of
from tests.optimizer.seen import seen
from tests.optimizer.teacher import PERSONA, labelled

WORSE = "| Director | 3/5 | 1/5 |"
SMALL = Settings(generations=2, variants=3, beam=2, folds=2, hold_out_from=6)


def planted_set(database, companies=8):
    """Leads labelled by the right persona, as a saved set; its number."""
    given = {name: one for name, one in inputs(companies).items() if int(name.partition("-")[2]) < 9}
    labels = {lead.source_id: lead.label for lead in labels_of(RIGHT, given)}
    return keep_set(
        database,
        [
            (name, one.company, one.title, one.size, one.domain, "", None if labels[name] == math.inf else labels[name])
            for name, one in given.items()
        ],
        "Planted",
    )


def planted_persona(database):
    """A version of a persona with errors; its number."""
    wrong = RIGHT.replace("| VP of Sales | 5/5 |", "| VP of Sales | 1/5 |").replace("| Director | 3/5 | 5/5 |", WORSE)
    return add_version(database, "Planted", wrong).id


def rules_run(database, settings=SMALL, companies=8, **more):
    """A queued optimization by rules of a persona with errors; its number."""
    number = planted_set(database, companies)
    return optimize_run.start(database, number, planted_persona(database), settings=settings, who="Ada", **more)


def taught_set(database, companies=6, leads=5):
    """The teacher's leads as a saved set; its number."""
    return keep_set(
        database,
        [
            (
                one.lead.source_id, one.inputs.company, one.inputs.title, one.inputs.size, one.inputs.domain,
                one.industry, None if one.lead.label == math.inf else one.lead.label,
            )
            for one in labelled(companies, leads)
        ],
        "Taught",
    )  # fmt: skip


def model_run(database, monkeypatch, server, settings=SMALL, *, strategy="pointwise", asks=None, leads=0, **more):
    """A queued optimization with the teacher; its number.

    ``asks``: variables, such as ``RANKER_MODEL_EDIT``; ``leads``: a labelled set that is there.
    """
    seed_templates(database)
    number = leads or taught_set(database)
    version = add_version(database, "Somebody", PERSONA)
    model = choice(monkeypatch, server, strategy, None, RANKER_MODEL="fake", **(asks or {}))
    return optimize_run.start(database, number, version.id, settings=settings, model=model, who="Ada", **more)


def finished(database, run_id):
    """The optimization after all of its steps in this thread."""
    drive(database, run_id, optimize_run.step)
    return seen(database, run_id)


def rows_of(view):
    """What a search found, without what differs from one run to the next."""
    return [
        (one.candidate, one.last_beam, one.standing, one.held_out) for one in view.candidates
    ], view.row.result  # fmt: skip


def run_of(database, run_id):
    """The run as it stands."""
    return run_queries.get_run(database, run_id)


def count(database, table):
    """Rows of a table."""
    with database.session() as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
