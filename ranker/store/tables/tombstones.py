"""Who was deleted: keyed hashes only, so that nobody comes back unnoticed and nothing says who it was."""

from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, text


class Tombstone(SQLModel, table=True):
    """One key of a deleted person (or import) as ``HMAC-SHA256(salt, key)``; ``person`` groups the keys of one."""

    __tablename__ = "tombstone"

    hash: str = key_text(primary_key=True)
    salt: str = text()
    person: str = text(index=True)
    kind: str = text()
    why: str = text()
    since: str = text()
    who: str = text()
