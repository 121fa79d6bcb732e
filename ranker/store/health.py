"""What is set up: where the leads are kept, how much room they take, and whether it can be written to."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from ranker.store.engine import Database, data_folder


@dataclass(frozen=True, slots=True)
class Health:
    """``place``: the SQLite file, or server and database of Postgres, without a password. Sizes in bytes.

    ``free_bytes`` is what is left on the disk of ``folder``; None where it can't be told.
    """

    embedded: bool
    place: str
    size_bytes: int
    folder: str
    folder_named: bool
    """Whether ``RANKER_DATA`` names the folder."""
    writable: bool
    free_bytes: int | None
    leads: int
    companies: int
    imports: int
    runs: int


def health(database: Database) -> Health:
    """Look. Raises the driver's error where the database can't be reached."""
    folder = (database.path.parent if database.path is not None else data_folder()).resolve()
    counts = (
        "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM company), "
        "(SELECT count(*) FROM import_batch WHERE state='done'), (SELECT count(*) FROM run)"
    )
    with database.session() as session:
        leads, companies, imports, runs = session.connection().execute(text(counts)).one()
        if database.path is None:
            size = int(session.connection().execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        else:
            size = sum(one.stat().st_size for one in database.path.parent.glob(f"{database.path.name}*"))
    url = database.engine.url
    return Health(
        embedded=database.is_sqlite,
        place=str(database.path or f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"),
        size_bytes=size,
        folder=str(folder),
        folder_named=bool(os.environ.get("RANKER_DATA")),
        writable=folder.exists() and os.access(folder, os.W_OK),
        free_bytes=_free(folder),
        leads=leads,
        companies=companies,
        imports=imports,
        runs=runs,
    )


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
