"""The child's life: die with the parent, load the model, answer frames until the pipe ends."""

import ctypes
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from jobs.host import frames, loader, schema
from jobs.host.items import Failure, InvalidOutput, Items, Output, failure

PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, and check that it is still there."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(3)


def main() -> None:
    """`python -m jobs.host IN OUT PARENT`: two pipe ends, and who started us."""
    came, goes, parent = (int(text) for text in sys.argv[1:4])
    die_with(parent)
    commands: BinaryIO = os.fdopen(came, "rb")
    answers: BinaryIO = os.fdopen(goes, "wb")
    # what the model starts must not hold our pipes open
    os.set_inheritable(came, False)
    os.set_inheritable(goes, False)
    logs = _Logs()
    items = _set_up(frames.read(commands), answers, logs)
    while items is not None:
        try:
            command = frames.read(commands)
        except EOFError:
            break
        _run(command, items, answers, logs)
    os._exit(0)


def _set_up(command: Any, answers: BinaryIO, logs: "_Logs") -> Items | None:
    try:
        loader.provide_cog()
        predict, batch = loader.load(Path(command["folder"]), command["ref"])
        document = schema.document(predict)
        items = Items(predict, batch, document)
    except BaseException as error:
        if not isinstance(error, loader.BadModel):
            traceback.print_exc()
        text = f"{type(error).__name__}: {error}"[:2000]
        frames.write(answers, {"op": "setup_failed", "message": text, "logs": logs.taken()})
        return None
    ready = {"op": "ready", "schema": document, "can_batch": batch is not None}
    frames.write(answers, ready | {"logs": logs.taken()})
    return items


def _run(command: Any, items: Items, answers: BinaryIO, logs: "_Logs") -> None:
    rows = command["rows"]
    if command["stream"]:
        results = [items.one(rows[0], lambda part: _tell(answers, part))]
    else:
        results = items.many(rows)
    try:
        frames.write(answers, _columns(results, logs.taken()))
    except (TypeError, ValueError, RecursionError, OverflowError):
        sound = [_encodable(result) for result in results]
        frames.write(answers, _columns(sound, logs.taken()))


def _columns(results: list[Output | Failure], logs: str) -> dict[str, Any]:
    """The results by column: what is written and read a million times is short."""
    failures = [(at, *one) for at, one in enumerate(results) if one.__class__ is Failure]
    return {
        "op": "done",
        "outputs": [one[0] if one.__class__ is Output else None for one in results],
        "seconds": [one[1] if one.__class__ is Output else 0.0 for one in results],
        "files": [at for at, one in enumerate(results) if one.__class__ is Output and one[2]],
        "failures": failures,
        "logs": logs,
    }


def _encodable(result: Output | Failure) -> Output | Failure:
    """The result, or a failure in its place if JSON cannot carry it."""
    try:
        frames.encode(result)
    except (TypeError, ValueError, RecursionError, OverflowError):
        return failure(InvalidOutput("the output holds something that JSON cannot carry"))
    return result


def _tell(answers: BinaryIO, part: Any) -> None:
    frames.write(answers, {"op": "output", "value": part})


class _Logs:
    """All that this process and its children print, by file descriptor, bounded."""

    KEPT = 256 * 1024

    def __init__(self) -> None:
        read_end, write_end = os.pipe()
        for stream in (1, 2):
            os.dup2(write_end, stream)
        os.close(write_end)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        self._lock = threading.Lock()
        self._text = bytearray()
        threading.Thread(target=self._drain, args=(read_end,), daemon=True).start()

    def _drain(self, pipe: int) -> None:
        while chunk := os.read(pipe, 65_536):
            with self._lock:
                self._text += chunk
                del self._text[: -self.KEPT]

    def taken(self) -> str:
        """What was printed since the last call."""
        sys.stdout.flush()
        with self._lock:
            text, self._text = bytes(self._text), bytearray()
        return text.decode(errors="replace")
