"""Outputs that are in some format with the usual inputs, and with others begin so and are not."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

import yaml

from safepush.compare import File
from safepush.fuzz.probe import Inputs

RULE = "fuzz-output-text"
#: longer ones are not looked into
MOST = 4 << 20
#: and this one is slow to read
MOST_YAML = 1 << 16
#: what no XML may hold however it is written; who is sent such a sign may give it back
_UNFIT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def read_xml(content: bytes) -> None:
    """Raises ExpatError where it is no XML; documents with definitions of their own are let be."""
    if len(content) <= MOST and b"<!DOCTYPE" not in content:
        expat.ParserCreate().Parse(_UNFIT.sub(b"?", content), True)


def _read_json(content: bytes) -> None:
    if len(content) <= MOST:
        json.loads(content)


def _read_rows(content: bytes, sign: str = ",") -> list[list[str]]:
    """Raises ValueError where the rows of a table are not all of the same length."""
    try:
        # as csv does, and not at each sign that ends a line in Unicode
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = [row for row in csv.reader(lines, delimiter=sign, strict=True) if row]
    except (csv.Error, UnicodeDecodeError) as exc:
        raise ValueError from exc
    if len({len(row) for row in rows}) > 1:
        raise ValueError
    return rows


def _read_table(content: bytes) -> None:
    """Raises ValueError where it is no table of two cells at least."""
    rows = _read_rows(content)
    if rows and len(rows[0]) < 2:
        raise ValueError


def _read_piped(content: bytes) -> None:
    """Raises ValueError where the lines of a Markdown table have not as many cells each."""
    lines = content.decode().strip().split("\n")
    counts = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    if len(lines) < 2 or len(counts) > 1:
        raise ValueError


def _read_quotes(content: bytes) -> None:
    """Raises ValueError where a text in quotes has no end."""
    if content.count(b"'") % 2:
        raise ValueError


def _read_yaml(content: bytes) -> None:
    try:
        if len(content) <= MOST_YAML:
            yaml.safe_load(content)
    except yaml.YAMLError as exc:
        raise ValueError from exc


def _read_toml(content: bytes) -> None:
    tomllib.loads(content.decode())


def _read_lines(content: bytes) -> None:
    for line in content.split(b"\n"):
        if line.strip():
            json.loads(line)


def _read_cues(content: bytes) -> None:
    """Raises ValueError where a subtitle has no time, no text, or is not in the order of time."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n").strip()
    blocks = [one for one in re.split(r"\n{2,}", text) if one and not _HEAD.match(one)]
    before: list[float] = []
    for block in blocks:
        cue = _CUE.match(block)
        if cue is None or _moment(cue[1]) > _moment(cue[2]) or _moment(cue[1]) < before:
            raise ValueError
        before = _moment(cue[1])


_HEAD = re.compile(r"(WEBVTT|NOTE|STYLE|REGION)\b")
_CUE = re.compile(r"(?:[^\n]*\n)?([\d:]+[,.]\d{3}) --> ([\d:]+[,.]\d{3})[^\n]*\n[^\n]+")


def _moment(text: str) -> list[float]:
    parts = [float(one.replace(",", ".")) for one in text.split(":")]
    return [0.0] * (3 - len(parts)) + parts


#: a format by what texts in it begin with
_READ: Mapping[str, tuple[re.Pattern[str], Callable[[bytes], None]]] = {
    "JSON": (re.compile(r"""\s*(\{\s*["}]|\[\s*["{\[])"""), _read_json),
    "XML": (re.compile(r"\s*<(\?xml|svg)\b"), read_xml),
    "subtitles (SRT)": (re.compile(r"\s*1\r?\n[\d:]+,\d{3} -->"), _read_cues),
    "subtitles (WebVTT)": (re.compile(r"WEBVTT\b"), _read_cues),
    "a table (Markdown)": (re.compile(r"\s*\|"), _read_piped),
    "SQL": (re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE)\b"), _read_quotes),
    "a table (CSV)": (re.compile(r"[^\n{\[<|]+,[^\n]*\n"), _read_table),
}
#: what is a format only by chance, unless the model's code speaks of it
_SAID = {"a table (CSV)": re.compile(r"\bcsv\b|([\"']),\1\.join", re.IGNORECASE)}
#: formats by the words that inputs have for them
_NAMED: Mapping[str, Callable[[bytes], object]] = {
    "JSON": _read_json,
    "JSONL": _read_lines,
    "XML": read_xml,
    "CSV": _read_rows,
    "TSV": lambda content: _read_rows(content, "\t"),
    "SRT": _read_cues,
    "WebVTT": _read_cues,
    "YAML": _read_yaml,
    "TOML": _read_toml,
}


def is_in(format: str, text: str) -> bool:
    """Whether a text is in a format."""
    return _can(_NAMED[format], text)


#: formats of text files, by their names: (what they are called, how they are read)
_FILES: Mapping[str, tuple[str, Callable[[bytes], None]]] = {
    "csv": ("a table (CSV)", _read_table),
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


def of_usual(base: Inputs, output: Any, source: str = "") -> str | None:
    """The format of the output with the usual inputs, unless these have it themselves."""
    for name, (begins, read) in _READ.items():
        given = [one for one in base.values() if isinstance(one, str) and begins.match(one)]
        said = name not in _SAID or _SAID[name].search(source)
        if isinstance(output, str) and begins.match(output) and said and not given:
            return name if _can(read, output) else None
    return None


def wrong(format: str | None, output: Any) -> Iterator[str]:
    """What is wrong where an output begins in that format and cannot be read."""
    begins = isinstance(output, str) and format is not None and _READ[format][0].match(output)
    if begins and format is not None and not _can(_READ[format][1], output):
        yield f"the output is {format} with the usual inputs, and here it cannot be read as such"


def _can(read: Callable[[bytes], object], output: str) -> bool:
    try:
        read(output.encode("utf-8", "replace"))
    except (ValueError, expat.ExpatError, RecursionError):
        return False
    return True
