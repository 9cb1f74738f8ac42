"""The server itself: a socket, threads that answer, and an end that waits for what is under way."""

import logging
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from jobs.adapters import cogyaml
from jobs.adapters.door import Door, bound
from jobs.adapters.environments import Environments
from jobs.adapters.heed import heed
from jobs.adapters.hosts import ProcessHosts
from jobs.core.errors import JobsError
from jobs.ports import Task
from jobs.serve.app import Counter, create
from jobs.serve.callback import Callbacks, Credentials
from jobs.serve.changes import Changes
from jobs.serve.desk import Desk
from jobs.serve.model import Model

#: what is under way when the server is told to end is given so long, then cancelled
DRAIN_S = 3600.0
#: and so long its webhooks, and the answers that are on their way out
TELL_S, FLUSH_S = 10.0, 5.0
log = logging.getLogger(__name__)


def _ignore(text: str) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Options:
    """How a folder is served."""

    host: str
    port: int
    reload: bool = False
    #: predictions accepted at once; 0: what the model says
    concurrency: int = 0
    timeout_s: float = 86_400.0
    #: output files are PUT below it; they come as data: URIs without it
    upload_url: str | None = None
    credentials: Credentials = field(default_factory=Credentials)
    #: told what the model prints, as it comes
    show: Callable[[str], None] = _ignore


def serve(
    folder: Path, options: Options, end: threading.Event, ready: Callable[[int], None]
) -> None:
    """Serve the model in the folder until `end`, or until somebody asks it to shut down.

    `ready` is told the port, once that answers; the model is loaded meanwhile.

    Raises:
        BadRequest: the address is taken.
    """
    with tempfile.TemporaryDirectory(prefix="penstock-serve-") as own:
        _serve(folder.resolve(), options, Path(own) / "hosts", end, ready)


def _serve(
    folder: Path,
    options: Options,
    scratch: Path,
    end: threading.Event,
    ready: Callable[[int], None],
) -> None:
    scratch.mkdir()
    hosts = ProcessHosts(scratch, Environments.of_this_user(scratch))
    predict = _counter(folder, options, scratch, hosts, "predict")
    train = _counter(folder, options, scratch, hosts, "train") if _trains(folder) else None
    counters = [predict] if train is None else [predict, train]
    callbacks = Callbacks(options.credentials)

    def shut_down() -> None:
        for counter in counters:
            counter.desk.refuse()  # before the request is answered
        end.set()

    app = create(predict, train, callbacks, upload_url=options.upload_url, shut_down=shut_down)
    door, port = _listening(app, options)
    threading.Thread(target=door.serve_forever, daemon=True, name="http").start()
    for counter in counters:
        counter.desk.open()
    ready(port)
    heed(end)
    log.info("shutting down; what is under way is waited for")
    for counter in counters:
        counter.desk.close(DRAIN_S)
    callbacks.close(TELL_S)
    door.rest(FLUSH_S)


def _trains(folder: Path) -> bool:
    with suppress(JobsError):  # which loading the model tells
        return cogyaml.read(folder).train is not None
    return False


def _counter(
    folder: Path, options: Options, scratch: Path, hosts: ProcessHosts, task: Task
) -> Counter:
    concurrency = options.concurrency if task == "predict" else 1
    model = Model(folder, hosts, scratch, concurrency=concurrency, task=task)
    desk = Desk(
        model,
        changes=Changes(folder) if options.reload else None,
        folder=scratch.with_name(f"files-{task}"),
        timeout_s=options.timeout_s,
        show=options.show,
    )
    return Counter(desk, model)


def _listening(app: Flask, options: Options) -> tuple[Door, int]:
    """What answers, and its port."""
    listener = bound(options.host, options.port)
    return Door(app, listener), listener.getsockname()[1]
