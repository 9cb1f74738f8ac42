"""Batches as rows."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, or_

from jobs.adapters.sql.prepared import Row
from jobs.adapters.sql.tables import batches
from jobs.core.batch import FINISHED, PAUSED, Batch, Counts, State

_COUNTS = ("completed", "failed", "cancelled", "expired")
_FIELDS = tuple(name for name in Batch.__dataclass_fields__ if name != "counts")
#: columns that a move leaves alone: others write them meanwhile
_NOT_MOVED = ("id", "created_at", "cursor", "shards_done", "shards_redone", "paused")
MOVED = tuple(name for name in (*_FIELDS, *_COUNTS) if name not in _NOT_MOVED)


def in_state(states: Collection[str]) -> ColumnElement[bool]:
    """Whether it is in one of these; `paused` is none, and told of those that have not ended."""
    found = batches.c.state.in_([state for state in states if state != PAUSED])
    if PAUSED not in states:
        return found
    return or_(found, and_(batches.c.paused == 1, batches.c.state.not_in(FINISHED)))


def from_row(row: RowMapping | Row) -> Batch:
    """A row as the value it keeps."""
    fields = {name: row[name] for name in _FIELDS}
    fields["state"] = State(row["state"])
    fields["webhook_events"] = tuple(row["webhook_events"])
    fields["errors"] = tuple(row["errors"])
    fields["spellings"] = tuple(row["spellings"] or ())
    fields["grants"] = tuple(row["grants"])
    fields["paused"] = bool(row["paused"])
    fields["counts"] = Counts(total=row["rows"], **{name: row[name] for name in _COUNTS})
    return Batch(**fields)


def to_row(batch: Batch) -> dict[str, Any]:
    """The value as a row, without the columns that only the store moves."""
    fields = {name: getattr(batch, name) for name in _FIELDS}
    fields["state"] = batch.state.value
    fields["webhook_events"] = list(batch.webhook_events)
    fields["errors"] = list(batch.errors)
    fields["spellings"] = list(batch.spellings)
    fields["grants"] = list(batch.grants)
    fields["paused"] = int(batch.paused)
    return fields | {name: getattr(batch.counts, name) for name in _COUNTS}
