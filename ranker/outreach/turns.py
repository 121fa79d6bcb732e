"""How often somebody was written to by the same model and prompts: a further sequence has to be another text."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.outreach.writing import ROUNDS

USED_UP = f"(e.asked_again>={ROUNDS - 1} AND (e.state='failed' OR e.origin='fallback'))"
"""Of a sequence ``e``: all rounds were asked, and nothing came of them. Their answers are kept, and would come to the
same again.
"""


def turn_of(session: Session, prospect_id: int, variant_id: int) -> int:
    """Sequences of a prospect that a model wrote by a variant, or never came to. What was asked for and not kept is
    none of them: whoever asks again after that gets the answers that are there already.
    """
    found = session.connection().execute(
        text(
            "SELECT count(*) FROM sequence AS e WHERE e.prospect_id=:prospect AND e.variant_id=:variant "
            f"AND e.parent_id IS NULL AND ((e.state='complete' AND e.origin='model') OR {USED_UP})"
        ),
        {"prospect": prospect_id, "variant": variant_id},
    )
    return int(found.scalar_one())
