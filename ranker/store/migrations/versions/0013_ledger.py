"""What was written to a provider's cache, and the service tier that was served."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("ai_call", sa.Column("tokens_written", sa.Integer()))
    op.add_column("ai_call", sa.Column("tier", sa.Text(), nullable=False, server_default=""))
