"""Random schemas of the kind that models have, near relatives of them, and values of a schema.

Nothing here knows the normal form: values are drawn from the schema as it is written, and
jsonschema says what is one.
"""

import copy
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from jsonschema import Draft202012Validator

NAMES = ("a", "b", "c", "d")
PATTERNS = ("^a", "^[a-c]+$", "^[a-z]{2,4}$", "[0-9]", "^$", "^(ab|ba)*$")
TEXTS = ("", "a", "ab", "abc", "ba", "b1", "0", "aaaa", "aaaaaaa", "LCM", "é")
NUMBERS = (-3, -1, 0, 1, 2, 3, 4, 6, 10, 0.5, 1.5, 2.25)
WHOLE = tuple(one for one in NUMBERS if isinstance(one, int))
Schema = dict[str, Any]


@st.composite
def bounds(draw: DrawFn, low: str, high: str, values: SearchStrategy[Any]) -> Schema:
    made = {word: draw(values) for word in (low, high) if draw(st.booleans())}
    if low in made and high in made and made[low] > made[high]:
        made[low], made[high] = made[high], made[low]
    return made


@st.composite
def numbers(draw: DrawFn) -> Schema:
    made = {"type": draw(st.sampled_from(["integer", "number"]))}
    made |= draw(bounds("minimum", "maximum", st.sampled_from(NUMBERS)))
    for word, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if draw(st.integers(0, 7)) == 0:
            if word in made and draw(st.booleans()):
                made[exclusive] = True
            else:
                made[exclusive] = draw(st.sampled_from(NUMBERS))
    if draw(st.integers(0, 5)) == 0:
        made["multipleOf"] = draw(st.sampled_from([1, 2, 3, 4, 0.5, 0.25]))
    return made


@st.composite
def texts(draw: DrawFn) -> Schema:
    made: Schema = {"type": "string"}
    made |= draw(bounds("minLength", "maxLength", st.integers(0, 6)))
    if draw(st.integers(0, 2)) == 0:
        made["pattern"] = draw(st.sampled_from(PATTERNS))
    return made


@st.composite
def choices(draw: DrawFn) -> Schema:
    kind = draw(st.sampled_from(["string", "integer", "mixed"]))
    pool = {"string": TEXTS, "integer": WHOLE, "mixed": (*TEXTS[:4], *NUMBERS[:9], True, None)}
    values = draw(st.lists(st.sampled_from(pool[kind]), min_size=1, max_size=4))
    made: Schema = {"enum": values}
    return made if kind == "mixed" else made | {"type": kind}


def scalars() -> SearchStrategy[Schema]:
    plain = st.sampled_from(
        [{"type": "boolean"}, {"type": ["string", "null"]}, {}, {"type": "null"}]
    )
    return st.one_of(numbers(), texts(), choices(), plain)


@st.composite
def lists(draw: DrawFn, inner: SearchStrategy[Schema]) -> Schema:
    made: Schema = {"type": "array", "items": draw(inner)}
    made |= draw(bounds("minItems", "maxItems", st.integers(0, 3)))
    if draw(st.integers(0, 3)) == 0:
        made["uniqueItems"] = True
    return made


@st.composite
def objects(draw: DrawFn, inner: SearchStrategy[Schema]) -> Schema:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    made: Schema = {"type": "object"}
    if names:
        made["properties"] = {name: draw(inner) for name in names}
        made["required"] = [name for name in names if draw(st.booleans())]
    if draw(st.integers(0, 3)) == 0:
        made["additionalProperties"] = draw(st.one_of(st.just(False), inner))
    return made


@st.composite
def variants(draw: DrawFn, inner: SearchStrategy[Schema]) -> Schema:
    word = draw(st.sampled_from(["anyOf", "anyOf", "allOf", "oneOf"]))
    return {word: draw(st.lists(inner, min_size=1, max_size=3))}


@st.composite
def nullable(draw: DrawFn, inner: SearchStrategy[Schema]) -> Schema:
    return draw(inner) | {"nullable": True}


def schemas() -> SearchStrategy[Schema]:
    """Schemas of every kind, a few levels deep."""
    return st.recursive(
        scalars(),
        lambda inner: st.one_of(lists(inner), objects(inner), variants(inner), nullable(inner)),
        max_leaves=6,
    )


@st.composite
def relatives(draw: DrawFn) -> tuple[Schema, Schema]:
    """Two schemas, most often one and the same with something changed."""
    old = draw(schemas())
    if draw(st.integers(0, 4)) == 0:
        return old, draw(schemas())
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 2))):
        new = _changed(draw, new)
    return (old, new) if draw(st.booleans()) else (new, old)


def _changed(draw: DrawFn, schema: Schema) -> Schema:
    """The schema with one thing changed, at its top or further down."""
    below = _below(schema)
    if below and draw(st.integers(0, 3)):
        holder, name = draw(st.sampled_from(below))
        holder[name] = _changed(draw, holder[name])
        return schema
    if draw(st.integers(0, 9)) == 0:
        return draw(schemas())
    return _edited(draw, schema)


def _below(schema: Schema) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    if isinstance(schema.get("items"), dict):
        places.append((schema, "items"))
    places += [(schema["properties"], name) for name in schema.get("properties", {})]
    for word in ("anyOf", "allOf", "oneOf"):
        places += [(schema[word], number) for number in range(len(schema.get(word, [])))]
    return places


def _edited(draw: DrawFn, schema: Schema) -> Schema:
    edits = [word for word in schema if word not in ("type", "items", "anyOf", "allOf", "oneOf")]
    word = draw(st.sampled_from([*edits, "nullable", "type", "more", "more", "more"]))
    if word in edits and draw(st.booleans()):
        return {name: value for name, value in schema.items() if name != word}
    if word == "nullable":
        return schema | {"nullable": not schema.get("nullable", False)}
    if word == "type" and schema.get("type") in ("integer", "number"):
        return schema | {"type": "number" if schema["type"] == "integer" else "integer"}
    return schema | _more(draw, schema)


def _more(draw: DrawFn, schema: Schema) -> Schema:
    """New limits of the same kind."""
    if "enum" in schema:
        return {"enum": [*schema["enum"][draw(st.integers(0, 1)) :], draw(st.sampled_from(TEXTS))]}
    kinds = {"integer": numbers(), "number": numbers(), "string": texts()}
    told = str(schema.get("type"))
    if told in kinds:
        return {name: value for name, value in draw(kinds[told]).items() if name != "type"}
    if told == "array":
        return draw(bounds("minItems", "maxItems", st.integers(0, 3)))
    if told == "object" and schema.get("properties") and draw(st.booleans()):
        return {"required": [name for name in schema["properties"] if draw(st.booleans())]}
    if told == "object":
        name = draw(st.sampled_from(NAMES))
        return {"properties": schema.get("properties", {}) | {name: draw(scalars())}}
    return {"nullable": draw(st.booleans())}


# Values


def validator(schema: Schema) -> Draft202012Validator:
    """jsonschema's own judgement of a schema that OpenAPI 3.0 may have written."""
    return Draft202012Validator(plain(schema))


def plain(schema: Any) -> Any:
    """The same in the words of JSON Schema: no `nullable`, no true beside a limit."""
    if not isinstance(schema, dict):
        return schema
    made = {name: _plain(name, value) for name, value in schema.items() if name != "nullable"}
    for word, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(made.get(exclusive), bool):
            is_open = made.pop(exclusive)
            if is_open and word in made:
                made[exclusive] = made.pop(word)
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


def _plain(name: str, value: Any) -> Any:
    if name == "properties":
        return {member: plain(one) for member, one in value.items()}
    if name in ("anyOf", "allOf", "oneOf"):
        return [plain(one) for one in value]
    return plain(value) if name in ("items", "additionalProperties") else value


@st.composite
def values(draw: DrawFn, schema: Any, depth: int = 0) -> Any:
    """Something that is likely to be a value of the schema, near its limits."""
    if schema.get("nullable") and draw(st.integers(0, 4)) == 0:
        return None
    for word in ("anyOf", "oneOf", "allOf"):
        if schema.get(word):
            return draw(values(draw(st.sampled_from(schema[word])), depth))
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    told = schema.get("type", ["null", "boolean", "number", "string", "array", "object"])
    kind = told if isinstance(told, str) else draw(st.sampled_from(told))
    return draw(_of_kind(kind, schema, depth))


def _of_kind(kind: str, schema: Schema, depth: int) -> SearchStrategy[Any]:
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            return _near(schema, whole=kind == "integer")
        case "string":
            few, many = schema.get("minLength", 0), schema.get("maxLength", 7)
            lengths = st.integers(few, max(few, many))
            made = lengths.flatmap(lambda size: st.text("abcz01é", min_size=size, max_size=size))
            return st.one_of(st.sampled_from(TEXTS), made)
        case "array":
            few, many = schema.get("minItems", 0), schema.get("maxItems", 4)
            inner = schema.get("items", {}) if depth < 6 else {"type": "null"}
            return st.lists(values(inner, depth + 1), min_size=few, max_size=max(few, many))
    return _records(schema, depth)


def _near(schema: Schema, *, whole: bool) -> SearchStrategy[Any]:
    words = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    ends = [schema[word] for word in words if type(schema.get(word)) in (int, float)]
    step = schema.get("multipleOf", 1)
    near = [end + way for end in (*ends, 0, 2) for way in (0, 1, -1, step, -step, 0.25, -0.5)]
    made = [int(one) if whole or one == int(one) else one for one in near]
    return st.sampled_from(made)


@st.composite
def _records(draw: DrawFn, schema: Schema, depth: int) -> Any:
    made = {}
    for name, inner in schema.get("properties", {}).items():
        if name in schema.get("required", []) or draw(st.booleans()):
            made[name] = draw(values(inner, depth + 1))
    rest = schema.get("additionalProperties", not schema.get("properties"))
    if rest and depth < 6 and draw(st.booleans()):
        inner = rest if isinstance(rest, dict) else {}
        made[draw(st.sampled_from([*NAMES, "z"]))] = draw(values(inner, depth + 1))
    return made


def document(schema: Schema, *, side: str) -> Schema:
    """A model's document with this schema on one side of it."""
    whole = (
        schema
        if side == "Output"
        else {"type": "object", "properties": {"x": schema}, "required": ["x"]}
    )
    return {"components": {"schemas": {side: whole}}}


def dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
