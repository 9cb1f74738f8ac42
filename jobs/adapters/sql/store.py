"""The store: one database, its nouns side by side, its schema brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from jobs.adapters.sql.batches import Batches
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.deliveries import Deliveries
from jobs.adapters.sql.files import Files
from jobs.adapters.sql.models import Models
from jobs.adapters.sql.predictions import Predictions
from jobs.adapters.sql.shards import Shards
from jobs.adapters.sql.tokens import Tokens

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class SqlStore:
    """Every noun over one database."""

    def __init__(self, database: Database, public_url: str) -> None:
        self.database = database
        self.batches = Batches(database, public_url)
        self.shards = Shards(database, self.batches)
        self.predictions = Predictions(database, public_url)
        self.models = Models(database)
        self.files = Files(database)
        self.tokens = Tokens(database)
        self.deliveries = Deliveries(database)


def migrate(database: Database) -> None:
    """Bring the schema to the newest revision; nothing to do is fine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
