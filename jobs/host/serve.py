"""The child's life: die with the parent, load the model, answer frames until the pipe ends."""

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from jobs.host import (
    answer,
    cogpackage,
    concurrent,
    frames,
    health,
    lint,
    loader,
    privatetmp,
    raised,
    schema,
    scope,
)
from jobs.host.apart import Apart
from jobs.host.badmodel import BadModel
from jobs.host.cancel import Cancel
from jobs.host.console import Console, tell
from jobs.host.courier import Courier
from jobs.host.files import Files
from jobs.host.inbox import Inbox
from jobs.host.items import Items, described
from jobs.host.results import CANCELED, Results
from jobs.host.usage import Usage

PR_SET_PDEATHSIG = 1
#: of 1,000: when memory runs out, the kernel is to take the model and not the worker
OOM_SCORE = 500


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, and check that it is still there."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            score = Path("/proc/self/oom_score_adj")
            score.write_text(str(max(OOM_SCORE, int(score.read_text()))))
    if os.getppid() != parent:
        os._exit(3)


def main() -> None:
    """`python -m jobs.host IN OUT PARENT TMPDIR [PRIVATE_TMP SEEN...]`.

    Two pipe ends, who started us, our own folder; what is to be our /tmp, what we see of theirs.
    """
    came, goes, parent = (int(text) for text in sys.argv[1:4])
    if sys.argv[5:]:
        privatetmp.take(Path(sys.argv[5]), sys.argv[6:])
    die_with(parent)
    inbox = Inbox(came)
    answers: BinaryIO = os.fdopen(goes, "wb")
    _keep_to_ourselves(came, goes)
    scratch = Path(sys.argv[4])
    console, files, cancel = Console(), Files(scratch), Cancel()
    usage = Usage(scratch, files.copied, lambda: files.clearing)
    loaded = _set_up(inbox.next(), answers, console, files)
    usage.settle()
    among: Any = loaded and _among_others(loaded.items, answers, console, files)
    apart: Any = loaded and Apart(loaded.items, answers, console, files, cancel, usage.now)
    hands = Hands(answers, console, files, cancel, usage, Courier(answers))
    while loaded is not None:
        try:
            command = inbox.next()
        except EOFError:
            break
        if command.get("stream") is False:
            _lot(command, loaded.items, hands)
            continue
        hands.courier.settle()
        if command.get("health"):
            frames.write(answers, {"op": "health", "value": loaded.fault()})
        elif "number" in command:
            among.run(command, inbox)
        elif not apart.obeyed(command) and "cancel" not in command:  # else it came too late
            _single(command, loaded.items, hands)
    os._exit(0)


class Hands(NamedTuple):
    """What a model's items are run with."""

    answers: BinaryIO
    console: Console
    files: Files
    cancel: Cancel
    usage: Usage
    courier: Courier


class Loaded(NamedTuple):
    """A model that is ready."""

    items: Items
    document: dict[str, Any]
    #: why it says of itself that it is not well, if it does
    fault: Callable[[], str | None]
    #: whether `fault` asks the model, or there is nothing to ask
    asks: bool


def _keep_to_ourselves(*pipes: int) -> None:
    """What the model starts or forks must neither hold our pipes open nor speak in our name."""
    for pipe in pipes:
        os.set_inheritable(pipe, False)

    def let_go() -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        for pipe in pipes:
            os.dup2(nothing, pipe, inheritable=False)

    os.register_at_fork(after_in_child=let_go)


def _set_up(command: Any, answers: BinaryIO, console: Console, files: Files) -> Loaded | None:
    try:
        cogpackage.provide()
        loaded = _loaded(command, files)
        ready = frames.encode(
            {
                "op": "ready",
                "schema": loaded.document,
                "pass_rows": loaded.items.pass_rows,
                "at_once": loaded.items.at_once,
                "asks": loaded.asks,
            }
        )
    except BaseException as error:
        if not isinstance(error, BadModel):
            raised.show(error)
        console.settle()
        frames.write(answers, {"op": "setup_failed", "message": described(error)})
        return None
    console.settle()
    files.settle()
    gc.freeze()  # what setup() made stays: no collection has to look at it again
    frames.send(answers, ready)
    return loaded


def _loaded(command: Any, files: Files) -> Loaded:
    folder, ref = Path(command["folder"]), command["ref"]
    if command["task"] == "train":
        return _trainer(folder, ref, files)
    model = loader.load(folder, ref, lambda made: _loop().run(made))
    document = schema.document(model.predict)
    for note in lint.notes(model.predict, document):
        tell(f"warning: {note}")
    items = _items(model, document, files, command["concurrency"])
    fault = health.asked(model.healthcheck, lambda made: _loop().run(made))
    why = fault()
    if why is not None:
        raise BadModel(why)
    return Loaded(items, document, fault, model.healthcheck is not None)


def _trainer(folder: Path, ref: str, files: Files) -> Loaded:
    """What a version's train() needs, and nothing of its predict()."""
    train = loader.load_train(folder, ref, lambda made: _loop().run(made))
    document = schema.train_document(train)
    for note in lint.notes(train, document):
        tell(f"warning: {note}")
    return Loaded(_items(loader.Model(train), document, files, 1), document, lambda: None, False)


def _items(model: loader.Model, document: dict[str, Any], files: Files, most: int) -> Items:
    """What runs the model's items, at most so many at once if that is said."""
    predict, batch = model.predict, model.predict_batch
    most = most or concurrent.most(predict)
    if loader.is_async(predict):
        from jobs.host.asynchronous import AsyncItems

        return AsyncItems(predict, batch, document, files, _loop(), most)
    if most > 1:
        raise BadModel(
            f"the model is to run {most} predictions at once (concurrency: max), for which"
            " its method must be async def"
        )
    return Items(predict, batch, document, files)


def _among_others(items: Items, answers: BinaryIO, console: Console, files: Files) -> Any:
    """What runs predictions that come while others run; asked for only where the model can."""
    if not items.overlapping:
        return None
    from jobs.host.interleaved import Interleaved

    return Interleaved(items, answers, console, files)  # type: ignore[arg-type]


@cache
def _loop() -> Any:
    """The event loop, for models that have a use for one: most have none."""
    from jobs.host.asynchronous import Loop

    return Loop()


def _lot(command: Any, items: Items, hands: Hands) -> None:
    """Rows of a batch."""
    _, console, files, *_, courier = hands
    rows, process = command["rows"], os.getpid()
    files.begin(command["files"])
    scope.begin({})
    items.begin(*command["passes"])
    left = len(rows)
    for results in items.many(rows):
        if os.getpid() != process:
            os._exit(0)  # a row forked, and this is the child coming back
        console.settle()
        left -= len(results.outputs)
        courier.hand(partial(answer.frame, results, items.told_rows, more=left > 0))
        if not items.overlapping:
            files.clear()
    files.clear()


def _single(command: Any, items: Items, hands: Hands) -> None:
    """One prediction, whose outputs are told as they come."""
    answers, console, files, cancel, usage, _ = hands
    files.begin(command["files"])
    scope.begin(command["context"])
    process = os.getpid()
    items.begin()
    results = _one(command, items, answers, cancel)
    if os.getpid() != process:
        os._exit(0)
    console.settle()
    results.usage = usage.now()
    frames.send(answers, *answer.frame(results, items.told_rows, more=False))
    files.clear()


def _one(command: Any, items: Items, answers: BinaryIO, cancel: Cancel) -> Results:
    """The result of one item, told part by part; it ends where the worker says so."""

    def tell(op: str, value: Any) -> None:
        with cancel.held():  # half a frame would be taken for the beginning of the next one
            frames.write(answers, {"op": op, "value": value})

    if command["metrics"]:
        scope.ALONE.metrics.tell = lambda *told: tell("metric", told)
    try:
        with cancel.heeded(items.stop):
            results = items.one(command["rows"][0], partial(tell, "output"))
    except BaseException:  # told to stop where nobody caught it, at the very end
        if not cancel.came:
            raise
        results = Results(1)
    finally:
        scope.ALONE.metrics.tell = None
    if cancel.came:
        results.fail(0, CANCELED)
    return results
