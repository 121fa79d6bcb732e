"""Whom there is to contact: companies and their people, and what a person said about them."""

from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, link, number, optional_link, optional_number, row_id, text


class Company(SQLModel, table=True):
    """An employer; ``key`` is its domain, else its normalised name (``ranker.ingest.keys``)."""

    __tablename__ = "company"

    id: int | None = row_id()
    key: str = key_text(unique=True)
    name: str = text()
    name_key: str = text(index=True)
    domain: str = text()
    size: str = text()
    size_low: int | None = optional_number()
    size_high: int | None = optional_number()
    industry: str = text()
    created_at: str = text()
    updated_at: str = text()


class Lead(SQLModel, table=True):
    """A person at a company, as the newest file (or a person's correction) describes them.

    ``edited`` counts the corrections, so that an undo of an import sees that there was one since.
    """

    __tablename__ = "lead"

    id: int | None = row_id()
    dedup_key: str = key_text(unique=True)
    company_id: int = link("company.id", index=True)
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
    suppressed: int = number()
    batch_id: int | None = optional_link("import_batch.id")
    row_number: int | None = optional_number()
    created_at: str = text()
    updated_at: str = text()


class Suppression(SQLModel, table=True):
    """Somebody not to contact: one person, email, domain or company; ``value`` is normalised."""

    __tablename__ = "suppression"

    kind: str = key_text(primary_key=True)
    value: str = key_text(primary_key=True)
    shown: str = text()
    note: str = text()
    since: str = text()


class Review(SQLModel, table=True):
    """A person's verdict on a lead; the newest counts, and ``none`` takes it back."""

    __tablename__ = "review"

    id: int | None = row_id()
    lead_id: int = link("lead.id", index=True)
    verdict: str = key_text()
    note: str = text()
    who: str = text()
    created_at: str = text()


class Counter(SQLModel, table=True):
    """Numbers that only grow: ``leads`` goes up with every change to a lead or company, ``deletions`` with every
    deletion of people.
    """

    __tablename__ = "counter"

    name: str = key_text(primary_key=True)
    value: int = number()
