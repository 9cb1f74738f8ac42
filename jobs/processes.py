"""What each kind of process runs: `up` everything, `work` a worker and nothing else."""

import fcntl
import gc
import logging
import os
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from jobs.adapters.disk import make_folder
from jobs.adapters.heed import heed
from jobs.adapters.sql.calls import Listener
from jobs.config import DEFAULT_URL, Settings
from jobs.core.errors import BadRequest, BlobError, BlobRefused, Unavailable
from jobs.ports import Blobs
from jobs.wiring import Wiring, clock
from jobs.worker.deliver import LOOK_S
from jobs.worker.express import Express
from jobs.worker.instances import BEAT_S
from jobs.worker.rest import Rest

if TYPE_CHECKING:
    from jobs.adapters.door import Door

SWEEP_EVERY_S = 1.0
TIDY_EVERY_S = 60.0
PURGE_EVERY_S = 10.0
#: workers of one machine that may share a data folder
MOST_WORKERS = 64
#: of a worker in this process: all computing is in model hosts, and these wait for them
THREADS = 8
#: how far beyond PENSTOCK_METRICS_PORT the first worker's port is
WORKER_PORTS = 10
#: a worker waits so long for the object store's word before it begins
OBJECTS_S = 10.0
#: before something that failed is tried again
PAUSE_S = 1.0
log = logging.getLogger(__name__)


def up(
    settings: Settings, host: str, port: int, end: threading.Event, ready: Callable[[], None]
) -> None:
    """API, deliveries and sweep until `end`; with the broker in this process, a worker too.

    `ready` is called once it answers.

    Raises:
        BadRequest: another process tree uses the data folder, or the address is taken.
    """
    if not settings.embedded:
        settings.require_shared()
    make_folder(settings.data)
    made = Wiring(settings)
    with held(settings.data / "lock"):
        (settings.data / ".gitignore").write_text("*\n")  # it holds a token and a key
        keep_scratch_in(settings.data / "scratch")
        if settings.alone:
            made.recover()
        made.token()
        made.webhooks.check_keys()
        server = listening(made, host, port)
        if settings.embedded:
            made.local_bell.listen(made.worker.answer, THREADS, made.singles.seen_to)
            express = Express(made.singles, made.store, made.local_bell, clock)
            made.services.predictions.open(express)
        threading.Thread(target=server.serve_forever, daemon=True, name="api").start()
        if settings.embedded:
            every(BEAT_S, made.instances.beat, end, "instances")
        rest = quiet(made)
        every(LOOK_S, lambda: rest.after(made.deliver.run()), end, "deliver", rest)
        every(SWEEP_EVERY_S, made.sweep().run, end, "sweep")
        every(TIDY_EVERY_S, made.tidy().run, end, "tidy")
        every(PURGE_EVERY_S, made.purge().run, end, "purge")
        made.watched(0, made.registry, made.overview, made.demand)
        settle()
        ready()
        heed(end)
        server.shutdown()
        if settings.embedded:
            made.drain.begin(0, abandon)
            made.local_bell.stop()
            made.worker.rest()
            made.instances.close()
            made.warm.close()


def work(settings: Settings, concurrency: int, name: str | None) -> None:
    """A worker of a broker outside this process, until it is told to end.

    Raises:
        BadRequest: these settings are for one process, not for several.
        BlobRefused: the bucket is not there, or not for us.
    """
    from jobs.adapters import celery as broker  # `up` without a broker does without Celery too

    settings.require_shared()
    if settings.public_url == DEFAULT_URL:
        log.warning("PENSTOCK_PUBLIC_URL is not set: output files will be at %s/…", DEFAULT_URL)
    folder, _lock = own_folder(settings.data / "workers")
    keep_scratch_in(folder / "scratch")
    name = name or f"penstock-{folder.name}"
    made = Wiring(settings, scratch=folder, role="worker", name=name)
    if settings.s3_bucket:
        try_objects(made.blobs)
    broker.serve(made.celery, made.worker.answer)
    made.watched(WORKER_PORTS + int(folder.name), made.registry)
    every(BEAT_S, made.instances.beat, threading.Event(), "instances")
    settle()

    def drain() -> None:
        made.drain.begin(settings.drain_s, abandon)

    try:
        status = broker.work(made.celery, concurrency, name, settings.hardware, drain)
    finally:
        drain()
        made.worker.rest()
        made.instances.close()
        made.warm.close()
    if status:
        sys.exit(status)


def try_objects(blobs: Blobs, longest_s: float = OBJECTS_S) -> None:
    """Write and remove something: what a worker that may not takes would fail in its hands.

    A store that is away, or slow, keeps nobody from beginning: it will be back.

    Raises:
        BlobRefused: it answers, and will not.
    """
    key, found = f"doctor/{secrets.token_hex(8)}", []

    def write() -> None:
        try:
            blobs.put(key, [b"penstock"])
            blobs.delete([key])
        except BlobRefused as error:
            found.append(error)
        except BlobError as error:
            log.warning("the object store cannot be used now: %s", error)

    writer = threading.Thread(target=write, name="objects", daemon=True)
    writer.start()
    writer.join(longest_s)
    for error in found:
        raise BlobRefused(f"{error}; see PENSTOCK_S3_BUCKET and its credentials") from error


def abandon() -> None:
    """End now: what is still going on was handed back, and the model hosts end with us."""
    os._exit(0)


def settle() -> None:
    """Tell the garbage collector that what was made by now stays: it need not look again."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # rows come by the thousand, and are gone at once
    gc.enable()


def listening(made: Wiring, host: str, port: int) -> "Door":
    """The HTTP server, bound; raises BadRequest if the address is taken."""
    from jobs.adapters.door import Door, bound  # no other process has a server of this kind

    return Door(made.app, bound(host, port), parks=made.settings.embedded)


def quiet(made: Wiring) -> Rest:
    """Waits until it is worth a look for deliveries."""
    if made.settings.alone:  # all that makes one due is written here, or is the time
        return Rest(partial(_written, made.store.database.written), 0.0, 0.0)
    return Rest(_nobody if made.store.database.sqlite else Listener(made.store.database).wait)


def _written(flag: threading.Event, seconds: float) -> bool:
    is_set = flag.wait(seconds)
    flag.clear()
    return is_set


def _nobody(seconds: float) -> None:
    """Others write, and do not tell."""


def every(
    seconds: float,
    do: Callable[[], object],
    end: threading.Event,
    name: str,
    beat: Callable[[], object] = bool,
) -> None:
    """Have a daemon thread do something again and again until `end`, as `repeat` does."""
    again = (seconds, do, end, name, beat)
    threading.Thread(target=repeat, args=again, name=name, daemon=True).start()


def repeat(
    seconds: float,
    do: Callable[[], object],
    end: threading.Event,
    name: str,
    beat: Callable[[], object] = bool,
) -> None:
    """Do something again and again until `end`; an error is logged and no reason to end.

    `beat` is called each time around.
    """
    pause_s = seconds
    while not end.wait(pause_s):
        pause_s = seconds
        beat()
        try:
            do()
        except Unavailable as error:
            log.warning("%s: %s; it is tried again", name, error)
            pause_s = max(seconds, PAUSE_S)
        except Exception:
            log.exception("%s failed; it is tried again", name)
            pause_s = max(seconds, PAUSE_S)


def held(lock: Path) -> BinaryIO:
    """Hold a lock file; the end of this process lets go of it, however it ends.

    Raises:
        BadRequest: somebody else holds it.
    """
    file = lock.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise BadRequest(
            f"another penstock uses {lock.parent}; stop it, or name another folder with --data"
        ) from error
    return file


def keep_scratch_in(folder: Path) -> None:
    """Have all temporary files of this process in a folder that begins empty.

    What a killed process leaves is gone with the next start, whoever made it.
    """
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def own_folder(root: Path) -> tuple[Path, BinaryIO]:
    """A scratch folder that no other worker of this machine uses, and the lock on it."""
    for number in range(MOST_WORKERS):
        folder = root / str(number)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return folder, held(folder / "lock")
        except BadRequest:
            continue
    raise BadRequest(f"{MOST_WORKERS} workers use {root} already; name another data folder")
