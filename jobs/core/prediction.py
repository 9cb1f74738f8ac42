"""A prediction: its states, its moves, and what running one row gives."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from jobs.core import secret_inputs
from jobs.core.caller import Caller
from jobs.core.moves import Move, check


class Succeeded(NamedTuple):
    """The model answered; a tuple, since a million of them are made.

    The output is JSON text, which most rows carry from the model to their result file unread.
    With `files`, it holds `{"__path__": "/abs"}` in the place of each file that is to be stored.
    `usage`: which process it was, and what that holds on to (`memory_bytes`, `threads`, …).
    """

    output: bytes
    predict_s: float = 0.0
    logs: str = ""
    files: bool = False
    usage: dict[str, Any] | None = None
    #: what the model noted beside its output
    metrics: dict[str, Any] | None = None


class Failed(NamedTuple):
    """The row gave no output; `code` is one of a short list, `message` is for people."""

    code: str
    message: str
    logs: str = ""
    #: what the model noted before it failed
    metrics: dict[str, Any] | None = None


Result = Succeeded | Failed


class State(StrEnum):
    """Replicate's words; `canceled` has one l."""

    STARTING = "starting"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


#: owner, model, version, and the deployment if it came through one
Kind = tuple[str, str, str, str | None]


@dataclass(frozen=True)
class Wanted:
    """What a worker would run now: the oldest of a kind, so many at most.

    `served`: the classes of hardware that the worker serves; None: all.
    """

    kind: Kind
    most: int
    lease_s: float
    at: datetime
    served: Collection[str] | None = None


FINISHED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELED})

MOVES: dict[State, frozenset[State]] = {
    State.STARTING: frozenset({State.PROCESSING, State.FAILED, State.CANCELED}),
    State.PROCESSING: FINISHED,
}


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One input run through one version."""

    id: str
    owner: str
    model: str
    version: str
    input: dict[str, Any]
    created_at: datetime
    state: State = State.STARTING
    output: Any = None
    error: str | None = None
    logs: str = ""
    metrics: dict[str, Any] = field(default_factory=dict)
    webhook: str | None = None
    webhook_events: tuple[str, ...] = ()
    #: what the token that asked may use
    grants: tuple[str, ...] = ()
    #: the hash of that token, against whose limits it counts
    token: str = ""
    #: the class of workers that may run it; any may if there is none
    hardware: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    cancel_asked: bool = False
    attempts: int = 0
    lease_token: int = 0
    #: the span of a trace that asked for it (W3C Trace Context), where requests are traced
    traceparent: str | None = None
    #: when it is cancelled unless it has ended by then
    deadline: datetime | None = None
    #: what the tickets in its addresses are made with; those from before there were any have none
    secret: str | None = None
    #: `owner/name` of the deployment that it came through
    deployment: str | None = None
    #: of a training: the model that is to have the version that it makes
    destination: str | None = None
    #: whether its output is a file, or files
    gives_files: bool = False

    @property
    def caller(self) -> Caller:
        """Who asked, with the rights of then."""
        return Caller(self.owner, self.grants)

    @property
    def kind(self) -> Kind:
        """What those have in common that may be run together."""
        return self.owner, self.model, self.version, self.deployment

    def begun(self, at: datetime) -> "Prediction":
        """A new one that whoever made it runs: its first attempt."""
        return self.to(State.PROCESSING, at, attempts=1, lease_token=1)[0]

    def to(self, state: State, at: datetime, **changes: Any) -> tuple["Prediction", Move[State]]:
        """The prediction in another state, and the move that brought it there."""
        move = check(MOVES, Move(self.id, self.state, state, at))
        if state is State.PROCESSING:
            changes.setdefault("started_at", at)
        if state in FINISHED:
            changes.setdefault("completed_at", at)
            changes["input"] = secret_inputs.forgotten(self.input)
        return self._with({**changes, "state": state}), move

    def _with(self, changes: dict[str, Any]) -> "Prediction":
        """The same but for these fields, all of which it has: `replace` takes a while longer."""
        changed = object.__new__(Prediction)
        changed.__dict__.update(self.__dict__, **changes)
        return changed
