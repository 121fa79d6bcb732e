"""Files that were handed over: the bytes, what was understood, and what became of every row."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from ranker.store.tables.columns import (
    blob,
    key_text,
    link,
    number,
    optional_link,
    optional_number,
    part_of_key,
    row_id,
    text,
)


class ImportFile(SQLModel, table=True):
    """A file's bytes in parts, kept once however often the file is imported."""

    __tablename__ = "import_file"

    sha256: str = key_text(primary_key=True)
    part: int = part_of_key()
    data: bytes = blob()


class ImportBatch(SQLModel, table=True):
    """One import of one file: staged, then checked, then done (or cancelled)."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_sha256", "sha256", "state"),)

    id: int | None = row_id()
    file_name: str = text()
    sha256: str = key_text()
    size_bytes: int = number()
    encoding: str = text()
    delimiter: str = text()
    headers: str = text("[]")
    fingerprint: str = text()
    mapping: str = text("{}")
    why: str = text("{}")
    samples: str = text("[]")
    fixes: str = text("{}")
    row_count: int = number()
    counts: str = text("{}")
    problems: str = text("[]")
    reading: str = text("{}")
    employers: str = text("{}")
    leads_version: int | None = optional_number()
    state: str = text("staged")
    token: str = text()
    who: str = text()
    staged_at: str = text()
    checked_at: str = text()
    done_at: str = text()
    undo: str = text("{}")
    undone_at: str = text()


class ImportRaw(SQLModel, table=True):
    """A stretch of a file's rows as JSON: [[number, [cell, ...]], ...]; cells beyond the headers come last, as one."""

    __tablename__ = "import_raw"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: int = link("import_batch.id", primary_key=True)
    first_number: int = part_of_key()
    cells: str = text("[]")


class ImportRow(SQLModel, table=True):
    """What becomes, and after the commit became, of a row."""

    __tablename__ = "import_row"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: int = link("import_batch.id", primary_key=True)
    number: int = part_of_key()
    outcome: str = text()
    reason: str = text()
    problem: str = text()
    lead_id: int | None = optional_number()  # no reference: see migration 0004
    first_number: int | None = optional_number()
    prior: str = text()


class ImportStage(SQLModel, table=True):
    """Rows that are new, or leads that are changed, between check and commit: ``ingest.staging.Columns`` as JSON.

    ``companies``: company key → [name, domain, size, industry], where these rows say more than those before.
    """

    __tablename__ = "import_stage"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: int = link("import_batch.id", primary_key=True)
    first_number: int = part_of_key()
    staged: str = text("[]")
    companies: str = text("{}")


class HeaderMapping(SQLModel, table=True):
    """The mapping that was used last for a row of headers."""

    __tablename__ = "header_mapping"

    fingerprint: str = key_text(primary_key=True)
    mapping: str = text("{}")
    used_at: str = text()


class ImportLeadBefore(SQLModel, table=True):
    """A lead as it was before an import changed it; ``prior_batch`` and ``row_number`` say where that was from."""

    __tablename__ = "import_lead_before"
    __table_args__ = (Index("ix_import_lead_before_lead", "lead_id"), {"sqlite_with_rowid": False})

    batch_id: int = link("import_batch.id", primary_key=True)
    lead_id: int = link("lead.id", primary_key=True)
    company_key: str = text()
    title: str = text()
    company_name: str = text()
    domain: str = text()
    size: str = text()
    industry: str = text()
    first_name: str = text()
    last_name: str = text()
    full_name: str = text()
    email: str = text()
    linkedin_url: str = text()
    phone: str = text()
    location: str = text()
    source_id: str = text()
    extra: str = text("{}")
    edits: str = text("{}")
    edited: int = number()
    input_hash: str = text()
    problem: str = text()
    prior_batch: int | None = optional_link("import_batch.id")
    row_number: int | None = optional_number()
    updated_at: str = text()


class ImportCompanyBefore(SQLModel, table=True):
    """A company as it was before an import spoke about it or took its last lead away."""

    __tablename__ = "import_company_before"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: int = link("import_batch.id", primary_key=True)
    key: str = key_text(primary_key=True)
    name: str = text()
    name_key: str = text()
    domain: str = text()
    size: str = text()
    size_low: int | None = optional_number()
    size_high: int | None = optional_number()
    industry: str = text()
    created_at: str = text()
    updated_at: str = text()


class MappingTemplate(SQLModel, table=True):
    """A mapping under a name: field → header, as JSON."""

    __tablename__ = "mapping_template"

    name: str = key_text(primary_key=True)
    columns: str = text("{}")
    updated_at: str = text()
