"""A batch and its shards: states, moves, counts, and how the next shard is cut."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobs.core.caller import Caller
from jobs.core.moves import Move, check

#: A shard is sized so that redoing it costs about this long.
TARGET_SHARD_S = 30.0
#: A batch that costs so little in all is one shard: what that gives is its output, as it is.
WHOLE_BATCH_S = 5.0
#: A shard that costs so little is not cut in two.
LEAST_SHARD_S = 10.0
#: Nor is one of so few rows, however little they cost.
LAST_SHARD_ROWS = 32_768
#: The first shard of a version nobody has measured yet.
PILOT_ROWS = 64
MAX_SHARD_ROWS = 160_000
#: What its first shards are thought to take, until they have been done.
UNMEASURED_S = 1.0
#: After so many lost leases a shard is split; down to one row, the row is given up.
LOSSES_BEFORE_SPLIT = 3
#: A shard whose attempts end in an error of ours is retried so often.
MAX_ATTEMPTS = 5
#: Which of an owner's batches goes first; between owners it says nothing.
PRIORITIES = {"low": -1, "normal": 0, "high": 1}


class State(StrEnum):
    """OpenAI Batch's words."""

    VALIDATING = "validating"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FINISHED = frozenset({State.COMPLETED, State.FAILED, State.CANCELLED, State.EXPIRED})
#: no state: what people look for who look for those that wait for a `resume`
PAUSED = "paused"

MOVES: dict[State, frozenset[State]] = {
    State.VALIDATING: frozenset({State.IN_PROGRESS, State.FAILED, State.CANCELLED, State.EXPIRED}),
    State.IN_PROGRESS: frozenset({State.FINALIZING, State.CANCELLING}),
    State.CANCELLING: frozenset({State.FINALIZING}),
    State.FINALIZING: frozenset({State.COMPLETED, State.CANCELLED, State.EXPIRED, State.FAILED}),
}


@dataclass(frozen=True)
class Counts:
    """Rows by how they ended; they always sum to the total."""

    total: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    expired: int = 0

    @property
    def pending(self) -> int:
        """Rows that have not ended."""
        return self.total - self.completed - self.failed - self.cancelled - self.expired


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One manifest run through one version; rows are never in the database."""

    id: str
    owner: str
    model: str
    version: str
    created_at: datetime
    expires_at: datetime
    state: State = State.VALIDATING
    input_file_id: str | None = None
    input_url: str | None = None
    #: the manifest as it was when the batch was submitted; a change in between is an error
    input_etag: str | None = None
    destination: str | None = None
    #: what the token that submitted it may use; the work goes on with these alone
    grants: tuple[str, ...] = ()
    #: the hash of that token, against whose limits the batch counts
    token: str = ""
    #: a value of PRIORITIES
    priority: int = 0
    #: no rows are run until it is resumed
    paused: bool = False
    #: the class of workers that may run its rows; any may if there is none
    hardware: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    webhook: str | None = None
    webhook_events: tuple[str, ...] = ()
    #: in whose words it is told; None: ours
    webhook_format: str | None = None
    #: how rows may name its version
    spellings: tuple[str, ...] = ()
    parent: str | None = None
    rows: int = 0
    size_bytes: int = 0
    cursor: int = 0
    counts: Counts = field(default_factory=Counts)
    errors: tuple[dict[str, Any], ...] = ()
    snapshot: str | None = None
    #: the key prefix under which the committed results lie
    results: str | None = None
    #: why the batch stops early: "cancelled" or "expired"
    stop: str | None = None
    times: dict[str, float] = field(default_factory=dict)
    lease_token: int = 0
    #: `owner/name` of the deployment that it came through
    deployment: str | None = None
    shards_done: int = 0
    shards_redone: int = 0
    #: the span of a trace that submitted it (W3C Trace Context), where requests are traced
    traceparent: str | None = None

    @property
    def caller(self) -> Caller:
        """Who submitted it, with the rights of then."""
        return Caller(self.owner, self.grants)

    @property
    def exported_to(self) -> str | None:
        """The s3:// folder for its results: one of its own, so that nothing is written over."""
        return f"{self.destination.rstrip('/')}/{self.id}/" if self.destination else None

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, if it has."""
        at = self.times.get(self.state.value) if self.state in FINISHED else None
        return datetime.fromtimestamp(at, self.created_at.tzinfo) if at is not None else None

    def to(self, state: State, at: datetime, **changes: Any) -> tuple["Batch", Move[State]]:
        """The batch in another state, and the move that brought it there."""
        move = check(MOVES, Move(self.id, self.state, state, at))
        times = {**self.times, state.value: at.timestamp()}
        return replace(self, state=state, times=times, **changes), move


class ShardState(StrEnum):
    """A shard exists from its first claim on."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Shard:
    """A run of consecutive rows, `first` to `first + rows - 1`, counted from 0."""

    batch: str
    first: int
    rows: int
    state: ShardState = ShardState.QUEUED
    attempts: int = 0
    losses: int = 0
    lease_token: int = 0
    output: str | None = None
    succeeded: int = 0
    failed: int = 0
    #: how long the model took; of a leased one, how long it was thought to take
    seconds: float = 0.0


def expected_s(rows: int, seconds_per_item: float | None) -> float:
    """What so many rows will cost; of a version nobody has measured, a guess."""
    return UNMEASURED_S if seconds_per_item is None else rows * seconds_per_item


def shard_rows(remaining: int, seconds_per_item: float | None, *, is_first: bool = False) -> int:
    """How many rows the next shard takes; `is_first`: no rows of the batch were taken so far.

    At most half of what is left: workers that share a batch end at about the same time, and one
    that has it alone computes a shard while it keeps what another gave.
    """
    if seconds_per_item is None:
        return min(remaining, PILOT_ROWS)
    cost_s = max(seconds_per_item, 1e-6)
    if is_first and remaining * cost_s <= WHOLE_BATCH_S:
        return remaining
    least = min(int(LEAST_SHARD_S / cost_s), LAST_SHARD_ROWS)
    most = int(TARGET_SHARD_S / cost_s)
    fit = min(max(least, (remaining + 1) // 2), most, MAX_SHARD_ROWS)
    return min(remaining, max(1, fit))


def halves(shard: Shard) -> tuple[Shard, Shard]:
    """The shard as two, each to be tried anew; the shard has at least two rows."""
    first = shard.rows // 2
    head = Shard(batch=shard.batch, first=shard.first, rows=first, lease_token=shard.lease_token)
    tail = Shard(batch=shard.batch, first=shard.first + first, rows=shard.rows - first)
    return head, tail


def rest(shard: Shard, done: int) -> Shard:
    """What is left of a shard after its first rows; what happened to it may be due to these.

    A row by itself begins anew: it is given up for what happens while it is alone.
    """
    first, rows = shard.first + done, shard.rows - done
    losses = shard.losses if rows > 1 else 0
    return Shard(batch=shard.batch, first=first, rows=rows, attempts=shard.attempts, losses=losses)


def covers(shards: list[tuple[int, int]], rows: int) -> bool:
    """Whether (first, rows) pairs cover rows 0 to `rows` without gap or overlap."""
    at = 0
    for first, count in sorted(shards):
        if first != at:
            return False
        at += count
    return at == rows
