"""An instance: one model host that a worker keeps for a deployment, its states and its moves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """From the moment a worker takes it on to its end; it stays known for a while after that."""

    SETTING_UP = "setting_up"
    IDLE = "idle"
    PROCESSING = "processing"
    STOPPED = "stopped"


UP = frozenset({State.IDLE, State.PROCESSING})

MOVES: dict[State, frozenset[State]] = {
    State.SETTING_UP: UP | {State.STOPPED},
    # back to setting up: its process was lost, and the worker loads the model again
    State.IDLE: frozenset({State.PROCESSING, State.SETTING_UP, State.STOPPED}),
    State.PROCESSING: frozenset({State.IDLE, State.SETTING_UP, State.STOPPED}),
}


class Reason(StrEnum):
    """Why an instance stopped."""

    IDLE = "idle"
    #: another deployment's work needed its place
    CROWDED_OUT = "crowded_out"
    #: its deployment's maximum was lowered
    OUT_OF_BOUNDS = "out_of_bounds"
    #: its worker was told to end
    WORKER_ENDED = "worker_ended"
    #: its worker was not heard of for as long as a lease lasts
    WORKER_LOST = "worker_lost"
    SETUP_FAILED = "setup_failed"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One host of a version; leased by its worker, which says how it is when it renews."""

    id: str
    deployment: str
    model: str
    version: str
    #: which worker process has it
    worker: str
    state: State = State.SETTING_UP
    created_at: datetime
    #: when its model was loaded
    ready_at: datetime | None = None
    stopped_at: datetime | None = None
    reason: Reason | None = None
