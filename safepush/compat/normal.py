"""A JSON Schema, as OpenAPI 3.0 and 3.1 write them, in normal form."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from safepush.compat import meet, scalars
from safepush.compat.shapes import (
    ANY,
    NEVER,
    NO_DEFAULT,
    Branch,
    Choices,
    Facts,
    Lists,
    Member,
    Objects,
    Opaque,
    Shape,
)
from safepush.compat.words import Place, Schema, check_value, flag, size, target, words, written
from safepush.errors import SchemaInvalid

MAX_DEPTH = 48
MAX_SHAPES = 20_000
#: assertions that are compared as they are written, since we do not look into them
NOT_READ = (
    *("not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"),
    *("patternProperties", "propertyNames", "minProperties", "maxProperties", "contains"),
    *("minContains", "maxContains", "prefixItems", "additionalItems", "unevaluatedItems"),
    *("unevaluatedProperties", "$dynamicRef", "$recursiveRef"),
)
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_OWN = (
    *("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "items", "minItems", "maxItems", "uniqueItems"),
    *("properties", "required", "additionalProperties"),
)


class Normalizer:
    """Makes the normal form of the schemas in one document; `$ref` leads into that document."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        self._made = 0
        self._targets: dict[str, Shape] = {}
        self._open: list[str] = []
        self._depth = 0

    def shape(self, schema: Any, place: Place) -> Shape:
        """The normal form of the schema at `place`.

        Raises:
            SchemaInvalid: it is no schema, is without end, or makes more than we compare.
        """
        if isinstance(schema, bool):
            return ANY if schema else NEVER
        if not isinstance(schema, Mapping):
            raise SchemaInvalid(place, "is no schema; a schema is an object, true or false")
        if self._depth >= MAX_DEPTH:
            raise SchemaInvalid(place, f"is nested more than {MAX_DEPTH} deep")
        self._depth += 1
        try:
            return self._made_of(schema, place)
        finally:
            self._depth -= 1

    def _made_of(self, schema: Schema, place: Place) -> Shape:
        self._count()
        made = reduce(self._meet, self._parts(schema, place), ANY)
        made = _veiled(
            made,
            [f"{word} {self._written(schema[word], place)}" for word in NOT_READ if word in schema],
        )
        if flag(schema, "nullable", place):
            made = _nullable(made)
        return replace(made, facts=_facts(schema, made.facts, place)) if schema else made

    def _parts(self, schema: Schema, place: Place) -> Iterator[Shape]:
        """What all must hold."""
        if any(word in schema for word in _OWN):
            yield Shape(tuple(self._own(schema, place)))
        if "enum" in schema or "const" in schema:
            yield _chosen(schema, place)
        if "$ref" in schema:
            yield self._target(schema["$ref"], (*place, "$ref"))
        yield from self._each(schema, "allOf", place)
        if "anyOf" in schema:
            yield _union(list(self._each(schema, "anyOf", place)))
        if "oneOf" in schema:
            yield self._one(schema, place)

    def _each(self, schema: Schema, word: str, place: Place) -> Iterator[Shape]:
        for number, part in enumerate(words(schema, word, place)):
            yield self.shape(part, (*place, word, str(number)))

    def _one(self, schema: Schema, place: Place) -> Shape:
        """Where variants overlap, a value in both is in neither; that we do not look into."""
        parts = list(self._each(schema, "oneOf", place))
        pairs = ((a, b) for n, a in enumerate(parts) for b in parts[:n])
        overlap = any(self._meet(a, b).branches for a, b in pairs)
        opaque = [f"oneOf {self._written(schema['oneOf'], place)}"] if overlap else []
        return _veiled(_union(parts), opaque)

    def _meet(self, a: Shape, b: Shape) -> Shape:
        return meet.meet(a, b, self._count)

    def _count(self) -> None:
        self._made += 1
        if self._made > MAX_SHAPES:
            raise SchemaInvalid((), f"makes more than {MAX_SHAPES} schemas; that is not compared")

    def _written(self, value: Any, place: Place) -> str:
        return written(self._document, value, place)

    def _target(self, ref: Any, place: Place) -> Shape:
        if ref in self._open:
            circle = " -> ".join([*self._open[self._open.index(ref) :], ref])
            raise SchemaInvalid(place, f"leads back to itself ({circle}); that is not compared")
        schema = target(self._document, ref, place)
        if ref not in self._targets:
            self._open.append(ref)
            self._targets[ref] = self.shape(schema, (ref,))
            self._open.pop()
        return self._targets[ref]

    def _own(self, schema: Schema, place: Place) -> Iterator[Branch]:
        """A branch for each type, with what the schema says of values of that type."""
        for name in _types(schema, place):
            branch = meet.inhabited(self._branch(name, schema, place))
            if branch is not None:
                yield branch

    def _branch(self, name: str, schema: Schema, place: Place) -> Branch:
        match name:
            case "null":
                return Choices((None,))
            case "boolean":
                return Choices((True, False))
            case "integer" | "number":
                return scalars.numbers(schema, whole=name == "integer", place=place)
            case "string":
                return scalars.texts(schema, place)
            case "array":
                return self._lists(schema, place)
        return self._objects(schema, place)

    def _lists(self, schema: Schema, place: Place) -> Lists:
        items = schema.get("items", True)
        is_each = not isinstance(items, list)
        return Lists(
            items=self.shape(items, (*place, "items")) if is_each else ANY,
            fewest=size(schema, "minItems", place) or 0,
            most=size(schema, "maxItems", place),
            unique=flag(schema, "uniqueItems", place),
            is_streamed=schema.get("x-cog-array-type") == "iterator",
            is_joined=schema.get("x-cog-array-display") == "concatenate",
            opaque=frozenset() if is_each else frozenset([f"items {self._written(items, place)}"]),
        )

    def _objects(self, schema: Schema, place: Place) -> Objects:
        properties = schema.get("properties", {})
        if not isinstance(properties, Mapping):
            raise SchemaInvalid((*place, "properties"), "must be an object")
        rest = self._rest(schema, place, declared="properties" in schema)
        required = words(schema, "required", place)
        if not all(isinstance(name, str) for name in required):
            raise SchemaInvalid((*place, "required"), "must be a list of names")
        members = {
            name: Member(self.shape(part, (*place, "properties", name)), name in required)
            for name, part in properties.items()
        }
        for name in required:
            members.setdefault(name, Member(ANY if rest is None else rest, True))
        return Objects(members, rest)

    def _rest(self, schema: Schema, place: Place, *, declared: bool) -> Shape | None:
        """With declared names nobody puts others; without any, the object is free in form."""
        told = schema.get("additionalProperties", True)
        shape = self.shape(told, (*place, "additionalProperties"))
        return None if shape.is_any and declared else shape


def _types(schema: Schema, place: Place) -> list[str]:
    told = schema.get("type", ["null", "boolean", "number", "string", "array", "object"])
    names = [told] if isinstance(told, str) else told
    if not isinstance(names, list) or not all(name in _TYPES for name in names):
        raise SchemaInvalid((*place, "type"), f"is none of {', '.join(_TYPES)}")
    # every integer is a number
    return [name for name in names if name != "integer" or "number" not in names]


def _chosen(schema: Schema, place: Place) -> Shape:
    values = words(schema, "enum", place) if "enum" in schema else [schema["const"]]
    if "const" in schema and "enum" in schema:
        raise SchemaInvalid((*place, "const"), "stands beside enum; keep one of them")
    check_value(values, (*place, "enum"))
    return Shape((Choices(tuple(values)),) if values else ())


def _union(parts: list[Shape]) -> Shape:
    if any(part.is_any for part in parts):
        return ANY
    return Shape(meet.distinct(branch for part in parts for branch in part.branches))


def _nullable(shape: Shape) -> Shape:
    """With null for certain, whatever else is said of it that we do not look into."""
    certain = [one for one in shape.branches if not one.opaque]
    if any(isinstance(one, Choices) and None in one.values for one in certain):
        return shape
    left = (one for one in map(_less_null, shape.branches) if one is not None)
    return replace(shape, branches=(*left, Choices((None,))))


def _less_null(branch: Branch) -> Branch | None:
    if not isinstance(branch, Choices) or None not in branch.values:
        return branch
    left = tuple(value for value in branch.values if value is not None)
    return replace(branch, values=left) if left else None


def _veiled(shape: Shape, told: list[str]) -> Shape:
    """The same values, less some that we do not look into."""
    if not told:
        return shape
    opaque: Opaque = frozenset(told)
    branches = tuple(replace(one, opaque=one.opaque | opaque) for one in shape.branches)
    return replace(shape, branches=branches)


def _facts(schema: Schema, inner: Facts, place: Place) -> Facts:
    default = schema.get("default", inner.default)
    if default is not NO_DEFAULT:
        check_value(default, (*place, "default"))
    accept = schema.get("x-cog-accept", inner.accept)
    return Facts(
        default=default,
        deprecated=schema.get("deprecated", inner.deprecated) is True,
        accept=accept if isinstance(accept, str) else None,
    )
