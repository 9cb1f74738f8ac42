"""The `replicate` section: how a Replicate-compatible server is pushed to, and who serves files."""

from dataclasses import dataclass
from typing import Any

from safepush.document import Place
from safepush.reader import Field, Reader


@dataclass(frozen=True, kw_only=True)
class Replicate:
    """Such a server takes versions from a command that builds and pushes an image.

    push: its words; `REGISTRY/OWNER/NAME` and the flags that cog-safe-push gives come after them.
    files: hosts whose https addresses are output files, with all hosts below them.
    """

    push: tuple[str, ...] = ("cog", "push")
    registry: str = "r8.im"
    files: tuple[str, ...] = ("replicate.delivery",)


def read_replicate(reader: Reader, value: Any, place: Place) -> Replicate:
    """The section; problems go to the reader's document."""
    fields: dict[str, Field] = {
        "push": ("push", reader.texts),
        "registry": ("registry", reader.text),
        "files": ("files", reader.texts),
    }
    return Replicate(**reader.section(value, place, fields))
