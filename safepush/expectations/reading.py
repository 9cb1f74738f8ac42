"""Expectations as a configuration writes them: one table of keys, for the reader and the schema."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from safepush.compare import USUAL
from safepush.document import Place
from safepush.expectations.base import Expectation, Not
from safepush.expectations.judged import MatchPrompt
from safepush.expectations.references import MatchFile, MatchUrl
from safepush.expectations.script import Script
from safepush.expectations.sets import AtLeast
from safepush.expectations.texts import Contains, ExactString, Regex, SimilarTo
from safepush.expectations.values import Cost, JqQuery, JsonSchema, Latency, Number, jq_library
from safepush.reader import Field, Reader

NOT = "not-"
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
AMOUNT = {**NUMBER, "minimum": 0}
PART = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}

Parse = Callable[["ExpectationReader", object, Place], Expectation | None]


@dataclass(frozen=True)
class Kind:
    """One key: how it is read, and its part of the JSON Schema."""

    read: Parse
    schema: Mapping[str, Any]


class ExpectationReader(Reader):
    """Reads what a test case expects of its output; problems go to the document."""

    def all(self, value: Mapping[Any, Any], place: Place) -> tuple[Expectation, ...]:
        """Those that a mapping names; other keys are somebody else's."""
        found = [
            self.one(key, value[key], (*place, key)) for key in EXPECTATION_KEYS if key in value
        ]
        return tuple(one for one in found if one is not None)

    def one(self, key: str, value: object, place: Place) -> Expectation | None:
        """The expectation of one key."""
        inner = KINDS[key.removeprefix(NOT)].read(self, value, place)
        if inner is None or not key.startswith(NOT):
            return inner
        return Not(key.removeprefix(NOT), inner)

    def exact_string(self, value: object, place: Place) -> Expectation | None:
        """A text, the empty one too."""
        text = self.text(value, place)
        return None if text is None else ExactString(text)

    def contains(self, value: object, place: Place) -> Expectation | None:
        """A text, or several that must all be there."""
        texts = self.texts([value] if isinstance(value, str) else value, place)
        if texts is not None and not all(texts):
            self.wrong(place, "every text contains the empty one; it would always hold")
            return None
        return None if texts is None else Contains(texts)

    def regex(self, value: object, place: Place) -> Expectation | None:
        """A pattern that Python can read."""
        text = self.text(value, place)
        if text == "":
            self.wrong(place, "the empty pattern is in every text; it would always hold")
            return None
        try:
            return None if text is None else Regex(re.compile(text))
        except re.error as exc:
            self.wrong(place, f"is no regular expression: {exc}")
            return None

    def similar_to(self, value: object, place: Place) -> Expectation | None:
        """A text, or a text and how near it must be."""
        told = {"text": value} if isinstance(value, str) else value
        fields: dict[str, Field] = {
            "text": ("text", self.text),
            "at_least": ("at_least", self.part),
        }
        values = self.section(told, place, fields, required=["text"])
        if values.get("at_least") == 0:
            self.wrong((*place, "at_least"), "any two texts have 0 in common; it would always hold")
            return None
        return SimilarTo(**values) if "text" in values else None

    def json_schema(self, value: object, place: Place) -> Expectation | None:
        """A JSON Schema that is one itself."""
        from jsonschema import SchemaError
        from jsonschema.validators import validator_for

        if not isinstance(value, dict):
            self.wrong(place, "must be a JSON Schema, as a mapping")
            return None
        try:
            validator_for(value).check_schema(value)
        except SchemaError as exc:
            where = ".".join(map(str, exc.absolute_path))
            self.wrong(place, f"is no JSON Schema: {where or 'its top'}: {exc.message[:200]}")
            return None
        return JsonSchema(value)

    def near(self, value: object, place: Place) -> Expectation | None:
        """A number, or a number, how near, and where in the output."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        told = {"equals": value} if is_number else value
        fields: dict[str, Field] = {
            "equals": ("equals", self.number),
            "tolerance": ("tolerance", self.amount),
            "at": ("at", self.text),
        }
        values = self.section(told, place, fields, required=["equals"])
        return Number(**values) if "equals" in values else None

    def jq_query(self, value: object, place: Place) -> Expectation | None:
        """A query that jq can read."""
        text = self.text(value, place)
        if text is None:
            return None
        try:
            jq_library().compile(text)
        except ValueError as exc:
            lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
            self.wrong(place, f"cannot be used: {lines[0] if lines else 'it is no jq query'}")
            return None
        return JqQuery(text)

    def latency(self, value: object, place: Place) -> Expectation | None:
        """Seconds."""
        limit_s = self.seconds(value, place)
        return None if limit_s is None else Latency(limit_s)

    def cost(self, value: object, place: Place) -> Expectation | None:
        """An amount, and what a second costs."""
        fields: dict[str, Field] = {name: (name, self.amount) for name in ("at_most", "per_second")}
        values = self.section(value, place, fields, required=list(fields))
        return Cost(**values) if len(values) == len(fields) else None

    def match_url(self, value: object, place: Place) -> Expectation | None:
        """An address of the web."""
        text = self.text(value, place)
        if text is None:
            return None
        if not text.startswith(("http://", "https://")):
            self.wrong(place, "must be an http(s) address; for a file beside this one: match_file")
            return None
        return MatchUrl(text, USUAL)

    def match_file(self, value: object, place: Place) -> Expectation | None:
        """A file beside the configuration."""
        path = self.file(value, place)
        return None if path is None else MatchFile(path)

    def match_prompt(self, value: object, place: Place) -> Expectation | None:
        """Words for the judge."""
        text = self.text(value, place)
        if text is not None and not text.strip():
            self.wrong(place, "says nothing; say what the output must be")
            return None
        return None if text is None else MatchPrompt(text)

    def script(self, value: object, place: Place) -> Expectation | None:
        """A program beside the configuration."""
        path = self.file(value, place)
        return None if path is None else Script(path)

    def at_least(self, value: object, place: Place) -> Expectation | None:
        """So many of a list."""
        fields: dict[str, Field] = {
            "count": ("count", lambda value, place: self.whole(value, place, 1, 100)),
            "of": ("of", self._several),
        }
        values = self.section(value, place, fields, required=["count", "of"])
        if len(values) < len(fields):
            return None
        if values["count"] > len(values["of"]):
            self.wrong(place, f"asks for {values['count']} of {len(values['of'])}")
            return None
        return AtLeast(**values)

    def _several(self, value: object, place: Place) -> tuple[Expectation, ...] | None:
        told = self.each(value, place, "mappings with one expectation each")
        if told is None:
            return None
        found: list[Expectation] = []
        for one, where in told:
            if not isinstance(one, dict) or len(one) != 1:
                self.wrong(where, "must be a mapping with one expectation, such as `contains: red`")
                continue
            self.known(one, where, EXPECTATION_KEYS)
            found += self.all(one, where)
        return tuple(found)


def _object(required: list[str], **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_ONE = {"$ref": "#/$defs/expectation"}
KINDS: Mapping[str, Kind] = {
    "exact_string": Kind(ExpectationReader.exact_string, TEXT),
    "match_url": Kind(ExpectationReader.match_url, {**TEXT, "pattern": "^https?://"}),
    "match_file": Kind(ExpectationReader.match_file, {**TEXT, "minLength": 1}),
    "match_prompt": Kind(ExpectationReader.match_prompt, {**TEXT, "pattern": r"\S"}),
    "jq_query": Kind(ExpectationReader.jq_query, TEXT),
    "contains": Kind(
        ExpectationReader.contains,
        {
            "anyOf": [
                {**TEXT, "minLength": 1},
                {"type": "array", "items": {**TEXT, "minLength": 1}, "minItems": 1},
            ]
        },
    ),
    "regex": Kind(ExpectationReader.regex, {**TEXT, "format": "regex", "minLength": 1}),
    "similar_to": Kind(
        ExpectationReader.similar_to,
        {"anyOf": [TEXT, _object(["text"], text=TEXT, at_least=PART)]},
    ),
    "json_schema": Kind(ExpectationReader.json_schema, {"type": "object"}),
    "number": Kind(
        ExpectationReader.near,
        {
            "anyOf": [
                NUMBER,
                _object(["equals"], equals=NUMBER, tolerance=AMOUNT, at=TEXT),
            ]
        },
    ),
    "latency": Kind(ExpectationReader.latency, {**NUMBER, "exclusiveMinimum": 0, "maximum": 86400}),
    "cost": Kind(
        ExpectationReader.cost,
        _object(["at_most", "per_second"], at_most=AMOUNT, per_second=AMOUNT),
    ),
    "script": Kind(ExpectationReader.script, {**TEXT, "minLength": 1}),
    "at_least": Kind(
        ExpectationReader.at_least,
        _object(
            ["count", "of"],
            count={"type": "integer", "minimum": 1, "maximum": 100},
            of={"type": "array", "items": _ONE, "minItems": 1},
        ),
    ),
}
EXPECTATION_KEYS = (*KINDS, *(f"{NOT}{key}" for key in KINDS))
