"""Random histories of imports, corrections, overrules, exports and runs, played with and without one of the imports."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import Database, open_database
from ranker.store.exports import record_export
from ranker.store.reviews import review_lead
from tests.ingest.importing import as_csv

HEADERS = ("Company", "Website", "Employees", "Full name", "Job title", "LinkedIn", "Note")
TITLES = ("VP Sales", "Head of Sales", "Accountant", "Founder", "Sales Director", "Nurse", "Chief Revenue Officer")
COMPANIES, OTHERS = ("Alpha", "Beta", "Gamma", "Delta"), ("Omega", "Sigma")
SIZES = ("11-50", "51-200", "201-500", "")


@dataclass(frozen=True)
class History:
    """What happens, in order; ``undone`` is the place of the import that is taken back."""

    steps: tuple[tuple[object, ...], ...]
    undone: int

    def without(self) -> tuple[tuple[object, ...], ...]:
        return self.steps[: self.undone] + self.steps[self.undone + 1 :]

    @property
    def file_name(self) -> str:
        return str(self.steps[self.undone][1])


def row(rng: random.Random, n: int) -> list[str]:
    """Person n, at their company more often than not; some files lack a web address."""
    companies = COMPANIES if n < 30 else OTHERS
    company = companies[n % len(companies)] if rng.random() < 0.85 else rng.choice(companies)
    domain = f"{company.lower()}.example" if rng.random() < 0.8 else ""
    title, size, note = rng.choice(TITLES), rng.choice(SIZES), rng.choice("abc")
    return [company, domain, size, f"Lead {n:04d}", title, f"https://www.linkedin.com/in/lead-{n:04d}", note]


def history(seed: int) -> History:
    rng = random.Random(seed)
    steps: list[tuple[object, ...]] = []
    own = range(20, 27)  # whom nobody else knows at first
    apart = rng.random() < 0.8
    count = rng.randint(2, 4)
    undone = rng.randrange(count)
    at = 0
    for number in range(count):
        crowd = list(range(12))
        if number == undone:
            at = len(steps)
            crowd = [*own, *rng.sample(range(3, 12), 3)]
        elif number > undone and apart:
            crowd = list(range(30, 40))
        elif number > undone:
            crowd = [*range(8), *rng.sample(own, 2)]
        people = rng.sample(crowd, min(len(crowd), rng.randint(3, 9)))
        steps.append(("import", f"file-{number}.csv", as_csv([row(rng, n) for n in people], HEADERS)))
        for _ in range(rng.randint(0, 3)):
            n = rng.choice([*range(6), *range(30, 36)] if apart else [*range(12), rng.choice(own)])
            steps.append(
                rng.choice(
                    [
                        ("fix", n, "title", rng.choice(TITLES)), ("fix", n, "size", "51-200"),
                        ("review", n, rng.choice(["in", "out", "none"])), ("export", n), ("run",), ("run",),
                    ]
                )
            )  # fmt: skip
    return History(tuple(steps), at)


def template(folder: Path) -> Path:
    """A database with personas, to be copied."""
    database = open_database(folder=folder)
    seed_personas(database)
    database.close()
    return folder


def play(base: Path, folder: Path, steps: tuple[tuple[object, ...], ...]) -> Database:
    """A copy of the template in which all of this happened; what is about nobody who is there is left out."""
    shutil.copytree(base, folder)
    database = open_database(folder=folder)
    for step in steps:
        match step:
            case ("import", str(name), bytes(data)):
                commit(database, stage_file(database, name, data).id)
            case ("run",):
                rank_all(database)
            case ("fix", int(n), str(field), str(value)) if lead := lead_of(database, n):
                update_lead(database, lead, field, value)
            case ("review", int(n), str(verdict)) if lead := lead_of(database, n):
                review_lead(database, lead, verdict)
            case ("export", int(n)) if lead := lead_of(database, n):
                record_export(database, [lead], file_name="out.csv")
    return database


def rank_all(database: Database) -> None:
    with database.session() as session:
        if session.connection().execute(text("SELECT 1 FROM lead")).first() is None:
            return
    version = list_personas(database)[0].live_version_id
    assert version is not None
    drive(database, rank_run.start(database, Selection("all"), version), rank_run.step)


def lead_of(database: Database, n: int) -> int | None:
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT id FROM lead WHERE dedup_key=:key"), {"key": f"url:linkedin.com/in/lead-{n:04d}"}
        )
        return found.scalar()


def batch_of(database: Database, file_name: str) -> int:
    with database.session() as session:
        found = session.connection().execute(text("SELECT id FROM import_batch WHERE file_name=:n"), {"n": file_name})
        return int(found.scalar_one())


QUERIES = {
    "company": "SELECT key, name, name_key, domain, size, size_low, size_high, industry FROM company ORDER BY key",
    "lead": "SELECT l.dedup_key, c.key, l.title, l.company_name, l.domain, l.size, l.industry, l.first_name, "
    "l.last_name, l.full_name, l.email, l.linkedin_url, l.phone, l.location, l.source_id, l.extra, l.edits, l.edited, "
    "l.input_hash, l.problem, l.suppressed, b.file_name, l.row_number FROM lead AS l "
    "JOIN company AS c ON c.id=l.company_id LEFT JOIN import_batch AS b ON b.id=l.batch_id ORDER BY 1",
    "batch": "SELECT file_name, sha256, encoding, delimiter, headers, mapping, samples, fixes, row_count, counts, "
    "problems, state FROM import_batch WHERE file_name<>:undone ORDER BY 1",
    "row": "SELECT b.file_name, r.number, r.outcome, r.reason, r.problem, l.dedup_key, r.first_number, r.prior FROM "
    "import_row AS r JOIN import_batch AS b ON b.id=r.batch_id LEFT JOIN lead AS l ON l.id=r.lead_id "
    "WHERE b.file_name<>:undone ORDER BY 1, 2",
    "raw": "SELECT b.file_name, r.first_number, r.cells FROM import_raw AS r JOIN import_batch AS b ON b.id=r.batch_id "
    "WHERE b.file_name<>:undone ORDER BY 1, 2",
    "stage": "SELECT count(*) FROM import_stage",
    "mapping": "SELECT fingerprint, mapping FROM header_mapping ORDER BY 1",
    "review": "SELECT l.dedup_key, v.verdict FROM review AS v JOIN lead AS l ON l.id=v.lead_id ORDER BY v.id",
    "export": "SELECT l.dedup_key, e.file_name FROM export_item AS i JOIN export AS e ON e.id=i.export_id "
    "JOIN lead AS l ON l.id=i.lead_id ORDER BY e.id",
    "before": "SELECT b.file_name, l.dedup_key, p.company_key, p.title, p.company_name, p.size, p.edited, o.file_name "
    "FROM import_lead_before AS p JOIN import_batch AS b ON b.id=p.batch_id JOIN lead AS l ON l.id=p.lead_id "
    "LEFT JOIN import_batch AS o ON o.id=p.prior_batch WHERE b.file_name<>:undone ORDER BY 1, 2",
    "current": "SELECT l.dedup_key, c.key, k.company_sort, k.name_sort, k.title_sort, k.size_low, k.size_high, "
    "k.status, k.qualified, k.score, k.rank, k.department_fit, k.seniority_fit, k.confidence, k.needs_review, "
    "k.flags, k.review, k.suppressed, k.exported_at<>'', k.input_hash FROM current_assessment AS k "
    "JOIN lead AS l ON l.id=k.lead_id JOIN company AS c ON c.id=k.company_id ORDER BY 1",
}
"""What there is, by names instead of numbers, and without times; the import that is undone is left out."""


def dump(database: Database, undone: str, *names: str) -> dict[str, list[tuple[object, ...]]]:
    with database.session() as session:
        found = {}
        for name in names or QUERIES:
            values = {"undone": undone} if ":undone" in QUERIES[name] else {}
            found[name] = [tuple(row) for row in session.connection().execute(text(QUERIES[name]), values)]
        return found
