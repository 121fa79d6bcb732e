"""The counts beside the filters of Results are read from an index in their order, so that nothing is sorted."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_current_facets",
        "current_assessment",
        ["status", "size_low", "size_high", "rank", "needs_review", "suppressed", "exported_at", "review"],
    )
