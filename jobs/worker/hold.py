"""A claimed prediction, or training, is held while it is worked on, and has a folder meanwhile."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jobs.core.errors import BlobError, BlobRefused, Fenced, Unavailable
from jobs.core.prediction import Failed, Prediction, State
from jobs.ports import Store
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease

Outcome = TypeVar("Outcome")
#: the code of what the model was told to stop
CANCELED = "canceled"


def hold(
    store: Store,
    drain: Drain,
    value: Prediction,
    attempt: Callable[[Path, Lease], Outcome],
    settle: Callable[[Outcome, Lease], State],
) -> State | None:
    """How it ended; None if somebody else ends it, or another attempt.

    `settle` saves what `attempt` gave.
    """
    folder = Path(tempfile.mkdtemp(prefix="prediction-"))
    renew, give_back = store.predictions.renew, store.predictions.give_back
    try:
        with Lease(lambda: str(renew(value, LEASE_S)), lambda: give_back(value), drain) as lease:
            outcome = attempt(folder, lease)
            lease.check()
            if lease.back.is_set() and not lease.stop.is_set() and canceled(outcome):
                return None  # it did not run to its end, and nobody cancelled it
            return settle(outcome, lease)
    except Fenced:
        return None
    except BlobRefused:  # asking again does not help: it is an attempt, and they have an end
        raise
    except (BlobError, Unavailable, OSError):  # a store or the disk is away for a while
        give_back(value)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def canceled(outcome: object) -> bool:
    """Whether the model was told to stop."""
    return isinstance(outcome, Failed) and outcome.code == CANCELED
