"""Outputs that are JSON or XML with the usual inputs, and with others begin so and are not."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from safepush.fuzz.probe import Inputs

RULE = "fuzz-output-text"
#: longer ones are not looked into
MOST = 4 << 20
#: what no XML may hold however it is written; who is sent such a sign may give it back
_UNFIT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def read_xml(content: bytes) -> None:
    """Raises ExpatError where it is no XML; documents with definitions of their own are let be."""
    if len(content) <= MOST and b"<!DOCTYPE" not in content:
        expat.ParserCreate().Parse(_UNFIT.sub(b"?", content), True)


def _read_json(content: bytes) -> None:
    if len(content) <= MOST:
        json.loads(content)


#: a format by what texts in it begin with
_READ: Mapping[str, tuple[re.Pattern[str], Callable[[bytes], None]]] = {
    "JSON": (re.compile(r"""\s*(\{\s*["}]|\[\s*["{\[])"""), _read_json),
    "XML": (re.compile(r"\s*<(\?xml|svg)\b"), read_xml),
}


def of_usual(base: Inputs, output: Any) -> str | None:
    """The format of the output with the usual inputs, unless these have it themselves."""
    for name, (begins, _) in _READ.items():
        given = [one for one in base.values() if isinstance(one, str) and begins.match(one)]
        if isinstance(output, str) and begins.match(output) and not given:
            return name if _is(name, output) else None
    return None


def wrong(format: str | None, output: Any) -> Iterator[str]:
    """What is wrong where an output begins in that format and cannot be read."""
    begins = isinstance(output, str) and format is not None and _READ[format][0].match(output)
    if begins and format is not None and not _is(format, output):
        yield f"the output is {format} with the usual inputs, and here it cannot be read as such"


def _is(format: str, output: str) -> bool:
    try:
        _READ[format][1](output.encode("utf-8", "replace"))
    except (ValueError, expat.ExpatError, RecursionError):
        return False
    return True
