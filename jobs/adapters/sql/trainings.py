"""Trainings: rows among the predictions, and the version that each makes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from jobs.adapters.sql import pages, prediction_rows, turns
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.models import Models
from jobs.adapters.sql.prediction_rows import from_row
from jobs.adapters.sql.predictions import Predictions
from jobs.adapters.sql.tables import predictions, tokens
from jobs.core.page import Found, Page
from jobs.core.prediction import Prediction, State
from jobs.core.version import Version


class Trainings:
    """What is said of trainings alone; all else is as of predictions."""

    def __init__(self, database: Database, rows: Predictions, models: Models) -> None:
        self._db = database
        self._rows = rows
        self._models = models

    def newest(self, owner: str, page: Page) -> Found[Prediction]:
        """The newest first."""
        query = select(predictions).where(predictions.c.owner == owner, prediction_rows.TRAINING)
        return pages.fetch(self._db, query, (predictions.c.id,), page).map(from_row)

    def due(self, *, after: str = "", limit: int = 100, hardware: str | None = None) -> list[str]:
        """Ids, in their order and beyond `after`, of those of a class that nobody runs now."""
        asked = turns.asked_class(hardware)
        due = prediction_rows.due(training=True, classed=bool(asked))
        return self._db.ids(due, after=after, limit=limit, **asked)

    def succeed(
        self, value: Prediction, version: Version, at: datetime, **changes: Any
    ) -> Prediction:
        """Save the end of a training, its event, and the version it made, all at one moment.

        The first version of a model goes live, if the token that asked may move `live`.

        Raises:
            Fenced: it ended otherwise, or someone else runs it by now.
            NotFound: its destination was removed.
        """
        new, _ = value.to(State.SUCCEEDED, at, **changes)
        with self._db.write() as connection:
            self._models.keep_ready(connection, version)
            if self._promotes(connection, value.token):
                self._models.begin_live(connection, version, at)
            self._rows.save_end(connection, value, new)
        self._rows.told_end(new)
        return new

    def _promotes(self, connection: Connection, token: str) -> bool:
        """Whether a token, which may be gone by now, may say what is live."""
        query = select(tokens.c.grants).where(tokens.c.hash == token)
        grants = connection.execute(query).scalar()
        return grants is not None and bool(grants.get("promotes", True))
