"""A YAML file as plain values that still know on which line each of them stands."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from safepush.errors import ConfigInvalid, Problem

Place = tuple[str | int, ...]
MAX_BYTES = 1 << 20
MAX_DEPTH = 32
#: no configuration has more, unless its aliases multiply them
MAX_VALUES = 200_000


@dataclass
class Document:
    """The values, the line of each place, and the problems met so far."""

    value: Any
    lines: dict[Place, int]
    problems: list[Problem] = field(default_factory=list)
    #: where files that it names are looked for
    folder: Path = field(default_factory=Path)
    #: how many there are, each alias written out
    values: int = 0

    def wrong(self, place: Place, message: str) -> None:
        """Note that what stands at `place` cannot be used."""
        self.problems.append(Problem(dotted(place), message, self.line(place)))

    def check_json(self, value: object, place: Place) -> None:
        """Note everything below `place` that JSON cannot carry, such as a date."""
        if isinstance(value, dict):
            for key, member in value.items():
                if not isinstance(key, str):
                    self.wrong((*place, str(key)), "this name is not text; put it in quotes")
                self.check_json(member, (*place, str(key)))
        elif isinstance(value, list):
            for number, member in enumerate(value):
                self.check_json(member, (*place, number))
        elif isinstance(value, float) and not math.isfinite(value):
            self.wrong(place, "JSON has no such number")
        elif not isinstance(value, str | int | float | bool | None):
            self.wrong(place, "YAML reads this as a date or bytes; put it in quotes")

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest one around it."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None


def read(path: Path) -> Document:
    """The document in the file at `path`.

    Raises:
        ConfigInvalid: there is no such file, or it is not YAML.
    """
    loader = yaml.SafeLoader(_text(path))
    try:
        node = loader.get_single_node()
        if node is None:
            raise _unreadable(path, "is empty; it needs at least `model: owner/name`")
        document = Document(None, {}, folder=path.parent)
        _mark(document, node, (), node.start_mark.line + 1)
        document.value = loader.construct_document(node)
        return document
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise _not_yaml(path, exc) from exc
    finally:
        loader.dispose()


def dotted(place: Place) -> str:
    """A place as people write it: `predict.test_cases[0].inputs`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def _mark(document: Document, node: yaml.Node, place: Place, line: int) -> None:
    if len(place) > MAX_DEPTH:
        raise ValueError("nested too deeply, or an alias that holds itself")
    document.values += 1
    if document.values > MAX_VALUES:
        raise ValueError(f"holds more than {MAX_VALUES:,} values, with each alias written out")
    document.lines[place] = line
    if isinstance(node, yaml.SequenceNode):
        for number, member in enumerate(node.value):
            _mark(document, member, (*place, number), member.start_mark.line + 1)
    elif isinstance(node, yaml.MappingNode):
        _mark_members(document, node, place)


def _mark_members(document: Document, node: yaml.MappingNode, place: Place) -> None:
    seen: set[str] = set()
    for key, member in node.value:
        name = str(key.value)
        _mark(document, member, (*place, name), key.start_mark.line + 1)
        if name in seen and key.tag != "tag:yaml.org,2002:merge":
            # YAML would silently keep the last one
            document.wrong((*place, name), "is given twice; keep one")
        seen.add(name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise _unreadable(path, "there is no such file; name one with --config") from exc
    except OSError as exc:
        raise _unreadable(path, f"cannot be read ({exc.strerror})") from exc
    if len(content) > MAX_BYTES:
        raise _unreadable(path, "is larger than 1 MB; is it a configuration file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _unreadable(path, "is not UTF-8") from exc


def _not_yaml(path: Path, exc: Exception) -> ConfigInvalid:
    mark = getattr(exc, "problem_mark", None)
    reason = getattr(exc, "problem", None) or str(exc) or "cannot be read"
    line = mark.line + 1 if mark else None
    return ConfigInvalid(str(path), [Problem("", f"is not YAML: {reason}", line)])


def _unreadable(path: Path, reason: str) -> ConfigInvalid:
    return ConfigInvalid(str(path), [Problem("", reason)])
