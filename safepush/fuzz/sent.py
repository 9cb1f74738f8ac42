"""The files among the inputs that were sent."""

from base64 import b64decode
from typing import Any

from safepush.compare import File
from safepush.fuzz.probe import Inputs


def file_of(value: Any) -> File | None:
    """A file that was sent as an address that holds it."""
    if not isinstance(value, str) or not value.startswith("data:"):
        return None
    head, _, body = value.partition(",")
    try:
        return File(b64decode(body)) if head.endswith(";base64") else None
    except ValueError:
        return None


def sent_files(inputs: Inputs) -> dict[str, File]:
    """The files among the inputs, one for each input that is one."""
    found = {name: file_of(value) for name, value in inputs.items()}
    return {name: one for name, one in found.items() if one is not None}
