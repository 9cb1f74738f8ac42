"""What is wrong with one schema by itself."""

from typing import Any

import pytest

from safepush.errors import SchemaInvalid
from safepush.findings import NO_EXAMPLE
from safepush.lint import RULES, lint

Schema = dict[str, Any]
TOLD: Schema = {"description": "What it is for."}
TEXT: Schema = {"type": "string", **TOLD}
WHOLE: Schema = {"type": "integer", **TOLD}
SECRET: Schema = TEXT | {"format": "password", "writeOnly": True, "x-cog-secret": True}


def document(inputs: Schema, *required: str, **more: Any) -> Schema:
    schemas = {"Input": {"type": "object", "properties": inputs, "required": list(required)}}
    return {"components": {"schemas": {**schemas, "Output": {"type": "string"}} | more}}


def told(inputs: Schema, *required: str, **more: Any) -> list[str]:
    return [one.key for one in lint(document(inputs, *required, **more))]


CASES: list[tuple[str, Schema, list[str]]] = [
    ("x", TEXT, []),
    ("x", {"type": "string"}, ["description-missing at input.x: no description"]),
    ("x", {"type": "string", "deprecated": True}, []),
    ("n_steps", WHOLE | {"description": "N steps."}, ["description-empty"]),
    ("x", WHOLE | {"minimum": 1, "default": 0}, ["default-refused at input.x: default 0"]),
    ("x", WHOLE | {"minimum": 1, "default": 1}, []),
    ("x", WHOLE | {"default": None}, ["default-refused at input.x: default null"]),
    ("x", WHOLE | {"default": None, "nullable": True}, []),
    ("x", TEXT | {"enum": ["a", "b"], "default": "c"}, ['default-refused at input.x: default "c"']),
    ("x", TEXT | {"pattern": "^a+$", "default": "b"}, ["default-refused"]),
    (
        "x",
        WHOLE | {"minimum": 3, "maximum": 1},
        ["range-impossible at input.x: minimum 3, maximum 1"],
    ),
    ("x", WHOLE | {"minimum": 3, "maximum": 1, "nullable": True}, ["range-impossible"]),
    ("x", WHOLE | {"minimum": 1, "exclusiveMaximum": 1}, ["range-impossible"]),
    ("x", WHOLE | {"multipleOf": 7, "minimum": 8, "maximum": 13}, ["range-impossible"]),
    ("x", TEXT | {"minLength": 3, "maxLength": 2}, ["range-impossible"]),
    (
        "x",
        {"type": "array", "items": WHOLE | {"minimum": 2, "maximum": 1}, **TOLD},
        ["range-impossible at input.x[]: minimum 2, maximum 1"],
    ),
    ("x", TEXT | {"enum": []}, ["choices-empty at input.x: choices []"]),
    ("x", TEXT | {"enum": ["a"]}, ["choice-single"]),
    ("x", TEXT | {"enum": ["a", "b", "a"]}, ["choices-repeated"]),
    ("x", WHOLE | {"enum": [1, 2], "maximum": 1}, ["choice-refused at input.x: choice 2"]),
    ("x", TEXT | {"pattern": "("}, ["pattern-unreadable at input.x: pattern ("]),
    ("api_key", TEXT, ["secret-plain at input.api_key: string"]),
    ("hf_token", TEXT, ["secret-plain"]),
    ("db_password", TEXT, ["secret-plain"]),
    ("token", TEXT, ["secret-plain"]),
    ("api_key", SECRET, []),
    ("api_key", SECRET | {"default": "hidden"}, ["secret-default at input.api_key: a default"]),
    ("api_key", SECRET | {"default": ""}, []),
    ("max_tokens", WHOLE, []),
    ("stop_token", TEXT, []),
    ("tokenizer", TEXT, []),
    ("image", TEXT, ["name-misleading at input.image: string, named as a file"]),
    ("image", TEXT | {"format": "uri"}, []),
    ("image_prompt", TEXT, []),
    ("seed", TEXT, ["name-misleading at input.seed: string, named as a number"]),
    ("num_outputs", TEXT, ["name-misleading"]),
    (
        "enable_upscaler",
        TEXT,
        ["name-misleading at input.enable_upscaler: string, named as a switch"],
    ),
    ("enable_upscaler", {"type": "boolean", **TOLD}, []),
    ("use_model", TEXT | {"enum": ["a", "b"]}, []),
    ("x", {"type": "strng", **TOLD}, ["schema-invalid"]),
    ("x", {"$ref": "#/components/schemas/Input", **TOLD}, ["schema-invalid"]),
]


@pytest.mark.parametrize(("name", "schema", "expected"), CASES)
def test_a_rule_says_what_is_wrong_and_nothing_else(
    name: str, schema: Schema, expected: list[str]
) -> None:
    found = told({name: schema})

    assert len(found) == len(expected), found
    assert all(one.startswith(f"lint-{start}") for one, start in zip(found, expected, strict=True))


def test_a_choice_of_its_own_name_is_looked_at_too() -> None:
    size = {"allOf": [{"$ref": "#/components/schemas/size"}], "default": "c", **TOLD}

    found = told({"size": size}, size={"enum": ["a", "a"], "type": "string"})

    assert found == [
        'lint-choices-repeated at input.size: choices ["a", "a"]',
        'lint-default-refused at input.size: default "c"',
    ]


def test_what_must_be_given_is_not_deprecated() -> None:
    found = told({"x": TEXT | {"deprecated": True}}, "x")

    assert found == ["lint-deprecated-required at input.x: deprecated and required"]


def test_names_that_differ_only_in_how_they_are_written() -> None:
    found = told({"num_steps": WHOLE, "numSteps": WHOLE})

    assert found == ["lint-names-alike at input.numSteps: beside num_steps"]


def test_an_output_that_says_nothing() -> None:
    without = {"components": {"schemas": {"Input": {"properties": {}}}}}

    assert [one.rule.id for one in lint(without)] == ["lint-output-undeclared"]
    assert [one.rule.id for one in lint(document({}, Output={}))] == ["lint-output-anything"]


def test_training_is_looked_at_too() -> None:
    training = {"properties": {"steps": {"type": "integer"}}}

    found = told({}, TrainingInput=training, TrainingOutput={"type": "string"})

    assert found == ["lint-description-missing at training_input.steps: no description"]


def test_a_secret_is_never_shown() -> None:
    (found,) = lint(document({"api_key": SECRET | {"default": "hidden-value"}}))

    assert found.example is NO_EXAMPLE
    assert "hidden" not in repr(found)


@pytest.mark.parametrize("inputs", [None, [], "x", {"properties": []}])
def test_inputs_that_cannot_be_read(inputs: Any) -> None:
    found = lint({"components": {"schemas": {"Input": inputs, "Output": {"type": "string"}}}})

    assert [one.rule.id for one in found] == ["lint-schema-invalid"]


@pytest.mark.parametrize("document_", [None, [], {}, {"components": {"schemas": {}}}])
def test_what_is_no_document_is_refused(document_: Any) -> None:
    with pytest.raises(SchemaInvalid):
        lint(document_)


def test_every_rule_can_be_met() -> None:
    met = {one.rule.id for name, schema, _ in CASES for one in lint(document({name: schema}))}
    met |= {"lint-deprecated-required", "lint-names-alike", "lint-output-undeclared"}

    assert set(RULES) - met == {"lint-output-anything"}
