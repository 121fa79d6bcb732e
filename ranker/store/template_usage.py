"""Where each version of a prompt template is used: the runs whose variant names it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """``runs`` that are done, the newest of them (None: none), and when it ended."""

    runs: int = 0
    last_run: int | None = None
    last_at: str = ""


def template_usage(database: Database) -> dict[tuple[str, str], TemplateUse]:
    """(task, hash of the text) → where it is used; versions that were never used are absent.

    A variant's settings name its templates, ``{"templates": {task: hash}}``, and so do those of an optimization. There
    are few, so they are read here rather than searched in SQL, which has JSON in two dialects.
    """
    with database.session() as session:
        rows = (
            session.connection()
            .execute(
                text(
                    "SELECT v.settings, count(*), max(r.id), max(r.ended_at) FROM run AS r "
                    "JOIN variant AS v ON v.id=r.variant_id WHERE r.state='done' AND v.settings LIKE '%\"templates\"%' "
                    "GROUP BY v.id, v.settings UNION ALL "
                    "SELECT o.settings, 1, r.id, r.ended_at FROM run AS r JOIN optimization AS o ON o.run_id=r.id "
                    "WHERE r.state='done' AND o.settings LIKE '%\"templates\"%'"
                )
            )
            .all()
        )
    found: defaultdict[tuple[str, str], TemplateUse] = defaultdict(TemplateUse)
    for settings, runs, last, ended in rows:
        for name in json.loads(settings).get("templates", {}).items():  # a strategy can be called so, too
            before = found[name]
            newest = before.last_run is None or last > before.last_run
            found[name] = TemplateUse(
                before.runs + runs, last if newest else before.last_run, max(before.last_at, ended)
            )
    return dict(found)
