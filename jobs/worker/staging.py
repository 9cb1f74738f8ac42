"""Files on their way: the files that a row names are brought here, those it gives are stored."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jobs.core.errors import FetchFailed
from jobs.core.prediction import Succeeded

#: brings one address into a file: (uri, folder) -> the file
Fetch = Callable[[str, Path], Path]
#: a file's name becomes part of a key and of an address; its end is what says its type
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
MOST_NAME = 100


def uri_fields(schema: dict[str, Any]) -> tuple[str, ...]:
    """The inputs that are files, or lists of files."""
    properties = schema["components"]["schemas"]["Input"].get("properties", {})
    return tuple(
        name
        for name, shape in properties.items()
        if "uri" in (shape.get("format"), shape.get("items", {}).get("format"))
    )


def uris(given: dict[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    """What a row names in its file inputs."""
    for name in fields:
        value = given.get(name)
        yield from (value,) if isinstance(value, str) else value or ()


def bring(
    given: dict[str, Any], fields: tuple[str, ...], fetch: Fetch, folder: Path
) -> dict[str, Any]:
    """The row with local paths where it named files.

    Raises:
        FetchFailed: one of them cannot be had; the message names the field.
    """
    staged = dict(given)
    for name in fields:
        value = given.get(name)
        try:
            if isinstance(value, str):
                staged[name] = str(fetch(value, folder / name))
            elif isinstance(value, list):
                places = (folder / f"{name}.{number}" for number in range(len(value)))
                staged[name] = [
                    str(fetch(uri, place)) for uri, place in zip(value, places, strict=True)
                ]
        except FetchFailed as error:
            raise FetchFailed(f"input.{name}: {error}") from error
    return staged


def placed(
    result: Succeeded, key: Callable[[str], str], url: Callable[[str], str]
) -> tuple[Succeeded, dict[str, Path]]:
    """The result with an address where the model gave a file, and those files by their keys.

    `key` and `url` turn a file's name, unique within the output, into where it goes and how it
    is asked for.
    """
    taken: set[str] = set()
    files: dict[str, Path] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            path = value.get("__path__")
            if path is None:
                return {name: walk(item) for name, item in value.items()}
            file = Path(path)
            name = _unique(UNSAFE.sub("_", file.name)[-MOST_NAME:], taken)
            files[key(name)] = file
            return url(name)
        return [walk(item) for item in value] if isinstance(value, list) else value

    output = json.dumps(walk(json.loads(bytes(result.output))), ensure_ascii=False).encode()
    return result._replace(output=output, files=False), files


def has_files(output: Any) -> bool:
    """Whether a file is anywhere in an output."""
    if isinstance(output, dict):
        return "__path__" in output or any(has_files(item) for item in output.values())
    return isinstance(output, list) and any(has_files(item) for item in output)


def _unique(name: str, taken: set[str]) -> str:
    numbered = (f"{number}-{name}" for number in itertools.count(1))
    free = next(one for one in itertools.chain([name], numbered) if one not in taken)
    taken.add(free)
    return free
