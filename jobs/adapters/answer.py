"""What a model host answers, as the child process writes it and as the rest of us reads it."""

from typing import Any

import msgspec

from jobs.core.lot import Lot
from jobs.core.prediction import Failed, Result


class Answer(msgspec.Struct):
    """What the child says about a lot, by column, or about one prediction."""

    op: str
    #: JSON text, of each a line below the message
    outputs: list[bytes] = []
    seconds: list[float] = []
    files: list[int] = []
    failures: list[tuple[int, str, str]] = []
    metrics: list[tuple[int, dict[str, Any]]] = []
    more: bool = False
    pass_rows: int = 0
    value: Any = None
    usage: dict[str, int] | None = None
    #: which prediction it is about, among those that run at once
    number: int = 0


_decode = msgspec.json.Decoder(Answer).decode


def read(frame: bytes) -> Answer:
    """The message, and the outputs that stand below it; raises ValueError if it is none."""
    head, *outputs = frame.split(b"\n")
    try:
        answer = _decode(head)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    answer.outputs = outputs[:-1]
    if len(answer.outputs) != len(answer.seconds):
        raise ValueError("not as many outputs as times")
    return answer


def lot(answer: Answer, logs: str) -> Lot:
    """The results that it tells of."""
    metrics = dict(answer.metrics)
    failures = {
        at: Failed(code, message, logs, metrics.pop(at, None))
        for at, code, message in answer.failures
    }
    return Lot(answer.outputs, answer.seconds, logs, failures, frozenset(answer.files), metrics)


def only(answer: Answer, logs: str) -> Result:
    """The result, where it is of one."""
    return next(iter(lot(answer, logs)))
