"""Each kind of change, on the side of the inputs and on that of the output."""

import json
from typing import Any

import pytest

from safepush.compat import RULES, compare
from safepush.errors import SchemaInvalid
from safepush.findings import NO_EXAMPLE, Finding, Level, Policy

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FILE: Schema = {"type": "string", "format": "uri"}
SECRET: Schema = {"type": "string", "format": "password", "writeOnly": True, "x-cog-secret": True}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
STREAM: Schema = {"type": "array", "items": TEXT, "x-cog-array-type": "iterator"}
JOINED: Schema = STREAM | {"x-cog-array-display": "concatenate"}


def document(inputs: Schema | None = None, output: Schema | None = None, **more: Any) -> Schema:
    """A model's document as Cog writes it."""
    schemas: Schema = {"Output": {"title": "Output", **(TEXT if output is None else output)}}
    if inputs is not None:
        needed = [name for name, one in inputs.items() if one.get("must")]
        record = {"properties": inputs, "title": "Input", "type": "object", "required": needed}
        schemas["Input"] = record
    return {"openapi": "3.0.2", "components": {"schemas": schemas | more}}


def inputs(old: Schema, new: Schema) -> list[str]:
    found = compare(document({"x": old}), document({"x": new}))
    return [one.rule.id.removeprefix("input-") for one in found]


def outputs(old: Schema, new: Schema) -> list[str]:
    found = compare(document({}, old), document({}, new))
    return [one.rule.id.removeprefix("output-") for one in found]


def choice(*values: Any) -> Schema:
    return {"allOf": [{"enum": list(values), "type": "string"}]}


def array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def record(*required: str, **members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": list(required)}


#: the change, what it is for an input, what it is for an output
CHANGES = [
    (WHOLE, NUMBER, "", "type-widened"),
    (NUMBER, WHOLE, "type-narrowed", ""),
    (TEXT, {"anyOf": [TEXT, NUMBER]}, "", "type-widened"),
    ({"anyOf": [TEXT, NUMBER]}, TEXT, "type-narrowed", ""),
    (TEXT, WHOLE, "type-changed", "type-changed"),
    (TEXT, {}, "", "type-widened"),
    ({}, TEXT, "type-narrowed", ""),
    (TEXT, array(TEXT), "type-changed", "type-changed"),
    (array(WHOLE), array(NUMBER), "", "type-widened"),
    (array(NUMBER), array(WHOLE), "type-narrowed", ""),
    (array(TEXT), array(FILE), "file-changed", "file-changed"),
    (array(TEXT), array(TEXT, minItems=1), "count-narrowed", ""),
    (array(TEXT, maxItems=3), array(TEXT, maxItems=4), "", "count-widened"),
    (array(TEXT), array(TEXT, uniqueItems=True), "count-narrowed", ""),
    (choice("a", "b"), choice("a"), "choice-removed", ""),
    (choice("a", "b"), choice("b", "a"), "", ""),
    (choice("a"), {"enum": ["a"]}, "", ""),
    (choice("a"), TEXT, "", "choices-removed"),
    (TEXT, choice("a"), "choices-added", ""),
    ({"enum": [1, 2]}, {"enum": [1.0, 2.0]}, "", ""),
    ({"enum": [1]}, {"enum": [True]}, "type-changed", "type-changed"),
    (WHOLE | {"minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, "", ""),
    (WHOLE, WHOLE | {"minimum": 0}, "range-narrowed", ""),
    (WHOLE | {"minimum": 0}, WHOLE | {"minimum": 1}, "range-narrowed", ""),
    (WHOLE | {"maximum": 9}, WHOLE | {"maximum": 8}, "range-narrowed", ""),
    (WHOLE | {"minimum": 1}, WHOLE | {"minimum": 0, "exclusiveMinimum": True}, "", ""),
    (WHOLE | {"minimum": 1}, WHOLE | {"exclusiveMinimum": 0}, "", ""),
    (NUMBER | {"minimum": 1}, NUMBER | {"exclusiveMinimum": 1}, "range-narrowed", ""),
    (WHOLE, WHOLE | {"multipleOf": 8}, "range-narrowed", ""),
    (WHOLE | {"format": "int32"}, WHOLE | {"format": "int64"}, "", "range-widened range-widened"),
    (NUMBER | {"format": "float"}, NUMBER | {"format": "double"}, "", ""),
    (TEXT, TEXT | {"maxLength": 10}, "length-narrowed", ""),
    (TEXT | {"minLength": 1}, TEXT, "", "length-widened"),
    (TEXT, TEXT | {"pattern": "^a"}, "pattern-narrowed", ""),
    (TEXT | {"pattern": "^[a-z]{3}$"}, TEXT | {"pattern": "^[a-z]{4}$"}, *["pattern"] * 2),
    (TEXT | {"pattern": "^a+$"}, TEXT | {"pattern": "^(a)+$"}, *["pattern-changed"] * 2),
    (
        TEXT | {"format": "date"},
        TEXT | {"format": "date-time"},
        "format-narrowed",
        "format-widened",
    ),
    (TEXT, TEXT | {"format": "email"}, "format-narrowed", ""),
    (WHOLE, WHOLE | {"nullable": True}, "", "null-added"),
    (WHOLE | {"nullable": True}, WHOLE, "null-removed", ""),
    (WHOLE | {"nullable": True}, {"type": ["integer", "null"]}, "", ""),
    (WHOLE | {"nullable": True}, {"anyOf": [WHOLE, {"type": "null"}]}, "", ""),
    (WHOLE | {"default": 1}, WHOLE | {"default": 2}, "default-changed", ""),
    (WHOLE | {"default": 1}, WHOLE | {"default": 1.0}, "", ""),
    (WHOLE, WHOLE | {"default": None}, "", ""),
    (FILE, TEXT, "file-changed", "file-changed"),
    (TEXT, FILE, "file-changed", "file-changed"),
    (TEXT, SECRET, "", ""),
    (SECRET, TEXT, "secret-exposed", ""),
    (
        FILE | {"x-cog-accept": "image/*"},
        FILE | {"x-cog-accept": "image/png"},
        "accept-narrowed",
        "",
    ),
    (FILE | {"x-cog-accept": "image/png"}, FILE | {"x-cog-accept": "image/*"}, "", ""),
    (array(TEXT), STREAM, "", "list-to-stream"),
    (STREAM, array(TEXT), "", "stream-to-list"),
    (STREAM, JOINED, "", "display-changed"),
    ({"type": "object"}, record(a=TEXT), "type-narrowed extra-narrowed", ""),
    (record(a=TEXT), record(a=TEXT, b=TEXT), "", ""),
    (record(a=TEXT), record("b", a=TEXT, b=TEXT), "added-required", ""),
    (record(a=TEXT), record("a", a=TEXT), "made-required", ""),
    (record("a", a=TEXT), record(a=TEXT), "", "made-optional"),
    (record("a", a=TEXT, b=WHOLE), record("a", a=TEXT), "removed", "removed"),
    (record(a=WHOLE), record(a=NUMBER), "", "type-widened"),
    (
        {"type": "object", "additionalProperties": WHOLE},
        {"type": "object", "additionalProperties": NUMBER},
        "",
        "type-widened",
    ),
    (record(a=TEXT), record(a=TEXT) | {"additionalProperties": False}, "", ""),
    (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": False},
        "extra-narrowed",
        "",
    ),
    ({"anyOf": [WHOLE | {"maximum": 3}, WHOLE | {"minimum": 4}]}, WHOLE, "", ""),
    (WHOLE, {"anyOf": [WHOLE | {"maximum": 3}, WHOLE | {"minimum": 4}]}, "", ""),
    (NUMBER, {"anyOf": [NUMBER | {"maximum": 3}, NUMBER | {"minimum": 4}]}, "range-narrowed", ""),
    (
        {"anyOf": [record("a", a=TEXT), record("b", b=TEXT)]},
        {"oneOf": [record("a", a=TEXT)]},
        "variant-removed",
        "",
    ),
    ({"not": WHOLE}, {"not": WHOLE}, "", ""),
    (TEXT, TEXT | {"not": {"const": "x"}}, "unclear", ""),
    (TEXT | {"title": "A"}, TEXT | {"title": "B", "description": "C", "x-order": 4}, "", ""),
    (
        {"allOf": [NUMBER, {"minimum": 1}], "maximum": 3},
        NUMBER | {"minimum": 1},
        "",
        "range-widened",
    ),
    ({"allOf": [record(a=TEXT), record(b=TEXT)]}, record(a=TEXT, b=TEXT), "", ""),
    (
        {"allOf": [TEXT | {"minLength": 2, "maxLength": 9}, TEXT | {"minLength": 5}]},
        TEXT | {"minLength": 5, "maxLength": 9},
        "",
        "",
    ),
    ({"allOf": [array(WHOLE), array(NUMBER, maxItems=2)]}, array(WHOLE, maxItems=2), "", ""),
    (
        {"allOf": [WHOLE | {"multipleOf": 4}, WHOLE | {"multipleOf": 6}]},
        WHOLE | {"multipleOf": 12},
        "",
        "",
    ),
    (
        {"allOf": [record("a", a=WHOLE), record(a=NUMBER | {"minimum": 1})]},
        record("a", a=WHOLE | {"minimum": 1}),
        "",
        "",
    ),
    (TEXT | {"pattern": "(?<a>x)"}, TEXT | {"pattern": "(?<a>x)"}, "", ""),
]


@pytest.mark.parametrize(("old", "new", "of_input", "of_output"), CHANGES)
def test_a_change_is_told_on_the_side_where_it_breaks(
    old: Schema, new: Schema, of_input: str, of_output: str
) -> None:
    assert " ".join(inputs(old, new)).replace("pattern-narrowed", "pattern") == of_input.replace(
        "pattern-narrowed", "pattern"
    )
    assert " ".join(outputs(old, new)).replace("pattern-widened", "pattern") == of_output


def test_an_input_that_is_gone_is_an_error_unless_it_was_deprecated() -> None:
    old = {"a": TEXT, "b": TEXT | {"deprecated": True}}

    found = compare(document(old), document({}))

    assert [(one.rule.id, one.level) for one in found] == [
        ("input-removed", Level.ERROR),
        ("input-removed-deprecated", Level.WARNING),
    ]
    assert found[0].example == {"a": "a"}


def test_a_new_input_may_be_left_out() -> None:
    added = {"seed": WHOLE, "size": WHOLE | {"default": 3}, "n": WHOLE | {"nullable": True}}

    assert compare(document({}), document(added)) == ()
    (told,) = compare(document({}), document({"seed": WHOLE | {"default": 1, "must": True}}))
    assert told.rule.id == "input-added-required"
    assert told.example == {}


def test_what_is_not_looked_into_is_followed_to_what_it_names() -> None:
    inputs = {"x": {"oneOf": [{"$ref": "#/components/schemas/a"}, WHOLE]}}
    old, same, other = (document(inputs, a=a) for a in (NUMBER, dict(NUMBER), TEXT))

    assert compare(old, same) == ()
    assert [one.rule.id for one in compare(other, old)] == ["input-type-narrowed", "input-unclear"]


def test_an_example_is_a_whole_input_that_was_good_and_is_not() -> None:
    old = {
        "prompt": TEXT | {"must": True, "minLength": 3},
        "size": {"allOf": [{"$ref": "#/components/schemas/size"}], "must": True},
        "boxes": array(record("w", w=WHOLE | {"minimum": 1})),
    }
    new = old | {"boxes": array(record("w", w=WHOLE | {"minimum": 5}))}
    sizes = {"size": {"enum": ["big", "small"], "type": "string"}}

    (told,) = compare(document(old, **sizes), document(new, **sizes))

    assert told.place == "input.boxes[].w"
    assert told.change == "minimum 1 -> minimum 5"
    assert told.example == {"prompt": "aaa", "size": "big", "boxes": [{"w": 4}]}


def test_a_choice_of_its_own_name_and_one_written_inline_are_one() -> None:
    named = document(
        {"size": {"allOf": [{"$ref": "#/components/schemas/size"}], "default": "a"}},
        size={"title": "size", "enum": ["a", "b"], "type": "string"},
    )

    assert compare(named, document({"size": TEXT | {"enum": ["b", "a"], "default": "a"}})) == ()


def test_each_part_that_a_version_no_longer_declares_is_told() -> None:
    training = {"TrainingInput": record(steps=WHOLE), "TrainingOutput": FILE}
    old = document({}, **training)

    found = compare(old, {"components": {"schemas": {"Input": record()}}})

    assert [one.key for one in found] == [
        "input-undeclared at training_input: declared -> undeclared",
        "output-undeclared at output: declared -> undeclared",
        "output-undeclared at training_output: declared -> undeclared",
    ]
    assert compare(old, old) == ()


def test_the_answer_that_an_api_gives_of_a_version_will_do() -> None:
    plain = document({"x": WHOLE})

    assert compare({"id": "1", "openapi_schema": plain}, plain) == ()


def test_every_rule_can_be_met() -> None:
    met = set()
    for old, new, *_ in CHANGES:
        for before, after in ((old, new), (new, old)):
            met |= {one.rule.id for one in compare(document({"x": before}), document({"x": after}))}
            met |= {one.rule.id for one in compare(document({}, before), document({}, after))}
    met |= {"input-removed", "input-removed-deprecated", "input-undeclared", "output-undeclared"}

    assert set(RULES) - met == set()


# Documents that cannot be compared


def deep(levels: int) -> Schema:
    made: Schema = dict(TEXT)
    for _ in range(levels):
        made = array(made)
    return made


def laughs(levels: int, word: str) -> dict[str, Schema]:
    """Each level names the next one twice."""
    last: Schema = {"type": "object", "properties": {"z": TEXT}}
    made = {str(levels): last}
    for number in range(levels):
        ref = {"$ref": f"#/components/schemas/{number + 1}"}
        both = record("a", "b", a=ref, b=ref) if word == "properties" else {word: [ref, ref]}
        made[str(number)] = both
    return made


@pytest.mark.parametrize(
    ("document_", "message"),
    [
        ([], "is no JSON object"),
        ({}, "is it a model's document"),
        ({"components": {"schemas": {"Other": {}}}}, "is it a model's document"),
        (document({"x": {"$ref": "#/components/schemas/Input"}}), "leads back to itself"),
        (document({"x": {"$ref": "#/nowhere"}}), "which is not in the document"),
        (document({"x": {"$ref": "https://example.com/a.json"}}), "leads out of the document"),
        (document({"x": {"$ref": 3}}), "leads out of the document"),
        (document({"x": {"$ref": ["a"]}}), "leads out of the document"),
        (document({"x": {"type": "strng"}}), "components/schemas/Input/properties/x/type is none"),
        (document({"x": {"type": 3}}), "is none of"),
        (document({"x": {"type": [["a"]]}}), "is none of"),
        (document({"x": {"minimum": "3"}}), "minimum must be a number"),
        (document({"x": {"maximum": float("nan")}}), "maximum must be a number"),
        (document({"x": {"default": float("inf")}}), "JSON does not have"),
        (document({"x": {"minLength": -1}}), "not below 0"),
        (document({"x": {"pattern": 1}}), "pattern must be text"),
        (document({"x": {"enum": "abc"}}), "enum must be a list"),
        (document({"x": {"anyOf": {}}}), "anyOf must be a list"),
        (document({"x": {"multipleOf": 0}}), "must be above 0"),
        (document({"x": {"type": "object", "required": [1]}}), "list of names"),
        (document({"x": {"type": "object", "properties": []}}), "must be an object"),
        (document({"x": {"nullable": "yes"}}), "true or false"),
        (document({}, deep(60)), "nested more than"),
    ],
)
def test_what_is_no_schema_says_where_and_why(document_: Any, message: str) -> None:
    good = document({"x": TEXT})

    with pytest.raises(SchemaInvalid, match=message) as caught:
        compare(good, document_, names=("a.json", "b.json"))

    assert str(caught.value).startswith("b.json: ")


def test_nullable_is_for_certain_where_overlapping_variants_are_not() -> None:
    twice = {"oneOf": [{"type": ["string", "null"]}, WHOLE, {"type": ["string", "null"]}]}
    nullable = {**twice, "nullable": True}

    assert inputs(twice, nullable) == outputs(nullable, twice) == []
    assert inputs(nullable, twice) == ["unclear"]
    assert outputs(twice, nullable) == ["unclear"]


@pytest.mark.parametrize("word", ["properties", "allOf", "anyOf", "oneOf"])
def test_a_document_that_unfolds_without_end_is_compared_or_refused(word: str) -> None:
    old = document({"x": {"$ref": "#/components/schemas/0"}}, **laughs(20, word))
    new = json.loads(json.dumps(old))
    new["components"]["schemas"]["20"]["properties"]["z"] = WHOLE

    found, refusal = compared(old, new)

    assert 1 <= len(found) <= 100 or "compared" in refusal or "too large" in refusal


def compared(old: Schema, new: Schema) -> tuple[tuple[Finding, ...], str]:
    try:
        return compare(old, new), ""
    except SchemaInvalid as exc:
        return (), str(exc)


def test_a_pattern_that_never_ends_is_not_waited_for() -> None:
    old = TEXT | {"minLength": 30, "pattern": "^(a+)+$"}

    assert inputs(old, TEXT | {"pattern": "^(a+)+b$"}) == ["pattern-changed"]


# Levels and accepted changes


def judged(policy: Policy, *changes: Finding) -> tuple[list[str], bool]:
    judgement = policy.judge(changes)
    return [f"{one.level} {one.rule.id}" for one in judgement.findings], judgement.held


def test_a_team_may_move_levels_and_accept_one_change() -> None:
    old = {"a": WHOLE | {"default": 1}, "b": TEXT}
    found = compare(document(old), document({"a": WHOLE | {"default": 2}}))
    key = "input-removed at input.b: string -> nothing"

    plain = judged(Policy(), *found)
    strict = Policy(levels={"input-default-changed": Level.ERROR}, accepted={key: "agreed"})
    lax = Policy(levels={"input-removed": Level.OFF}, fail_on=Level.WARNING)

    assert plain == (["error input-removed", "warning input-default-changed"], False)
    assert judged(strict, *found) == (["error input-default-changed"], False)
    assert judged(lax, *found) == (["warning input-default-changed"], False)
    assert judged(Policy(fail_on=Level.OFF), *found)[1] is True


def test_an_accepted_change_accepts_nothing_that_comes_later() -> None:
    first = compare(
        document({"x": WHOLE | {"maximum": 9}}), document({"x": WHOLE | {"maximum": 8}})
    )
    later = compare(
        document({"x": WHOLE | {"maximum": 8}}), document({"x": WHOLE | {"maximum": 7}})
    )
    policy = Policy(accepted={first[0].key: "agreed"})

    assert policy.judge(first).held
    assert not policy.judge(later).held
    assert policy.judge(later).unused == (first[0].key,)


def test_a_long_change_ends_in_a_hash() -> None:
    old = choice(*(f"choice {number}" for number in range(100)))

    (told,) = compare(document({"x": old}), document({"x": choice("choice 0")}))

    assert len(told.change) < 180
    assert told.example == {"x": "choice 1"}


def test_the_example_may_be_null() -> None:
    (told,) = compare(document({}, TEXT), document({}, TEXT | {"nullable": True}))

    assert told.example is None
    assert told.example is not NO_EXAMPLE
