"""Whether a prediction's output is files: Replicate's JS client tells that by its stream's address.

It is asked for with each prediction, and the version's schema is not at hand then.
"""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column; of what was made before it is not told."""
    gives_files = Column("gives_files", Integer, nullable=False, server_default="0")
    op.add_column("predictions", gives_files)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("predictions", "gives_files")
