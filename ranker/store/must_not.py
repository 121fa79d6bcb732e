"""Prospects who must not be contacted now, as a condition: the same on Home, on Prospects and in a run's list."""

from __future__ import annotations

_MUST_NOT = (
    "EXISTS (SELECT 1 FROM prospect AS w LEFT JOIN current_assessment AS h ON h.lead_id=w.lead_id "
    "WHERE w.id={0} AND w.lead_id IS NOT NULL AND (h.lead_id IS NULL OR h.status<>'ranked' OR h.suppressed=1))"
)


def must_not(prospect: str) -> str:
    """SQL for: the lead of this prospect (a column with its number) is on the do-not-contact list, or no ranking and
    no person says that it is to be contacted. Of somebody without a lead it says nothing.
    """
    return _MUST_NOT.format(prospect)
