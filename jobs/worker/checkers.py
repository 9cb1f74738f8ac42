"""Other processes that check rows: a large manifest takes its part of the time for each core.

`python -m jobs.worker.checkers` is one of them. It ends with whoever started it, and by itself once
nothing was asked of it for a while.
"""

import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import msgspec

from jobs.core import typed
from jobs.core.manifest import Each, Judged, Verdict, alone, judging

#: with more of them whoever reads, keeps and remembers the rows has no time for more
MOST = 3
#: so much of a manifest is checked before others are called for
ALONE_BYTES = 2**20
#: blocks that are held, one of which is waited for
HELD = 64
#: a block takes a thousandth of a second: who has not answered by then does not any more
ANSWER_S = 10.0
#: who has been asked for nothing for so long goes
IDLE_S = 60.0
_PIPE_BYTES = 2**20
_LENGTH_BYTES = 4
log = logging.getLogger(__name__)


class _Question(msgspec.Struct):
    """A block of rows, and what rows are judged by where that is other than before."""

    block: bytes
    schema: dict[str, Any] | None = None
    spellings: list[str] = []


@dataclass(eq=False)
class _Case:
    """A block, and the verdict on it once that is known."""

    block: bytes | None
    verdict: Verdict | None = None
    #: who was asked
    other: "_Other | None" = None


class Checkers:
    """At most so many others, which are started when there is work for them."""

    def __init__(self, most: int) -> None:
        self._free = [_Other() for _ in range(min(most, MOST))]
        self._lock = threading.Lock()

    def of(self, schema: Mapping[str, Any], spellings: Collection[str]) -> Each:
        """Who judges the blocks of a manifest of a version with this schema."""
        if not self._free:
            return alone
        rules = _Question(b"", dict(schema), sorted(spellings))

        def each(
            blocks: Iterator[bytes | None], judged: Judged
        ) -> Iterator[tuple[bytes | None, Verdict]]:
            with self._taken(rules) as others:
                yield from _shared(blocks, judged, others)

        return each

    def close(self) -> None:
        """End those that nobody has."""
        with self._lock:
            for other in self._free:
                other.end()

    @contextmanager
    def _taken(self, rules: _Question) -> Iterator[Callable[[], Sequence["_Other"]]]:
        """Gives those that are free by the time they are asked for."""
        taken: list[_Other] = []

        def others() -> Sequence[_Other]:
            with self._lock:
                found, self._free = self._free, []
            taken.extend(found)
            for one in found:
                one.begin(rules)
            return taken

        try:
            yield others
        finally:  # what they still judge is told before what they are asked next
            with self._lock:
                self._free += taken


def _shared(
    blocks: Iterator[bytes | None], judged: Judged, call: Callable[[], Sequence["_Other"]]
) -> Iterator[tuple[bytes | None, Verdict]]:
    """The blocks with their verdicts, in their order; whoever has time judges the next."""
    waiting: deque[_Case] = deque()
    others: Sequence[_Other] = ()
    fault: list[Exception] = []
    size_bytes = 0
    for block in _until(blocks, fault):
        size_bytes += len(block or b"")
        if not others and size_bytes >= ALONE_BYTES:
            others = call()
        waiting.append(_begun(block, judged, others))
        while waiting and (waiting[0].verdict is not None or len(waiting) > HELD):
            yield _settled(waiting.popleft(), judged)
    while waiting:
        yield _settled(waiting.popleft(), judged)
    if fault:
        raise fault[0]


def _until(blocks: Iterator[bytes | None], fault: list[Exception]) -> Iterator[bytes | None]:
    """The blocks; what ends them early is put into `fault`, to come behind those before it."""
    try:
        yield from blocks
    except Exception as error:
        fault.append(error)


def _begun(block: bytes | None, judged: Judged, others: Sequence["_Other"]) -> _Case:
    for one in others:
        one.hear()
    other = next((one for one in others if block and one.has_room(len(block))), None)
    if block is None or other is None:
        return _Case(block, judged(block))
    return other.asked(block)


def _settled(case: _Case, judged: Judged) -> tuple[bytes | None, Verdict]:
    while case.verdict is None and case.other is not None:
        case.other.hear(wait=True)
    ids, rows = case.verdict or judged(case.block)
    # rows that were plain already are not sent back
    return case.block, (ids, rows or case.block or b"")


class _Other:
    """A process that judges blocks, if it is there; one thread at a time has it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._room = 0
        self._open: deque[_Case] = deque()

    def begin(self, rules: _Question) -> None:
        """Have these rules from now on; it is started if it is not there, and ready a bit later."""
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._start()
        self._ask(rules, _Case(b""))

    def _start(self) -> None:
        self._is_ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jobs.worker.checkers"],
            bufsize=0,  # what is in a buffer here is not seen to have come
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        sizes = [_widened(pipe) for pipe in (self._process.stdin, self._process.stdout)]
        # so much fits into both pipes that neither side has to wait for the other to read
        self._room = min(sizes) // 2

    def has_room(self, size: int) -> bool:
        """Whether it is there by now, and a block of so many bytes need not wait long."""
        held = sum(len(case.block or b"") for case in self._open)
        return self._is_ready and self._process is not None and held + size <= self._room

    def asked(self, block: bytes) -> _Case:
        """A case that it has been asked to judge."""
        case = _Case(block, other=self)
        self._ask(_Question(block), case)
        return case

    def hear(self, *, wait: bool = False) -> None:
        """Take what it has answered by now; `wait`: at least one answer."""
        while self._process is not None and self._open:
            answers: Any = self._process.stdout
            came = _came(answers, ANSWER_S if wait else 0)
            if not came and not wait:
                return
            try:
                verdict = _VERDICT.decode(_received(answers)) if came else None
            except (OSError, EOFError, msgspec.MsgspecError):
                verdict = None
            if verdict is None:
                log.warning("a process that checked rows has gone; they are checked here")
                self.end()
                return
            self._is_ready, wait = True, False
            self._open.popleft().verdict = verdict

    def end(self) -> None:
        """End it, if it is there; what it was asked is for others to judge."""
        process, self._process = self._process, None
        while self._open:
            self._open.popleft().other = None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent when it went
                    pipe.close()  # type: ignore[union-attr]

    def _ask(self, question: _Question, case: _Case) -> None:
        self._open.append(case)
        try:
            _send(self._process and self._process.stdin, _ENCODE(question))
        except OSError:
            self.end()


def _widened(pipe: Any) -> int:
    """How much the pipe holds, after it was made to hold more where that can be."""
    try:
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    except (OSError, AttributeError):  # Linux only
        return 0


def _came(pipe: Any, wait_s: float) -> bool:
    """Whether there is something to read, or the other side has gone."""
    waiting = select.poll()  # a server with many connections has numbers too large for `select`
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(int(wait_s * 1000)))


def _send(pipe: Any, message: bytes) -> None:
    left = memoryview(len(message).to_bytes(_LENGTH_BYTES) + message)
    while left:
        left = left[pipe.write(left) :]


def _received(pipe: Any) -> bytes:
    """The next message; raises EOFError when the other side is gone."""
    return _exactly(pipe, int.from_bytes(_exactly(pipe, _LENGTH_BYTES)))


def _exactly(pipe: Any, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        some = pipe.read(size - len(found))
        if not some:
            raise EOFError
        found += some
    return bytes(found)


_ENCODE = msgspec.msgpack.Encoder().encode
_QUESTION = msgspec.msgpack.Decoder(_Question)
_VERDICT = msgspec.msgpack.Decoder(Verdict)


def main() -> None:
    """Judge what comes, until nobody is there who asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    answers, questions = os.fdopen(os.dup(1), "wb", 0), os.fdopen(os.dup(0), "rb", 0)
    os.dup2(2, 1)
    judged = judging(None, ())
    with suppress(EOFError, BrokenPipeError):
        while _came(questions, IDLE_S):
            asked = _QUESTION.decode(_received(questions))
            if asked.schema is not None:
                judged = judging(typed.judge(asked.schema), asked.spellings)
            ids, rows = judged(asked.block)
            _send(answers, _ENCODE((ids, b"" if rows is asked.block else rows)))


if __name__ == "__main__":
    main()
