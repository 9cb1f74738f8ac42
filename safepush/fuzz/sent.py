"""The files among the inputs that were sent."""

import json
from base64 import b64decode
from collections.abc import Mapping
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


#: whose bytes are no letters
SEEN_OR_HEARD = ("data:image/", "data:audio/", "data:video/")
#: longer files are no data that somebody reads
LONGEST = 1 << 20


def texts_of(inputs: Mapping[str, Any]) -> list[str]:
    """What stands in the text files among the inputs."""
    found = [
        file_of(value)
        for value in inputs.values()
        if isinstance(value, str) and not value.startswith(SEEN_OR_HEARD)
    ]
    return [
        one.content.decode(errors="replace")
        for one in found
        if one is not None and len(one.content) <= LONGEST
    ]


def given(inputs: Mapping[str, Any]) -> str:
    """All that was sent as one text: what a model is told it may say."""
    return json.dumps([dict(inputs), *texts_of(inputs)], ensure_ascii=False)
