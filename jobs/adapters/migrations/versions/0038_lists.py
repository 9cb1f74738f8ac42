"""Lists of predictions that are asked for by their model, or by how they ended.

An owner's newest ones are found by `predictions_newest`; but where few are of a model, or few have
failed, that is to go through all that the owner ever asked for.
"""

from alembic import op
from sqlalchemy import text

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BAD = text("state = 'failed' OR state = 'canceled'")


def upgrade() -> None:
    """Add two indices; the second has little to do while predictions succeed."""
    op.create_index("predictions_of_model", "predictions", ["owner", "model", "id"])
    op.create_index(
        "predictions_bad",
        "predictions",
        ["owner", "id"],
        sqlite_where=BAD,
        postgresql_where=BAD,
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("predictions_bad", "predictions")
    op.drop_index("predictions_of_model", "predictions")
