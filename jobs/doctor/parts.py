"""Whether each part that the settings name is there and works."""

import os
import shutil
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from jobs.adapters import celery as broker
from jobs.adapters import nvidia
from jobs.adapters.disk import make_folder
from jobs.adapters.hosts import ProcessHosts
from jobs.adapters.sql.faults import damaged
from jobs.doctor.finding import FAIL, OK, WARN
from jobs.host import privatetmp
from jobs.wiring import Wiring, clock

FREE_BYTES = 5 * 2**30
SKEW_S = 5.0
SAME_PATH = "two that write the same path there may give out each other's file"


def python(made: Wiring) -> tuple[str, str]:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    return (OK if sys.version_info >= (3, 11) else FAIL), f"Python {version}; 3.11 or later is fine"


def data_folder(made: Wiring) -> tuple[str, str]:
    """Room and rights."""
    folder = made.settings.data
    make_folder(folder)
    probe = folder / f".doctor-{os.getpid()}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return FAIL, f"{folder} cannot be written: {error.strerror}"
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free / 2**30:.0f} GiB free"
    return (OK, told) if free > FREE_BYTES else (WARN, f"{told}; models and results need room")


def secret_key(made: Wiring) -> tuple[str, str]:
    """Who can read what opens the stored secrets, and whether it opens them."""
    given, path = made.settings.secret_keys, made.settings.data / "secret.key"
    if not given and path.exists() and path.stat().st_mode & 0o077:
        return FAIL, f"others can read {path}; chmod 600 it"
    if not given and not path.exists() and not made.store.tokens.any_sealed():
        return OK, "none yet; `penstock up` makes one"
    made.webhooks.try_keys()
    if given:
        return OK, f"{len(given)} key(s) in PENSTOCK_SECRET_KEYS, the newest first"
    return OK, f"{path}, for this user only; back it up with the database"


def database(made: Wiring) -> tuple[str, str]:
    """Reachable, whole, at the newest revision, and in step with our clock."""
    store = made.store
    if store.database.file is not None and not store.database.is_whole():
        return FAIL, damaged(store.database.file)
    skew = abs(store.database.now() - clock().timestamp())
    name = store.database.engine.dialect.name
    if skew > SKEW_S:
        return WARN, f"{name} is {skew:.0f} s off this machine's clock; run NTP on both"
    return OK, f"{name}, schema up to date"


def objects(made: Wiring) -> tuple[str, str]:
    """Written, read, removed, and whether a write can be made to refuse."""
    blobs = made.blobs
    key = f"doctor/{os.getpid()}"
    blobs.put(key, [b"penstock"])
    read = b"".join(blobs.open(key))
    blobs.delete([key])
    if read != b"penstock":
        return FAIL, "the object store gave back other bytes than it was given"
    where = made.settings.s3_bucket or made.settings.data / "objects"
    if blobs.conditional_writes():
        return OK, f"{where}: write, read, delete, conditional writes"
    return WARN, f"{where}: works, without conditional writes; ours do not need them"


def broker_reached(made: Wiring) -> tuple[str, str]:
    """The broker answers, and who works for it."""
    if made.settings.embedded:
        return OK, "in the process of `penstock up`"
    broker.reach(made.celery)
    names = _workers(made.celery)
    if not names:
        return WARN, "reached, but no worker answers; start `penstock worker`"
    return OK, f"reached; {len(names)} worker(s): {', '.join(sorted(names))}"


def hardware(made: Wiring) -> tuple[str, str]:
    """Whether somebody serves each class of hardware that work waits for."""
    if made.settings.embedded:
        return OK, "this process takes everything"
    waited, workers = made.store.turns.classes(), _workers(made.celery)
    served = sorted({name for classes in workers.values() for name in classes})
    missing = [name for name in waited if name not in served]
    if missing:
        names = ",".join(missing)
        return WARN, (
            f"work waits for {names}, which no worker serves: penstock worker --hardware {names}"
        )
    return OK, f"workers serve {', '.join(served) or 'what asks for none'}"


#: two checks are about them, and each asking takes two seconds: there is no knowing who is there
_workers = lru_cache(maxsize=1)(broker.workers)


def model_host(made: Wiring) -> tuple[str, str]:
    """A child process can be started and loads a model."""
    with tempfile.TemporaryDirectory(prefix="doctor-", dir=made.settings.data) as name:
        folder = Path(name)
        (folder / "cog.yaml").write_text('predict: "predict.py:Predictor"\n')
        (folder / "predict.py").write_text(PROBE)
        hosts = ProcessHosts(folder)
        hosts.start(folder, scratch=folder, threads=1, setup_timeout_s=30.0).close()
    told = f"starts and loads a model with {sys.executable}"
    shared = f"{told}; all models share {privatetmp.SHARED}: {SAME_PATH}"
    if privatetmp.SHARED in made.settings.models_see:
        return WARN, f"{shared}; leave it out of PENSTOCK_MODELS_SEE"
    if not privatetmp.possible():
        return WARN, f"{shared}; give the worker leave to make mount name spaces, or use TMPDIR"
    return OK, f"{told}, each with a {privatetmp.SHARED} of its own"


PROBE = """from cog import BasePredictor
class Predictor(BasePredictor):
    def predict(self, text: str) -> str:
        return text
"""


def gpu(made: Wiring) -> tuple[str, str]:
    """What the driver shows, and whether a model host could use it as we start it."""
    if not nvidia.installed():
        return OK, "no NVIDIA driver here; models run on the CPU"
    found = nvidia.gpus()
    told = f"{len(found)}: {'; '.join(f'{one.name}, {one.memory}' for one in found)}"
    alone = [one.index for one in found if one.compute_mode.lower().startswith("exclusive")]
    if alone:
        return FAIL, (
            f"{told}; GPU {', '.join(alone)} takes one process only, and a worker keeps the hosts"
            " of two versions: nvidia-smi --compute-mode=DEFAULT"
        )
    if len(found) > 1 and "CUDA_VISIBLE_DEVICES" not in os.environ:
        return WARN, f"{told}; one worker uses the first alone: penstock worker --gpus all"
    return OK, told
