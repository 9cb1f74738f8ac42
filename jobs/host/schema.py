"""The OpenAPI document of a model, by the rules of Cog's own generator."""

import inspect
import typing
from collections.abc import Callable
from typing import Any

from jobs.host import cogpackage, kinds, openapi
from jobs.host.annotations import hints, optional
from jobs.host.badmodel import BadModel
from jobs.host.defaults import checked
from jobs.host.kinds import SCALARS, is_secret

FACTS = {
    "description": "description",
    "ge": "minimum",
    "le": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "regex": "pattern",
    "deprecated": "deprecated",
    "accept": "x-cog-accept",
}
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def document(predict: Callable[..., Any], name: str = "predict") -> dict[str, Any]:
    """The whole document; `name` is what errors call the function.

    Raises:
        BadModel: a parameter or the output has no type, or one that is not supported.
    """
    known = hints(predict)
    if known.get("return") in (None, type(None)):
        raise BadModel(f"{name}() has no return annotation; say what it gives")
    schemas: dict[str, Any] = {}
    schemas["Input"] = _input(predict, known, schemas, name)
    schemas["Output"] = {"title": "Output", **kinds.output_shape(known["return"])}
    streams = cogpackage.is_streaming(predict)
    if streams and "x-cog-array-type" not in schemas["Output"]:
        raise BadModel(f"{name}() is marked @streaming, so its output must be an iterator")
    return openapi.document(schemas, streams=streams)


def train_document(train: Callable[..., Any]) -> dict[str, Any]:
    """The same of a train(): as if it were a prediction, and by cog's names for trainings.

    Raises:
        BadModel: as above, or what it gives holds no weights.
    """
    made = document(train, "train")
    output = made["components"]["schemas"]["Output"]
    inner = output.get("properties", {}).get("weights", {})
    weights = inner if output.get("type") == "object" else output
    if weights.get("format") != "uri":
        raise BadModel("train() must give its weights: a Path, or an object with weights: Path")
    return openapi.with_trainings(made)


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


def _input(
    predict: Callable[..., Any], known: dict[str, Any], schemas: dict[str, Any], function: str
) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for order, (name, parameter) in enumerate(inspect.signature(predict).parameters.items()):
        if parameter.kind in _VARIADIC:
            raise BadModel(f"{function}() takes any number of {name}; give each input a name")
        if name not in known:
            raise BadModel(f"the parameter {name} of {function}() has no type annotation")
        properties[name], needed = _property(name, known[name], parameter.default, schemas)
        properties[name]["x-order"] = order
        if needed:
            required.append(name)
    record: dict[str, Any] = {"title": "Input", "type": "object", "properties": properties}
    return record | {"required": required} if required else record


def _property(
    name: str, kind: Any, default: Any, schemas: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    facts, value, has_default = facts_of(default)
    kind, nullable = optional(kind)
    # cog's own way to say that a secret may be left out
    nullable = nullable or (is_secret(kind) and has_default and value is None)
    choices = facts.get("choices")
    if choices is not None:
        made = _choice(name, kind, list(choices), schemas)
    else:
        made = _shape(name, kind, nullable)
    for fact, word in FACTS.items():
        if facts.get(fact) is not None:
            made[word] = facts[fact]
    if nullable:
        made["nullable"] = True
    if has_default and (value is not None or nullable):
        made["default"] = checked(name, value, made, choices)
    return made, not nullable and (not has_default or value is None)


def _shape(name: str, kind: Any, nullable: bool) -> dict[str, Any]:
    made = kinds.shape(kind, f"the input {name}") | {"title": kinds.titled(name)}
    if nullable and "anyOf" in made:
        made["anyOf"] = [branch | {"nullable": True} for branch in made["anyOf"]]
    return made


def _choice(name: str, kind: Any, choices: list[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A choice is a component of its own; of a list, each item is such a choice."""
    is_list = typing.get_origin(kind) is list
    kind = typing.get_args(kind)[0] if is_list else kind
    if not choices:
        raise BadModel(f"the input {name} has an empty list of choices, so nothing can be given")
    if kind not in SCALARS:
        raise BadModel(f"the input {name} has choices, so it must be text or a number")
    for choice in choices:
        if type(choice) is not kind and not (kind is float and type(choice) is int):
            raise BadModel(f"the input {name} is {kind.__name__}, but a choice is {choice!r}")
    facts = {"title": name, "description": "An enumeration.", "enum": choices}
    schemas[name] = facts | {"type": SCALARS[kind]}
    ref = {"allOf": [{"$ref": f"#/components/schemas/{name}"}]}
    return {"type": "array", "items": ref, "title": kinds.titled(name)} if is_list else ref
