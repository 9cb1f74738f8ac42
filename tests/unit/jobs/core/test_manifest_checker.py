"""The input check says what the schema says, with Cog's shapes."""

from typing import Any

import pytest

from jobs.core import checker
from jobs.core.errors import BadRequest


def faults(shape: dict[str, Any], value: Any, **options: Any) -> list[tuple[str, str]]:
    found = checker.compile(document({"x": shape}), **options)({"x": value})
    return [(fault.field, fault.code) for fault in found]


def document(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    size = {"enum": ["small", "large"], "title": "size", "type": "string"}
    number = {"enum": [1, 2, 4], "type": "integer"}
    record = {"type": "object", "properties": properties} | more
    return {"components": {"schemas": {"Input": record, "size": size, "number": number}}}


TEXT = {"type": "string"}
SIZE = {"allOf": [{"$ref": "#/components/schemas/size"}], "default": "small"}
NUMBER = {"allOf": [{"$ref": "#/components/schemas/number"}]}
FILE = {"type": "string", "format": "uri"}


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (TEXT, ["", "x"], [(1, "wrong_type"), (None, "wrong_type"), (["x"], "wrong_type")]),
        (TEXT | {"nullable": True}, ["x", None], [(1, "wrong_type")]),
        (TEXT | {"minLength": 2, "maxLength": 3}, ["ab", "éüñ"],
         [("a", "too_short"), ("abcd", "too_long"), (3, "wrong_type")]),
        (TEXT | {"pattern": "^[a-z]{3}$"}, ["abc"], [("abcd", "pattern_mismatch")]),
        (TEXT | {"format": "password"}, ["x"], [(1, "wrong_type")]),
        ({"type": "integer"}, [0, -5, 2**64 - 1],
         [(1.5, "wrong_type"), (1.0, "wrong_type"), (True, "wrong_type"), ("1", "wrong_type")]),
        ({"type": "integer", "minimum": 1, "maximum": 3}, [1, 3],
         [(0, "too_small"), (4, "too_large")]),
        ({"type": "number", "minimum": 0, "maximum": 20.5}, [0, 20.5, 7],
         [(-0.1, "too_small"), (20.6, "too_large"), (False, "wrong_type"), ("1", "wrong_type")]),
        ({"type": "boolean"}, [True, False], [(1, "wrong_type"), ("true", "wrong_type")]),
        (SIZE, ["small", "large"], [("medium", "not_a_choice"), (None, "not_a_choice"),
                                    ([], "not_a_choice")]),
        (SIZE | {"nullable": True}, [None, "small"], [({}, "not_a_choice")]),
        (NUMBER, [1, 4], [(3, "not_a_choice"), (True, "not_a_choice"), (1.0, "not_a_choice")]),
        ({"type": "object"}, [{}, {"a": [1]}], [([], "wrong_type")]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, [{"a": 1}], []),
        ({}, [1, None, "x", {}], []),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, ["x", 1], [(True, "no_match")]),
        ({"type": "array", "items": TEXT, "minItems": 1, "maxItems": 2}, [["a"], ["a", "b"]],
         [([], "too_short"), (["a"] * 3, "too_long"), ("a", "wrong_type")]),
    ],
)  # fmt: skip
def test_values(shape: dict[str, Any], good: list[Any], bad: list[tuple[Any, str]]) -> None:
    for value in good:
        assert faults(shape, value) == [], value
    for value, code in bad:
        assert faults(shape, value) == [("x", code)], value


@pytest.mark.parametrize(
    "uri",
    ["s3://bucket/key", "s3://b/a/..b", "https://host/x.png?y=1", "data:text/plain,hi",
     "data:image/png;base64,AAAA", "file_AbC-1_2", "images/a b.png", "a.png", "file_a.png"],
)  # fmt: skip
def test_files_may_come_from(uri: str) -> None:
    assert faults(FILE, uri) == []


@pytest.mark.parametrize(
    "uri",
    ["", "s3://bucket", "s3:///key", "s3://b/../x", "s3://b/a/..", "https://", "http://host/x",
     "ftp://host/x", "file:///etc/passwd", "/etc/passwd", "../x", "a/../../x", "data:nothing",
     "C:\\x", "a\\..\\b", "nul\0", "file_"],
)  # fmt: skip
def test_files_may_not_come_from(uri: str) -> None:
    assert faults(FILE, uri) == [("x", "invalid_uri")]


def test_plain_http_can_be_allowed() -> None:
    assert faults(FILE, "http://host/x", allow_http=True) == []


def test_places_inside_arrays_and_objects() -> None:
    shape = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}},
                                        "required": ["n"]}}  # fmt: skip
    assert faults(shape, [{"n": 1}, {"n": "x"}, {}, 4]) == [
        ("x[1].n", "wrong_type"), ("x[2].n", "missing_field"), ("x[3]", "wrong_type"),
    ]  # fmt: skip


def test_unknown_and_missing_inputs() -> None:
    check = checker.compile(document({"a": TEXT, "b": TEXT}, required=["b", "a"]))
    found = check({"c": 1})
    assert [(fault.field, fault.code) for fault in found] == [
        ("c", "unknown_field"), ("a", "missing_field"), ("b", "missing_field"),
    ]  # fmt: skip
    assert found[0].message == "is not known; the names here are: a, b"
    lenient = checker.compile(document({"a": TEXT}), unknown="ignore")
    assert not lenient({"a": "x", "c": 1})
    assert [fault.code for fault in lenient({"a": 1, "c": 1})] == ["wrong_type"]


def test_a_name_from_outside_is_made_fit_to_print() -> None:
    found = checker.compile(document({}))({"a\n\x1b[31m" + "x" * 100: 1})
    assert len(found[0].field) < 80
    assert found[0].field.isprintable()


@pytest.mark.parametrize(
    "schema",
    [{}, {"components": {"schemas": {}}}, document({"x": {"$ref": "#/components/schemas/none"}}),
     document({"x": TEXT | {"pattern": "("}})],
)  # fmt: skip
def test_a_schema_that_cannot_be_used(schema: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="schema"):
        checker.compile(schema)
