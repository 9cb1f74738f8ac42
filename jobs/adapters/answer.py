"""What a model host answers, as the child process writes it and as the rest of us reads it."""

from collections.abc import Callable
from typing import Any

import msgspec

from jobs.core.lot import Lot
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.ports import Aside


class Answer(msgspec.Struct):
    """What the child says about a lot, by column, or about one prediction."""

    op: str
    #: JSON text, of each a line below the message
    outputs: list[bytes] = []
    #: JSON text, all on one line above those
    seconds: list[bytes] = []
    busy_s: float = 0.0
    files: list[int] = []
    failures: list[tuple[int, str, str]] = []
    metrics: list[tuple[int, dict[str, Any]]] = []
    #: what each printed, where that is told apart
    logs: list[tuple[int, str]] = []
    more: bool = False
    pass_rows: int = 0
    found_rows: int = 0
    value: Any = None
    usage: dict[str, int] | None = None
    #: which prediction it is about, among those that run at once
    number: int = 0


_decode = msgspec.json.Decoder(Answer).decode


def read(frame: bytes) -> Answer:
    """The message, and the columns that stand below it; raises ValueError if it is none."""
    head, *columns = frame.split(b"\n")
    try:
        answer = _decode(head)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    if columns:
        answer.seconds, answer.outputs = columns[0].split(), columns[1:-1]
    if len(answer.outputs) != len(answer.seconds):
        raise ValueError("not as many outputs as times")
    return answer


def lot(answer: Answer, logs: str) -> Lot:
    """The results that it tells of."""
    metrics, notes = dict(answer.metrics), dict(answer.logs)
    failures = {
        at: Failed(code, message, notes.get(at, "") + logs, metrics.pop(at, None))
        for at, code, message in answer.failures
    }
    files = frozenset(answer.files)
    return Lot(answer.outputs, answer.seconds, logs, failures, files, metrics, notes)


def apart(answer: Answer, printed: str, usage: dict[str, Any] | None) -> list[Result]:
    """The results of several that were made each for itself.

    `printed`: what came past that, which nobody can tell apart.
    """
    logs, metrics = dict(answer.logs), dict(answer.metrics)
    failed = {at: (code, message) for at, code, message in answer.failures}
    results: list[Result] = []
    for at, (output, seconds) in enumerate(zip(answer.outputs, answer.seconds, strict=True)):
        said, noted = logs.get(at, "") + printed, metrics.get(at)
        if at in failed:
            results.append(Failed(*failed[at], said, noted))
        else:
            files = at in answer.files
            results.append(Succeeded(output, float(seconds), said, files, usage, noted))
    return results


def asked(aside: Aside) -> dict[str, Any]:
    """What the child has to know of it."""
    return {"context": dict(aside.context), "metrics": aside.on_metric is not None}


def teller(on_output: Callable[[Any], None], aside: Aside) -> Callable[[Answer], None]:
    """What hands on what is told of a prediction before its end."""

    def tell(answer: Answer) -> None:
        if answer.op == "output":
            on_output(answer.value)
        elif aside.on_metric is not None:
            aside.on_metric(*answer.value)

    return tell


def is_canceled(result: Result) -> bool:
    """Whether the model ended it when it was told to."""
    return isinstance(result, Failed) and result.code == "canceled"


def only(answer: Answer, logs: str) -> Result:
    """The result, where it is of one."""
    return next(iter(lot(answer, logs)))
