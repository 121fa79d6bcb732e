"""Whether a provider of models can be asked, kept for every process."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "provider_state",
        sa.Column("provider", sa.Text(), primary_key=True),
        _text("state", "ok"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("opened", sa.Integer(), nullable=False, server_default="0"),
        _text("until"),
        _text("why"),
        _text("updated_at"),
    )
