"""The `judge` section: which model judges, how often it is asked, and what its silence means."""

from dataclasses import dataclass
from enum import StrEnum

from safepush.document import Place
from safepush.reader import Field, Reader

MODEL = "claude-sonnet-5-5"


class Absent(StrEnum):
    """What a judge that cannot be asked means for the promotion."""

    PAUSE = "pause"
    SKIP = "skip"


ABSENT = {one.value: one for one in Absent}


@dataclass(frozen=True, kw_only=True)
class Judge:
    """How a judge is asked.

    votes: times each question is put, an odd number. errors: requests that may fail in a whole run
    before it is not asked any more. timeout_s: of one request.
    """

    model: str = MODEL
    votes: int = 3
    errors: int = 5
    timeout_s: float = 60.0
    absent: Absent = Absent.PAUSE


def read_judge(reader: Reader, value: object, place: Place) -> Judge:
    """The section; problems go to the reader's document."""
    fields: dict[str, Field] = {
        "model": ("model", reader.text),
        "votes": ("votes", lambda value, place: reader.whole(value, place, 1, 15)),
        "errors": ("errors", lambda value, place: reader.whole(value, place, 0, 1000)),
        "timeout": ("timeout_s", reader.seconds),
        "absent": ("absent", lambda value, place: reader.word(value, place, ABSENT)),
    }
    values = reader.section(value, place, fields)
    if values.get("votes", 1) % 2 == 0:
        reader.wrong((*place, "votes"), "must be odd, or votes could be even")
    return Judge(**values)
