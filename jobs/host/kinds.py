"""Python types as JSON Schema: what an input may be, and what an output may be."""

import collections.abc
import dataclasses
import inspect
import io
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from jobs.host.annotations import UNIONS, hints, optional
from jobs.host.badmodel import BadModel

SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ITERATORS = (collections.abc.Iterator, collections.abc.AsyncIterator)
_SUPPORTED = "str, int, float, bool, Path, Secret, list, dict, Any or a union of these"


def is_path(kind: Any) -> bool:
    """Whether a type is a file: by its place, or opened (cog's older way)."""
    return inspect.isclass(kind) and (issubclass(kind, PurePath) or _is_opened(kind))


def _is_opened(kind: Any) -> bool:
    return kind.__name__ == "File" and issubclass(kind, io.IOBase)


def from_place(kind: Any) -> Callable[[str], Any]:
    """What makes a model's argument, of a type that is a file, of the file's place on disk."""
    if _is_opened(kind):
        return lambda place: open(place, "rb")
    if kind.__name__ == "URLPath":  # cog's path that is not here yet; by now it is
        return sys.modules[kind.__module__].Path  # type: ignore[no-any-return]
    return kind  # type: ignore[no-any-return]


def is_secret(kind: Any) -> bool:
    """Whether a type is cog's text that is not shown."""
    return inspect.isclass(kind) and kind.__name__ == "Secret"


def titled(name: str) -> str:
    """A parameter's name as people read it."""
    return name.replace("_", " ").title()


def shape(kind: Any, place: str) -> dict[str, Any]:
    """A type as JSON Schema; raises BadModel for one that JSON cannot carry."""
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    origin = typing.get_origin(kind)
    if kind in (Any, dict) or origin is dict or typing.is_typeddict(kind):
        return {"type": "object"}
    if is_path(kind):
        return {"type": "string", "format": "uri"}
    if is_secret(kind):
        return {"type": "string", "format": "password", "writeOnly": True, "x-cog-secret": True}
    if kind is list:
        return {"type": "array", "items": {}}
    if origin is list:
        return {"type": "array", "items": _item(typing.get_args(kind)[0], place)}
    if origin in UNIONS:
        return {"anyOf": [_branch(part, place) for part in typing.get_args(kind)]}
    raise BadModel(f"{place} has a type that is not supported: {kind!r}; use {_SUPPORTED}")


def _item(kind: Any, place: str) -> dict[str, Any]:
    """Files are brought here for an input, or for each item of one, and no deeper."""
    if typing.get_origin(kind) is list and any(map(is_path, typing.get_args(kind))):
        raise BadModel(f"{place} is a list of lists of files; use one list of files")
    return shape(kind, place)


def _branch(kind: Any, place: str) -> dict[str, Any]:
    if kind is type(None):
        raise BadModel(f"{place} may have None inside a list or a union; leave None out")
    if is_path(kind) or any(map(is_path, typing.get_args(kind))):
        raise BadModel(f"{place} is a file or something else; make two inputs of it")
    return shape(kind, place)


def output_shape(kind: Any) -> dict[str, Any]:
    """The output's type as JSON Schema; raises BadModel for one that JSON cannot carry."""
    origin = typing.get_origin(kind)
    name = getattr(origin or kind, "__name__", "")
    if name in ("ConcatenateIterator", "AsyncConcatenateIterator"):
        facts = {"x-cog-array-type": "iterator", "x-cog-array-display": "concatenate"}
        return {"type": "array", "items": {"type": "string"}, **facts}
    if origin in _ITERATORS:
        items = _output(typing.get_args(kind)[0])
        return {"type": "array", "items": items, "x-cog-array-type": "iterator"}
    return _output(kind)


def _output(kind: Any) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if origin in UNIONS:
        raise BadModel(f"the output may be one of several types ({kind}); choose one, or Any")
    if origin is list:
        return {"type": "array", "items": _output(typing.get_args(kind)[0])}
    if origin is dict and typing.get_args(kind)[1] is not Any:
        return {"type": "object", "additionalProperties": _output(typing.get_args(kind)[1])}
    fields = dict(_fields(kind))
    if not fields:
        return shape(kind, "the output")
    properties = {name: made for name, (made, _) in fields.items()}
    required = [name for name, (_, needed) in fields.items() if needed]
    record: dict[str, Any] = {"type": "object", "properties": properties}
    return record | {"required": required} if required else record


def _fields(kind: Any) -> Iterator[tuple[str, tuple[dict[str, Any], bool]]]:
    """The fields of a record class: (name, (its schema, whether it is always there))."""
    if not _is_record(kind) and not typing.is_typeddict(kind):
        return
    known = {name: part for name, part in hints(kind).items() if not _is_inner(name, part)}
    always = set(kind.__required_keys__) if typing.is_typeddict(kind) else set(known)
    for name, part in known.items():
        only, nullable = optional(part)
        made = _output(only) | {"title": titled(name)}
        yield name, (made | {"nullable": True} if nullable else made, name in always)


def _is_record(kind: Any) -> bool:
    """A dataclass, as cog's BaseModel makes them, or a model of pydantic."""
    if not inspect.isclass(kind) or is_secret(kind):
        return False
    return dataclasses.is_dataclass(kind) or hasattr(kind, "model_fields")


def _is_inner(name: str, kind: Any) -> bool:
    """Whether an annotation of a class is not about its values."""
    return name.startswith("_") or typing.get_origin(kind) is typing.ClassVar
