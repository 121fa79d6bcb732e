"""What left the tool, and when."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, link, number, optional_number, row_id, text


class Export(SQLModel, table=True):
    """One file that was made for somebody."""

    __tablename__ = "export"

    id: int | None = row_id()
    file_name: str = text()
    format: str = text("csv")
    selection: str = text("{}")
    columns: str = text("[]")
    row_count: int = number()
    who: str = text()
    created_at: str = text()


class ExportItem(SQLModel, table=True):
    """A lead in an export, with the rank and score it went out with."""

    __tablename__ = "export_item"
    __table_args__ = (Index("ix_export_item_lead", "lead_id"), {"sqlite_with_rowid": False})

    export_id: int = link("export.id", primary_key=True)
    lead_id: int = link("lead.id", primary_key=True)
    position: int = number()
    rank: int | None = optional_number()


class ExportPreset(SQLModel, table=True):
    """Columns and format under a name."""

    __tablename__ = "export_preset"

    name: str = key_text(primary_key=True)
    columns: str = text("[]")
    format: str = text("csv")
    settings: str = text("{}")
    updated_at: str = text()
