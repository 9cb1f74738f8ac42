"""Results as the worker is told them: a message, and the results by column below it."""

from collections.abc import Iterator, Sequence
from typing import Any

from jobs.host import frames
from jobs.host.items import failure
from jobs.host.results import Results
from jobs.host.values import InvalidOutput

#: one row's output as JSON; what is larger belongs in a file
MOST_BYTES = 64 * 2**20
#: JSON that is made at a time: nobody else has the interpreter meanwhile
PIECE_BYTES = 2**15
#: a piece has at most so many times the outputs of the one before it
GROWTH = 16
#: the seconds of so many microseconds, as text
_MILLISECOND = [b"%.6f" % (number / 1e6) for number in range(1000)]


def frame(results: Results, rows: tuple[int, int], *, more: bool) -> Sequence[bytes]:
    """The results in pieces, to be sent; an output that cannot be sent is a failure by then."""
    results.check()
    try:
        made = _encoded(results, rows, more=more)
        if sum(map(len, made)) <= MOST_BYTES:
            return made
    except (TypeError, ValueError, RecursionError, OverflowError):
        pass
    for at, output in enumerate(results.outputs):
        fault = _fault(output)
        if fault is not None:
            results.fail(at, failure(InvalidOutput(fault)))
    return _encoded(results, rows, more=more)


def _encoded(results: Results, rows: tuple[int, int], *, more: bool) -> Sequence[bytes]:
    message = results.message(rows, more=more)
    head = b"%b\n%b\n" % (frames.encode(message), _seconds(results.took_ns))
    return [head, *_lines(results.outputs)]


def _lines(outputs: Sequence[Any]) -> Iterator[bytes]:
    """A line of JSON for each, piece by piece."""
    at, few = 0, 1
    while at < len(outputs):
        piece = frames.encode_lines(outputs[at : at + few])
        yield piece
        at += few
        few = max(1, min(few * GROWTH, few * PIECE_BYTES // len(piece)))


def _seconds(took_ns: Sequence[int]) -> bytes:
    """As they will be written: nobody has to read a million numbers and write them again."""
    try:
        return b" ".join([_MILLISECOND[(took + 500) // 1000] for took in took_ns])
    except IndexError:
        return b" ".join([b"%.6f" % (took / 1e9) for took in took_ns])


def _fault(output: object) -> str | None:
    """Why an output cannot be sent, if it cannot."""
    try:
        size = len(frames.encode(output))
    except (TypeError, ValueError, RecursionError, OverflowError):
        return "the output holds half of a surrogate pair, not text"
    if size <= MOST_BYTES:
        return None
    return f"the output is {size >> 20} MB of JSON; give a Path to a file for so much"
