"""The OpenAPI document of a model, by the rules of Cog's own generator."""

import collections.abc
import inspect
import types
import typing
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from jobs.host.loader import BadModel, hints

SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}
FACTS = {
    "description": "description",
    "ge": "minimum",
    "le": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "regex": "pattern",
    "deprecated": "deprecated",
}


def is_path(kind: Any) -> bool:
    """Whether a type is a file."""
    return inspect.isclass(kind) and issubclass(kind, PurePath)


def optional(kind: Any) -> tuple[Any, bool]:
    """(the type without None, whether None was in it)."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind, False
    rest = [part for part in typing.get_args(kind) if part is not type(None)]
    nullable = len(rest) < len(typing.get_args(kind))
    return (rest[0] if len(rest) == 1 else typing.Union[tuple(rest)]), nullable  # noqa: UP007


def shape(kind: Any, place: str) -> dict[str, Any]:
    """A type as JSON Schema; raises BadModel for one that JSON cannot carry."""
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    if kind is Any or kind is dict or typing.get_origin(kind) is dict:
        return {"type": "object"}
    if is_path(kind):
        return {"type": "string", "format": "uri"}
    if inspect.isclass(kind) and kind.__name__ == "Secret":
        return {"type": "string", "format": "password", "writeOnly": True, "x-cog-secret": True}
    if kind is list:
        return {"type": "array", "items": {}}
    if typing.get_origin(kind) is list:
        return {"type": "array", "items": shape(typing.get_args(kind)[0], place)}
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return {"anyOf": [shape(part, place) for part in typing.get_args(kind)]}
    raise BadModel(f"{place} has a type that is not supported: {kind!r}")


def output_shape(kind: Any) -> dict[str, Any]:
    """The output's type as JSON Schema."""
    origin = typing.get_origin(kind)
    name = getattr(origin, "__name__", "")
    if name in ("ConcatenateIterator", "AsyncConcatenateIterator"):
        facts = {"x-cog-array-type": "iterator", "x-cog-array-display": "concatenate"}
        return {"type": "array", "items": {"type": "string"}, **facts}
    if origin in (collections.abc.Iterator, collections.abc.AsyncIterator):
        items = shape(typing.get_args(kind)[0], "the output")
        return {"type": "array", "items": items, "x-cog-array-type": "iterator"}
    if inspect.isclass(kind) and getattr(kind, "__dataclass_fields__", None):
        fields = hints(kind)
        properties = {
            name: {**shape(part, "the output"), "title": titled(name)}
            for name, part in fields.items()
        }
        return {"type": "object", "properties": properties, "required": list(fields)}
    return shape(kind, "the output")


def titled(name: str) -> str:
    """A parameter's name as people read it."""
    return name.replace("_", " ").title()


def document(predict: Callable[..., Any]) -> dict[str, Any]:
    """The whole document.

    Raises:
        BadModel: a parameter or the output has no type, or one that is not supported.
    """
    known = hints(predict)
    if known.get("return") in (None, type(None)):
        raise BadModel("predict() has no return annotation; say what it gives")
    schemas: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for order, (name, parameter) in enumerate(inspect.signature(predict).parameters.items()):
        if name not in known:
            raise BadModel(f"the parameter {name} of predict() has no type annotation")
        properties[name], needed = _property(name, known[name], parameter.default, schemas)
        properties[name]["x-order"] = order
        if needed:
            required.append(name)
    record: dict[str, Any] = {"title": "Input", "type": "object", "properties": properties}
    if required:
        record["required"] = required
    schemas["Input"] = record
    schemas["Output"] = {"title": "Output", **output_shape(known["return"])}
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {"/predictions": {"post": {"summary": "Predict"}}},
        "components": {"schemas": schemas},
    }


def facts_of(default: Any) -> tuple[dict[str, Any], Any, bool]:
    """(facts, default, whether there is a default) of a parameter's default value."""
    if default is inspect.Parameter.empty:
        return {}, None, False
    if type(default).__name__ != "FieldInfo":
        return {}, default, True
    facts = vars(default)
    value = facts.get("default", ...)
    missing = value is ... or type(value) is object or type(value).__name__ == "_MISSING_TYPE"
    return facts, None if missing else value, not missing


def _property(
    name: str, kind: Any, default: Any, schemas: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    facts, value, has_default = facts_of(default)
    kind, nullable = optional(kind)
    made: dict[str, Any] = {}
    if facts.get("choices"):
        enum = {"title": name, "description": "An enumeration.", "enum": list(facts["choices"])}
        schemas[name] = enum | {"type": SCALARS.get(kind, "string")}
        made["allOf"] = [{"$ref": f"#/components/schemas/{name}"}]
    else:
        made |= shape(kind, f"the input {name}") | {"title": titled(name)}
    for fact, word in FACTS.items():
        if facts.get(fact) is not None:
            made[word] = facts[fact]
    if nullable:
        made["nullable"] = True
    if has_default and (value is not None or nullable):
        made["default"] = value
    return made, not nullable and (not has_default or value is None)
