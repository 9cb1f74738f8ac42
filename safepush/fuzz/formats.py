"""Outputs that are in some format with the usual inputs, and with others begin so and are not."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from safepush.compare import File
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


def _read_rows(content: bytes) -> None:
    """Raises ValueError where the rows of a table are not all of the same length, of two cells."""
    try:
        # as csv does, and not at each sign that ends a line in Unicode
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = [row for row in csv.reader(lines, strict=True) if row]
    except (csv.Error, UnicodeDecodeError) as exc:
        raise ValueError from exc
    if len({len(row) for row in rows}) > 1 or (rows and len(rows[0]) < 2):
        raise ValueError


def _read_lines(content: bytes) -> None:
    for line in content.split(b"\n"):
        if line.strip():
            json.loads(line)


def _read_cues(content: bytes) -> None:
    """Raises ValueError where a subtitle has no time, no text, or ends before it begins."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n").strip()
    blocks = [one for one in re.split(r"\n{2,}", text) if one and not _HEAD.match(one)]
    for block in blocks:
        cue = _CUE.match(block)
        if cue is None or _moment(cue[1]) > _moment(cue[2]):
            raise ValueError


_HEAD = re.compile(r"(WEBVTT|NOTE|STYLE|REGION)\b")
_CUE = re.compile(r"(?:[^\n]*\n)?([\d:]+[,.]\d{3}) --> ([\d:]+[,.]\d{3})[^\n]*\n[^\n]+")


def _moment(text: str) -> list[float]:
    parts = [float(one.replace(",", ".")) for one in text.split(":")]
    return [0.0] * (3 - len(parts)) + parts


#: formats of text files, by their names: (what they are called, how they are read)
_FILES: Mapping[str, tuple[str, Callable[[bytes], None]]] = {
    "csv": ("a table (CSV)", _read_rows),
    "jsonl": ("JSON Lines", _read_lines),
    "ndjson": ("JSON Lines", _read_lines),
    "srt": ("subtitles (SRT)", _read_cues),
    "vtt": ("subtitles (WebVTT)", _read_cues),
}


def suffix_of(raw: Any) -> str:
    """What the name of an output file ends in."""
    name = raw.rpartition("/")[2] if isinstance(raw, str) else ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def of_file(raw: Any, output: Any) -> str | None:
    """The format of a text file, where it is one that can be read."""
    told = _FILES.get(suffix_of(raw)) if isinstance(output, File) else None
    return suffix_of(raw) if told is not None and _is_sound(told[1], output.content) else None


def wrong_file(format: str | None, raw: Any, output: Any, inputs: Inputs) -> Iterator[str]:
    """What is wrong where a file is of a format with the usual inputs, and here cannot be read."""
    if format is None or not isinstance(output, File) or suffix_of(raw) != format:
        return
    name, read = _FILES[format]
    # who is sent a table with ragged rows may give it back
    given = any(isinstance(one, str) and one.startswith(_TABLES) for one in inputs.values())
    if not given and not _is_sound(read, output.content):
        yield f"the output file (.{format}) is {name} with the usual inputs, and here it is none"


_TABLES = ("data:text/", "data:application/json")


def _is_sound(read: Callable[[bytes], None], content: bytes) -> bool:
    if len(content) > MOST:
        return True
    try:
        read(content)
    except (ValueError, RecursionError):
        return False
    return True


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
