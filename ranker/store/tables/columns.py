"""The few kinds of column there are: TEXT, INTEGER, floating point and bytes, alike on SQLite and Postgres.

Times are ISO 8601 text in UTC to the second, so that they sort as text; JSON is text; yes and no are 1 and 0.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Double, Integer, LargeBinary, Text
from sqlmodel import Field

SORTED_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that orders by code point on both databases; for columns that hold folded text."""


def text(default: str = "", *, index: bool = False, unique: bool = False) -> Any:
    """A text column that is never null."""
    return Field(
        default=default,
        sa_type=Text,
        nullable=False,
        index=index,
        unique=unique,
        sa_column_kwargs={"server_default": default},
    )


def key_text(*, primary_key: bool = False, unique: bool = False) -> Any:
    """A text column that has to be given."""
    return Field(sa_type=Text, nullable=False, primary_key=primary_key, unique=unique)


def sorted_text() -> Any:
    """Folded text (``ranker.store.fold``) that a page sorts by."""
    return Field(default="", sa_type=SORTED_TEXT, nullable=False, sa_column_kwargs={"server_default": ""})


def number(default: int = 0) -> Any:
    """A whole number that is never null."""
    return Field(default=default, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": str(default)})


def optional_number() -> Any:
    """A whole number, or null where it is not known."""
    return Field(default=None, sa_type=Integer, nullable=True)


def real(default: float = 0.0) -> Any:
    """A number with decimals that is never null."""
    return Field(default=default, sa_type=Double, nullable=False, sa_column_kwargs={"server_default": str(default)})


def optional_real() -> Any:
    """A number with decimals, or null where it is not known."""
    return Field(default=None, sa_type=Double, nullable=True)


def row_id() -> Any:
    """The row's number, given by the database."""
    return Field(default=None, sa_type=Integer, primary_key=True)


def part_of_key() -> Any:
    """A whole number that is part of the primary key."""
    return Field(sa_type=Integer, primary_key=True)


def link(
    target: str,
    *,
    primary_key: bool = False,
    index: bool = False,
    on_delete: Literal["CASCADE", "SET NULL"] = "CASCADE",
) -> Any:
    """A reference that has to be there; rows go with what they belong to."""
    return Field(
        sa_type=Integer,
        foreign_key=target,
        nullable=False,
        primary_key=primary_key,
        index=index,
        ondelete=on_delete,
    )


def optional_link(target: str, *, index: bool = False, on_delete: Literal["CASCADE", "SET NULL"] = "SET NULL") -> Any:
    """A reference that may be missing; by default it becomes null when its target goes."""
    return Field(default=None, sa_type=Integer, foreign_key=target, nullable=True, index=index, ondelete=on_delete)


def blob() -> Any:
    """Bytes as they came."""
    return Field(sa_type=LargeBinary, nullable=False)


def optional_blob() -> Any:
    """Bytes as they came, or null where they are not kept."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)
