"""How often somebody was written to by the same model and prompts: a further sequence has to be another text."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def turn_of(session: Session, prospect_id: int, variant_id: int) -> int:
    """Sequences of a prospect that a model wrote by a variant. What was asked for and never kept is none of them:
    whoever asks again after that gets the answers that are there already.
    """
    found = session.connection().execute(
        text(
            "SELECT count(*) FROM sequence WHERE prospect_id=:prospect AND variant_id=:variant AND state='complete' "
            "AND origin='model' AND parent_id IS NULL"
        ),
        {"prospect": prospect_id, "variant": variant_id},
    )
    return int(found.scalar_one())
