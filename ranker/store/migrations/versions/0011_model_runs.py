"""What a run with a language model may cost, and how it stands while it is under way."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("run") as batch:
        batch.add_column(sa.Column("max_usd", sa.Double()))
        batch.add_column(sa.Column("live", sa.Text(), nullable=False, server_default=""))
