"""A claimed prediction, or training, is held while it is worked on, and has a folder meanwhile."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from jobs.core.errors import BlobError, BlobRefused, Fenced, Unavailable
from jobs.core.prediction import Prediction, State
from jobs.ports import Store
from jobs.worker.drain import Drain
from jobs.worker.leases import LEASE_S, Lease


def hold(
    store: Store, drain: Drain, value: Prediction, work: Callable[[Path, Lease], State | None]
) -> State | None:
    """How it ended; None if somebody else ends it, or another attempt."""
    folder = Path(tempfile.mkdtemp(prefix="prediction-"))
    renew, give_back = store.predictions.renew, store.predictions.give_back
    try:
        with Lease(lambda: str(renew(value, LEASE_S)), lambda: give_back(value), drain) as lease:
            return work(folder, lease)
    except Fenced:
        return None
    except BlobRefused:  # asking again does not help: it is an attempt, and they have an end
        raise
    except (BlobError, Unavailable, OSError):  # a store or the disk is away for a while
        give_back(value)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
