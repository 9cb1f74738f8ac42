"""Turns a version's OpenAPI input schema into one fast function that judges an input."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jobs.core.errors import BadRequest
from jobs.core.uri import is_own, uri_fault

INT_MIN, INT_MAX = -(2**63), 2**64 - 1  # what fits the pipe to the model
#: the longest custom_id, in characters
MAX_ID = 512


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one input; `message` completes the sentence "FIELD ..."."""

    field: str
    code: str
    message: str


Faults = Sequence[Fault]
Check = Callable[[Any], Faults]
Components = Mapping[str, Any]
Unknown = Literal["refuse", "ignore"]
_FINE: Faults = ()


def compile(
    document: Mapping[str, Any],
    *,
    unknown: Unknown = "refuse",
    allow_http: bool = False,
    origin: str = "",
) -> Check:
    """A function from an input to its faults.

    Args:
        document: the OpenAPI document; its component `Input` is what counts.
        unknown: what to do about inputs that the schema does not name.
        allow_http: whether a file input may be a plain http:// address.
        origin: this server's own, under which uploads may be named by their address too.

    Raises:
        BadRequest: the document has no such component, or it cannot be used.
    """
    components, schema = _input_of(document)
    builder = _Builder(components, allow_http, origin)
    return builder.record(schema, closed=unknown == "refuse")


def input_record(document: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], frozenset[str]]:
    """(each input's schema with its references put in place, the names that are required).

    Raises:
        BadRequest: as `compile` does.
    """
    components, schema = _input_of(document)
    flat = _Builder(components, allow_http=False).flat
    properties = {name: flat(shape) for name, shape in schema.get("properties", {}).items()}
    return properties, frozenset(schema.get("required", ()))


def _input_of(document: Mapping[str, Any]) -> tuple[Components, Mapping[str, Any]]:
    components = document.get("components", {}).get("schemas", {})
    schema = components.get("Input")
    if not isinstance(schema, Mapping):
        raise BadRequest("the model's schema has no component Input", field="components.schemas")
    return components, schema


class _Builder:
    """Makes the functions; everything that can be decided once is decided here."""

    def __init__(self, components: Components, allow_http: bool, origin: str = "") -> None:
        self.components = components
        self.allow_http = allow_http
        self.origin = origin

    def build(self, schema: Mapping[str, Any]) -> Check:
        schema = self.flat(schema)
        check = self.bare(schema)
        if "enum" in schema:
            check = _enum(schema["enum"])
        return _nullable(check) if schema.get("nullable") else check

    def flat(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The schema with `$ref` and `allOf` put in place."""
        merged: dict[str, Any] = {}
        if "$ref" in schema:
            merged.update(self.flat(self.component(str(schema["$ref"]))))
        for part in schema.get("allOf", ()):
            merged.update(self.flat(part))
        merged.update({k: v for k, v in schema.items() if k not in ("$ref", "allOf")})
        return merged

    def component(self, ref: str) -> Mapping[str, Any]:
        found = self.components.get(ref.rpartition("/")[2])
        if not isinstance(found, Mapping):
            raise BadRequest(f"the model's schema refers to {ref!r}, which it does not define")
        return found

    def bare(self, schema: Mapping[str, Any]) -> Check:
        if "anyOf" in schema:
            return _any_of([self.build(part) for part in schema["anyOf"]])
        make = self.makers().get(schema.get("type"))
        return _anything if make is None else make(schema)

    def makers(self) -> dict[Any, Callable[[Mapping[str, Any]], Check]]:
        return {
            "string": self.text,
            "integer": _integer,
            "number": _number,
            "boolean": lambda _: _boolean,
            "array": lambda schema: _array(schema, self.build(schema.get("items", {}))),
            "object": lambda schema: self.record(schema, closed=False),
        }

    def text(self, schema: Mapping[str, Any]) -> Check:
        if schema.get("format") == "uri":
            return _uri(self.allow_http, self.origin)
        return _string(schema)

    def record(self, schema: Mapping[str, Any], *, closed: bool) -> Check:
        """An object; a closed one takes no names but its own."""
        checks = {name: self.build(part) for name, part in schema.get("properties", {}).items()}
        extra = schema.get("additionalProperties", not closed)
        other = self.build(extra) if isinstance(extra, Mapping) else None
        refuse = closed or extra is False
        return _record(checks, frozenset(schema.get("required", ())), other, refuse)


def _record(
    checks: dict[str, Check], required: frozenset[str], other: Check | None, refuse: bool
) -> Check:
    known = ", ".join(sorted(checks)) or "none"
    find = checks.get

    def check(value: Any) -> Faults:
        if value.__class__ is not dict:
            return _wrong_type("an object", value)
        faults: list[Fault] = []
        for name, item in value.items():
            judge = find(name, other)
            if judge is not None:
                found = judge(item)
                if found:
                    faults += [_inside(name, fault) for fault in found]
            elif refuse:
                message = f"is not known; the names here are: {known}"
                faults.append(Fault(short_name(name), "unknown_field", message))
        if not required <= value.keys():
            missing = sorted(required - value.keys())
            faults += [Fault(name, "missing_field", "is required") for name in missing]
        return faults

    return check


def _inside(name: str, fault: Fault) -> Fault:
    name = short_name(name)
    if not fault.field:
        return replace(fault, field=name)
    joint = "" if fault.field.startswith("[") else "."
    return replace(fault, field=f"{name}{joint}{fault.field}")


def short_name(name: str) -> str:
    """A name from outside, made fit for a message."""
    return (name if len(name) <= 64 else name[:61] + "...").encode("unicode_escape").decode()


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object", list: "an array", str: "a string", bool: "a boolean",
        int: "an integer", float: "a number with a fraction", type(None): "null",
    }  # fmt: skip
    return names.get(type(value), "something else")


def _wrong_type(expected: str, value: Any) -> Faults:
    return (Fault("", "wrong_type", f"must be {expected}, not {kind_of(value)}"),)


def _anything(value: Any) -> Faults:
    return _FINE


def _nullable(check: Check) -> Check:
    return lambda value: _FINE if value is None else check(value)


def _boolean(value: Any) -> Faults:
    return _FINE if value.__class__ is bool else _wrong_type("true or false", value)


def _string(schema: Mapping[str, Any]) -> Check:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    matches = _pattern(schema["pattern"]) if "pattern" in schema else None
    if not low and high is None and matches is None:
        return _any_string

    def check(value: Any) -> Faults:
        if value.__class__ is not str:
            return _wrong_type("a string", value)
        if len(value) < low:
            return (Fault("", "too_short", f"must have at least {low} characters"),)
        if high is not None and len(value) > high:
            return (Fault("", "too_long", f"must have at most {high} characters"),)
        if matches is not None and matches(value) is None:
            message = f"must match the pattern {schema['pattern']}"
            return (Fault("", "pattern_mismatch", message),)
        return _FINE

    return check


def _any_string(value: Any) -> Faults:
    return _FINE if value.__class__ is str else _wrong_type("a string", value)


def _pattern(pattern: str) -> Callable[[str], Any]:
    try:
        return re.compile(pattern).search
    except re.error as error:
        raise BadRequest(f"the model's schema has a broken pattern: {error}") from None


def _integer(schema: Mapping[str, Any]) -> Check:
    low, high = schema.get("minimum", INT_MIN), schema.get("maximum", INT_MAX)

    def check(value: Any) -> Faults:
        if value.__class__ is not int:
            return _wrong_type("an integer", value)
        return _FINE if low <= value <= high else _out_of_bounds(value, low, high)

    return check


def _number(schema: Mapping[str, Any]) -> Check:
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))

    def check(value: Any) -> Faults:
        if value.__class__ is not float and value.__class__ is not int:
            return _wrong_type("a number", value)
        return _FINE if low <= value <= high else _out_of_bounds(value, low, high)

    return check


def _out_of_bounds(value: float, low: float, high: float) -> Faults:
    if value < low:
        return (Fault("", "too_small", f"must be at least {low}"),)
    return (Fault("", "too_large", f"must be at most {high}"),)


def _enum(choices: Sequence[Any]) -> Check:
    # The class is part of the key: True == 1 and 1 == 1.0 in Python, but not in JSON's eyes.
    allowed = frozenset((choice.__class__, choice) for choice in choices)
    names = ", ".join(map(repr, choices))

    def check(value: Any) -> Faults:
        if value.__class__ not in (dict, list) and (value.__class__, value) in allowed:
            return _FINE
        return (Fault("", "not_a_choice", f"must be one of: {names}"),)

    return check


def _array(schema: Mapping[str, Any], item: Check) -> Check:
    low, high = schema.get("minItems", 0), schema.get("maxItems")

    def check(value: Any) -> Faults:
        if value.__class__ is not list:
            return _wrong_type("an array", value)
        if len(value) < low:
            return (Fault("", "too_short", f"must have at least {low} items"),)
        if high is not None and len(value) > high:
            return (Fault("", "too_long", f"must have at most {high} items"),)
        return [
            _inside(f"[{index}]", fault)
            for index, one in enumerate(value)
            for fault in item(one)
        ]  # fmt: skip

    return check


def _any_of(branches: Sequence[Check]) -> Check:
    def check(value: Any) -> Faults:
        found = [branch(value) for branch in branches]
        if not all(found):
            return _FINE
        wanted = "; or ".join(dict.fromkeys(faults[0].message for faults in found))
        return (Fault("", "no_match", wanted),)

    return check


def _uri(allow_http: bool, origin: str) -> Check:
    def check(value: Any) -> Faults:
        if value.__class__ is not str:
            return _wrong_type("a string", value)
        fine = is_own(value, origin)
        reason = None if fine else uri_fault(value, allow_http=allow_http)
        return _FINE if reason is None else (Fault("", "invalid_uri", reason),)

    return check
