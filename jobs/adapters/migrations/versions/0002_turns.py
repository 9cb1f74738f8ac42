"""Whose turn it is, what a token may have, which workers may run what.

Every new column has a default in the database: processes of the version before go on meanwhile.
"""

from alembic import op
from sqlalchemy import JSON, BigInteger, Column, Float, Integer, String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def hardware() -> Column[str]:
    """The class of workers."""
    return Column("hardware", String(40))


def token() -> Column[str]:
    """Whose limits it counts against; nobody's, if it is from before."""
    return Column("token", String(64), nullable=False, server_default="")


def number(name: str, kind: type[Integer] = Integer) -> Column[int]:
    """A number that is 0 for what is there already."""
    return Column(name, kind, nullable=False, server_default="0")


def columns() -> dict[str, list[Column[object]]]:
    """The new columns, by table; a column belongs to one place and is made for it."""
    limits = Column("limits", JSON, nullable=False, server_default="{}")
    counts = [number("priority"), number("paused"), number("expected_rows", BigInteger)]
    return {
        "tokens": [limits, Column("rate_at", Float(53))],
        "versions": [hardware()],
        "batches": [token(), hardware(), *counts, Column("served_at", Float(53))],
        "predictions": [token(), hardware()],
    }


BY_TOKEN = ("batches", "predictions")


def upgrade() -> None:
    """Add columns, their indexes, and the table of shares."""
    for table, some in columns().items():
        for column in some:
            op.add_column(table, column)
    for table in BY_TOKEN:
        op.create_index(f"{table}_of_token", table, ["token", "state"])
    op.create_table(
        "shares",
        Column("owner", String(200), primary_key=True),
        Column("start", Float(53), nullable=False),
        Column("finish", Float(53), nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("shares")
    for table in BY_TOKEN:
        op.drop_index(f"{table}_of_token", table)
    for table, some in columns().items():
        for column in some:
            op.drop_column(table, column.name)
