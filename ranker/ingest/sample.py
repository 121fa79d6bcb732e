"""The sample that comes with the ranker, for a first look: leads of our own making, and the persona they suit."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

from ranker.errors import FileUnreadable
from ranker.ingest.mapping import guess_mapping
from ranker.ingest.merge import commit
from ranker.ingest.reader import read_table
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import StagedImport
from ranker.personas.version import persona_hash
from ranker.store.engine import Database

_ROOT = Path(__file__).parents[2]
LEADS = _ROOT / "eval" / "sample" / "leads.csv"
PERSONA = _ROOT / "prompts" / "personas" / "outbound-sales.md"


def import_sample(database: Database, who: str = "") -> StagedImport:
    """Import the sample leads as any other file; a second time nothing changes. Raises ``FileUnreadable``."""
    try:
        data = LEADS.read_bytes()
    except OSError:
        raise FileUnreadable("The sample leads are not here. Get the project again, or import your own.") from None
    staged = stage_file(database, "sample leads.csv", data, who=who)
    return commit(database, staged.id)


@lru_cache(maxsize=1)
def sample_company() -> tuple[dict[str, str], ...]:
    """The rows of the sample's largest company, each by field: for a look before there are leads.

    Raises ``FileUnreadable`` where the sample is not here.
    """
    table = read_table(LEADS)
    columns = guess_mapping(table.headers, []).columns
    rows = [{field: row.cells[at] for field, at in columns.items()} for row in table.rows()]
    largest = Counter(row["company"] for row in rows).most_common(1)[0][0]
    return tuple(row for row in rows if row["company"] == largest)


def sample_persona_hash() -> str:
    """The hash of the persona that the sample is meant for, as ``persona_version.hash`` has it; blank if gone."""
    try:
        return persona_hash(PERSONA.read_bytes().decode("utf-8-sig"))
    except OSError:
        return ""
