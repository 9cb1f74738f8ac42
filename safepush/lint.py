"""What is wrong with one schema by itself: a model's document as its callers will read it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from safepush.compat.containers import words, written
from safepush.compat.contract import INPUTS, OUTPUTS, document_of, schemas_of
from safepush.compat.normal import Normalizer
from safepush.compat.shapes import NO_DEFAULT, Shape, Texts, key, kinds
from safepush.compat.values import accepts, is_pattern
from safepush.compat.words import target
from safepush.errors import SchemaInvalid
from safepush.findings import Finding, Level, Rule, found, placed

_E, _W, _I = Level.ERROR, Level.WARNING, Level.INFO
RULES = {
    rule.id: rule
    for rule in (
        Rule("lint-schema-invalid", _E, "nobody can read it"),
        Rule(
            "lint-description-missing",
            _E,
            'write Input(description="...") in predict(), or mark it deprecated',
        ),
        Rule("lint-description-empty", _W, "it says no more than the name does"),
        Rule("lint-default-refused", _E, "callers who send the default are refused"),
        Rule("lint-range-impossible", _E, "no value is within it"),
        Rule("lint-choices-empty", _E, "there is nothing to choose"),
        Rule("lint-choices-repeated", _W, "a choice is there twice"),
        Rule("lint-choice-refused", _E, "callers who choose it are refused"),
        Rule("lint-choice-single", _I, "there is only one choice"),
        Rule(
            "lint-pattern-unreadable", _E, "the server cannot check it; it reads Python's patterns"
        ),
        Rule("lint-deprecated-required", _E, "callers are to leave it out and must not"),
        Rule("lint-secret-plain", _E, "it is stored and shown as it is; declare it as cog.Secret"),
        Rule("lint-secret-default", _E, "whoever may read the schema can read the secret"),
        Rule("lint-name-misleading", _W, "its type is not what its name says"),
        Rule("lint-names-alike", _W, "callers will mistake one for the other"),
        Rule(
            "lint-output-undeclared", _W, "callers do not know what they get, nor can we check it"
        ),
        Rule("lint-output-anything", _I, "callers do not know what they get, nor can we check it"),
    )
}

_LIMITS = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
)
SECRET = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|secrets|credentials?|api_?keys?|private_?key"
    r"|access_?key(_id)?|(access|api|auth|bearer|hf|github|replicate|refresh|session|user)_token"
    r"|connection_string)($|_)|^token$"
)
_FILES = re.compile(r"(^|_)(image|img|photo|picture|mask|audio|video|file|zip|archive)$")
_NUMBERS = re.compile(
    r"^(num|n|number_of|count|max|min)_|_(count|steps|size_px|seconds)$|^(seed|width|height|steps)$"
)
_SWITCHES = re.compile(r"^(is|has|use|enable|disable|should|with|allow)_")


def lint(document: Any) -> tuple[Finding, ...]:
    """Everything wrong with a model's document, worst kinds first as the rules stand.

    Raises:
        SchemaInvalid: it is no model's document at all.
    """
    schemas = schemas_of(document)
    linter = _Linter(document_of(document))
    found_ = [
        one
        for name, place in INPUTS.items()
        if name in schemas
        for one in linter.inputs(schemas[name], place, ("components", "schemas", name))
    ]
    return (*found_, *_outputs(schemas, linter))


def _outputs(schemas: Mapping[str, Any], linter: "_Linter") -> Iterator[Finding]:
    for (name, place), of_inputs in zip(OUTPUTS.items(), INPUTS, strict=True):
        if name in schemas:
            yield from linter.output(schemas[name], place, ("components", "schemas", name))
        elif of_inputs in schemas:
            yield found(RULES["lint-output-undeclared"], place, "no schema")


class _Linter:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._normalizer = Normalizer(document)

    def inputs(self, schema: Any, place: str, at: tuple[str, ...]) -> Iterator[Finding]:
        properties = schema.get("properties", {}) if isinstance(schema, Mapping) else None
        if not isinstance(properties, Mapping):
            yield found(RULES["lint-schema-invalid"], place, "has no properties that can be read")
            return
        required = schema.get("required", [])
        for name, one in properties.items():
            where, steps = placed(place, name), (*at, "properties", name)
            yield from _described(name, one, where)
            yield from self._checked(one, where, steps)
            yield from self._named(name, one, where, steps)
            deprecated = isinstance(one, Mapping) and one.get("deprecated") is True
            if deprecated and isinstance(required, list) and name in required:
                yield found(RULES["lint-deprecated-required"], where, "deprecated and required")
        yield from _alike(properties, place)

    def output(self, schema: Any, place: str, at: tuple[str, ...]) -> Iterator[Finding]:
        yield from self._checked(schema, place, at)
        shape = self._shape(schema, at)
        if shape is not None and shape.is_any:
            yield found(RULES["lint-output-anything"], place, "anything")

    def _checked(self, schema: Any, where: str, at: tuple[str, ...]) -> Iterator[Finding]:
        """What is wrong anywhere in one schema."""
        try:
            shape = self._normalizer.shape(schema, at)
        except SchemaInvalid as exc:
            yield found(RULES["lint-schema-invalid"], where, str(exc))
            return
        inner = list(self._walked(schema, where, set()))
        yield from inner
        if shape.is_never and not inner:
            yield found(RULES["lint-range-impossible"], where, "takes no value at all")
        yield from _default(shape, where)

    def _walked(self, schema: Any, where: str, seen: set[str]) -> Iterator[Finding]:
        """Each schema in one, with those that it names."""
        if not isinstance(schema, Mapping):
            return
        yield from _limits(schema, where)
        yield from _choices(schema, where)
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not is_pattern(pattern):
            yield found(RULES["lint-pattern-unreadable"], where, f"pattern {pattern}")
        for step, inner in _inner(schema):
            yield from self._walked(inner, where + step, seen)
        ref = schema.get("$ref")
        if isinstance(ref, str) and ref not in seen:
            seen.add(ref)
            yield from self._walked(target(self._document, ref, ()), where, seen)

    def _shape(self, schema: Any, at: tuple[str, ...]) -> Shape | None:
        try:
            return self._normalizer.shape(schema, at)
        except SchemaInvalid:
            return None

    def _named(self, name: str, schema: Any, where: str, at: tuple[str, ...]) -> Iterator[Finding]:
        shape = self._shape(schema, at)
        if shape is None or shape.is_any:
            return
        texts = [one for one in shape.branches if isinstance(one, Texts)]
        ours = kinds(shape) - {"null"}
        word = name.lower()
        secret = any(one.is_secret for one in texts)
        if SECRET.search(word) and ours == {"string"} and texts and not secret:
            yield found(RULES["lint-secret-plain"], where, words(shape))
        elif (said := _belied(word, shape, ours)) is not None:
            yield found(RULES["lint-name-misleading"], where, f"{words(shape)}, named as {said}")


def _belied(word: str, shape: Shape, ours: set[str]) -> str | None:
    """What a name says that the type is not."""
    texts = [one for one in shape.branches if isinstance(one, Texts)]
    if _FILES.search(word) and texts and not any(one.is_file for one in texts):
        return "a file"
    if _NUMBERS.search(word) and ours == {"string"} and texts:
        return "a number"
    if _SWITCHES.search(word) and ours == {"string"} and texts:
        return "a switch"
    return None


def _described(name: str, schema: Any, where: str) -> Iterator[Finding]:
    told = schema.get("description") if isinstance(schema, Mapping) else None
    text = told.strip() if isinstance(told, str) else ""
    if not text:
        if not isinstance(schema, Mapping) or schema.get("deprecated") is not True:
            yield found(RULES["lint-description-missing"], where, "no description")
    elif _bare(text) == _bare(name):
        yield found(RULES["lint-description-empty"], where, f"description {written(text)}")


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _default(shape: Shape, where: str) -> Iterator[Finding]:
    default = shape.facts.default
    if default is NO_DEFAULT:
        return
    if any(isinstance(one, Texts) and one.is_secret for one in shape.branches):
        if default not in (None, ""):
            yield found(RULES["lint-secret-default"], where, "a default")
    elif not shape.is_never and accepts(shape, default) is False:
        change = f"default {written(default)}"
        yield found(RULES["lint-default-refused"], where, change, default)


def _alike(properties: Mapping[str, Any], place: str) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in properties:
        first = seen.setdefault(_bare(name), name)
        if first != name:
            yield found(RULES["lint-names-alike"], placed(place, name), f"beside {first}")


# Single words, wherever they stand below


def _inner(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield placed("", "[]"), schema.get("items")
    yield placed("", "*"), schema.get("additionalProperties")
    for word in ("allOf", "anyOf", "oneOf"):
        yield from (("", part) for part in schema.get(word, []))
    yield from ((placed("", name), part) for name, part in schema.get("properties", {}).items())


def _limits(schema: Mapping[str, Any], where: str) -> Iterator[Finding]:
    for low, high in _LIMITS:
        least, most = _number(schema.get(low)), _number(schema.get(high))
        if least is not None and most is not None and least > most:
            told = f"{low} {written(least)}, {high} {written(most)}"
            yield found(RULES["lint-range-impossible"], where, told)


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None  # type: ignore[return-value]


def _choices(schema: Mapping[str, Any], where: str) -> Iterator[Finding]:
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    if len(values) < 2:
        rule = "lint-choice-single" if values else "lint-choices-empty"
        yield found(RULES[rule], where, f"choices {written(values)}")
    if len({key(value) for value in values}) < len(values):
        yield found(RULES["lint-choices-repeated"], where, f"choices {written(values)}")
    rest = {word: told for word, told in schema.items() if word not in ("enum", "$ref", "default")}
    yield from _refused(rest, values, where)


def _refused(schema: Mapping[str, Any], values: list[Any], where: str) -> Iterator[Finding]:
    """The choices that the same schema does not take."""
    try:
        shape = Normalizer({}).shape(schema, ())
    except SchemaInvalid:
        return
    for value in values:
        if accepts(shape, value) is False:
            yield found(RULES["lint-choice-refused"], where, f"choice {written(value)}", value)
