"""The store: one database, its nouns side by side, its schema brought up to date."""

import time
from pathlib import Path

from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from jobs.adapters.sql import faults, tables
from jobs.adapters.sql.batches import Batches
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.deliveries import Deliveries
from jobs.adapters.sql.deployment_tables import instances
from jobs.adapters.sql.deployments import Deployments
from jobs.adapters.sql.endpoint_secrets import EndpointSecrets
from jobs.adapters.sql.endpoints import Endpoints
from jobs.adapters.sql.feed import Feed
from jobs.adapters.sql.files import Files
from jobs.adapters.sql.instances import Instances
from jobs.adapters.sql.models import Models
from jobs.adapters.sql.predictions import Predictions
from jobs.adapters.sql.removals import Removals
from jobs.adapters.sql.replays import Replays
from jobs.adapters.sql.seals import Seals
from jobs.adapters.sql.shards import Shards
from jobs.adapters.sql.tokens import Tokens
from jobs.adapters.sql.trainings import Trainings
from jobs.adapters.sql.turns import Turns
from jobs.core.errors import BadRequest, Unavailable
from jobs.ports import Notices

#: any number, as long as nobody else locks it in our database
MIGRATION_LOCK = 7_265_093_418
#: how long a migration stands in the way of those who work, who wait behind it for what it waits
#: for: less than a lease. A backup may hold tables for long; then it tries again, for so long
LOCK_S, PATIENCE_S, PAUSE_S = 2, 600.0, 1.0
_LOCKED = "55P03"
MIGRATIONS = Path(__file__).parent.parent / "migrations"
LEASED = (
    tables.batches,
    tables.shards,
    tables.predictions,
    tables.versions,
    tables.deliveries,
)


class SqlStore:
    """Every noun over one database."""

    def __init__(self, database: Database, public_url: str, notices: Notices | None = None) -> None:
        self.database = database
        self.batches = Batches(database, public_url)
        self.shards = Shards(database, self.batches)
        self.predictions = Predictions(database, public_url, notices)
        self.models = Models(database)
        self.files = Files(database)
        self.tokens = Tokens(database)
        self.seals = Seals(database)
        self.deliveries = Deliveries(database)
        self.replays = Replays(database)
        self.endpoints = Endpoints(database)
        self.endpoint_secrets = EndpointSecrets(database)
        self.feed = Feed(database)
        self.trainings = Trainings(database, self.predictions, self.models)
        self.turns = Turns(database)
        self.deployments = Deployments(database)
        self.instances = Instances(database)
        self.removals = Removals(database)

    def release(self) -> None:
        """End every lease there is: whoever held one is known to be gone.

        Each is a loss like any other, only that nobody waits for it. The token moves on, so that
        a holder who lives against all belief is fenced.
        """
        with self.database.write() as connection:
            for table in LEASED:
                connection.execute(
                    update(table)
                    .where(table.c.lease_until.is_not(None))
                    .values(lease_until=0.0, lease_token=table.c.lease_token + 1)
                )
            held = update(instances).where(instances.c.lease_until.is_not(None))
            connection.execute(held.values(lease_until=0.0))


def opened(url: str, public_url: str, notices: Notices | None = None) -> SqlStore:
    """The store that a SQLAlchemy URL names, brought up to date.

    Raises:
        BadRequest: the URL is none that we can use; the message holds nothing of it but a file.
        Unavailable: it does not answer.
    """
    faults.check(url)
    try:
        database = _migrated(url)
    except (SQLAlchemyError, ImportError) as error:
        raise BadRequest(faults.unusable(error, faults.file_of(url)), field=faults.NAME) from error
    except Unavailable as error:
        raise Unavailable(faults.unusable(error.__cause__, faults.file_of(url))) from error
    return SqlStore(database, public_url, notices)


def _migrated(url: str) -> Database:
    database = Database(url)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database) -> None:
    """Bring the schema to the newest revision; nothing to do is fine.

    Processes that start together take turns: on SQLite at its one writer lock.

    Raises:
        BadRequest: it is newer than this Penstock knows.
        Unavailable: on PostgreSQL, somebody holds a table that is to change, and does so for long.
    """
    if is_newest(database):
        return
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            _upgrade(database)
            return
        except Unavailable as error:
            if not _is_locked(error) or time.monotonic() > until:
                raise
        time.sleep(PAUSE_S)


def _is_locked(error: Unavailable) -> bool:
    driver = getattr(error.__cause__, "orig", None)
    return getattr(driver, "sqlstate", None) == _LOCKED


def is_newest(database: Database) -> bool:
    """Whether there is nothing to migrate.

    Nearly every process finds that, and Alembic is half of the time that a process takes to start.

    Raises:
        BadRequest: the file has tables, and none of ours.
    """
    newest, _, _ = max(path.name for path in MIGRATIONS.glob("versions/[0-9]*.py")).partition("_")
    with database.read() as connection:
        seen = inspect(connection)
        if not seen.has_table("alembic_version"):
            if database.file is not None and seen.get_table_names():
                raise BadRequest(faults.damaged(database.file))  # no tables of ours among theirs
            return False
        found = connection.execute(text("SELECT version_num FROM alembic_version"))
        return found.scalars().all() == [newest]


def _upgrade(database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        if not database.sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_S}s'"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise BadRequest(
                "the database's schema is newer than this Penstock knows: upgrade this process too"
                " (those that run go on, an old one cannot start any more)",
                field="PENSTOCK_DATABASE_URL",
            ) from error
