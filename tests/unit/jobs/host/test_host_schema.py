"""A model's OpenAPI document, word for word what Cog's own generator makes of the same function."""

# ruff: noqa: PLR0913, UP007, UP045 - signatures as models write them

import json
import os
import typing
from collections.abc import Callable, Iterator
from typing import Any, Optional

import pytest

from jobs.host import cogpackage
from jobs.host.badmodel import BadModel
from jobs.host.lint import notes
from jobs.host.schema import document

cogpackage.provide()

from cog import (  # noqa: E402
    BaseModel,
    ConcatenateIterator,
    File,
    Input,
    Opaque,
    Path,
    Secret,
    streaming,
)

SIZES = ["512x512", "1024x1024"]
REF = {"$ref": "#/components/schemas/x"}


@streaming
def rich(
    prompt: str = Input(description="Prompt text", min_length=1, max_length=500),
    negative: str = Input(description="What to avoid", default=""),
    code: str = Input(default="abc", regex="^[a-z]{3}$"),
    steps: int = Input(description="Steps", default=20, ge=1, le=100),
    guidance: float = Input(default=7.5, ge=0, le=20.5),
    nsfw: bool = False,
    size: str = Input(default="512x512", choices=SIZES),
    num: int = Input(default=1, choices=[1, 2, 4]),
    seed: Optional[int] = Input(description="Seed", default=None),
    seed2: int | None = None,
    seed3: int = Input(default=None),
    image: Path = Input(description="image", accept="image/*"),
    mask: Optional[Path] = Input(default=None),
    data: File = Input(description="old file"),
    token: Secret = Input(description="API token"),
    opt_token: Optional[Secret] = Input(default=None),
    tags: list[str] = Input(description="tags", default=[]),
    images: list[Path] = Input(description="many"),
    opt_list: list[str] | None = None,
    meta: dict = Input(default={}),  # type: ignore[type-arg]
    uni: typing.Union[str, float] = Input(description="u"),
    uni_n: str | int | None = None,
    anyv: Any = Input(default=None),
    old: str = Input(default="x", deprecated=True),
) -> ConcatenateIterator[str]:
    raise NotImplementedError


#: made by Cog 0.22's generator from the same signature
EXPECTED = """
{"Input":{"properties":{"anyv":{"title":"Anyv","type":"object","x-order":22},
"code":{"default":"abc","pattern":"^[a-z]{3}$","title":"Code","type":"string","x-order":2},
"data":{"description":"old file","format":"uri","title":"Data","type":"string","x-order":13},
"guidance":{"default":7.5,"maximum":20.5,"minimum":0,"title":"Guidance","type":"number",
"x-order":4},
"image":{"description":"image","format":"uri","title":"Image","type":"string",
"x-cog-accept":"image/*","x-order":11},
"images":{"description":"many","items":{"format":"uri","type":"string"},"title":"Images",
"type":"array","x-order":17},
"mask":{"default":null,"format":"uri","nullable":true,"title":"Mask","type":"string",
"x-order":12},
"meta":{"default":{},"title":"Meta","type":"object","x-order":19},
"negative":{"default":"","description":"What to avoid","title":"Negative","type":"string",
"x-order":1},
"nsfw":{"default":false,"title":"Nsfw","type":"boolean","x-order":5},
"num":{"allOf":[{"$ref":"#/components/schemas/num"}],"default":1,"x-order":7},
"old":{"default":"x","deprecated":true,"title":"Old","type":"string","x-order":23},
"opt_list":{"default":null,"items":{"type":"string"},"nullable":true,"title":"Opt List",
"type":"array","x-order":18},
"opt_token":{"default":null,"format":"password","nullable":true,"title":"Opt Token",
"type":"string","writeOnly":true,"x-cog-secret":true,"x-order":15},
"prompt":{"description":"Prompt text","maxLength":500,"minLength":1,"title":"Prompt",
"type":"string","x-order":0},
"seed":{"default":null,"description":"Seed","nullable":true,"title":"Seed","type":"integer",
"x-order":8},
"seed2":{"default":null,"nullable":true,"title":"Seed2","type":"integer","x-order":9},
"seed3":{"title":"Seed3","type":"integer","x-order":10},
"size":{"allOf":[{"$ref":"#/components/schemas/size"}],"default":"512x512","x-order":6},
"steps":{"default":20,"description":"Steps","maximum":100,"minimum":1,"title":"Steps",
"type":"integer","x-order":3},
"tags":{"default":[],"description":"tags","items":{"type":"string"},"title":"Tags",
"type":"array","x-order":16},
"token":{"description":"API token","format":"password","title":"Token","type":"string",
"writeOnly":true,"x-cog-secret":true,"x-order":14},
"uni":{"anyOf":[{"type":"string"},{"type":"number"}],"description":"u","title":"Uni",
"x-order":20},
"uni_n":{"anyOf":[{"nullable":true,"type":"string"},{"nullable":true,"type":"integer"}],
"default":null,"nullable":true,"title":"Uni N","x-order":21}},
"required":["prompt","seed3","image","data","token","images","uni","anyv"],"title":"Input",
"type":"object"},
"size":{"description":"An enumeration.","enum":["512x512","1024x1024"],"title":"size",
"type":"string"},
"num":{"description":"An enumeration.","enum":[1,2,4],"title":"num","type":"integer"},
"Output":{"items":{"type":"string"},"title":"Output","type":"array",
"x-cog-array-display":"concatenate","x-cog-array-type":"iterator"}}
"""


def test_a_rich_signature_gives_what_cog_gives() -> None:
    """All 24 inputs, word for word; and around them what Cog puts around those of every model."""
    made = document(rich)
    schemas, expected = made["components"]["schemas"], json.loads(EXPECTED)

    assert {name: schemas.pop(name) for name in expected} == expected
    assert sorted(schemas) == [
        "HTTPValidationError",
        "PredictionRequest",
        "PredictionResponse",
        "Status",
        "ValidationError",
    ]
    assert sorted(schemas["PredictionResponse"]["properties"]) == sorted(RESPONSE)
    assert sorted(made["paths"]) == [
        "/",
        "/health-check",
        "/predictions",
        "/predictions/{prediction_id}/cancel",
    ]
    assert made["paths"]["/predictions"]["post"]["x-cog-streaming"] is True


RESPONSE = [
    "input",
    "output",
    "id",
    "version",
    "created_at",
    "started_at",
    "completed_at",
    "status",
    "error",
    "logs",
    "metrics",
]


def test_what_streams_must_be_an_iterator() -> None:
    @streaming()
    def predict() -> str: ...  # type: ignore[empty-body]

    with pytest.raises(BadModel, match="so its output must be an iterator"):
        document(predict)


class Box(BaseModel):
    left: float
    label: str | None = None


class Found(BaseModel):
    boxes: list[Box]
    picture: Path


class Total(typing.TypedDict, total=False):
    count: int


BOX = {
    "type": "object",
    "properties": {
        "left": {"type": "number", "title": "Left"},
        "label": {"type": "string", "title": "Label", "nullable": True},
    },
    "required": ["left", "label"],
}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (str, {"type": "string"}),
        (Path, {"type": "string", "format": "uri"}),
        (list[Path], {"type": "array", "items": {"type": "string", "format": "uri"}}),
        (Any, {"type": "object"}),
        (dict, {"type": "object"}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (list[dict[str, Any]], {"type": "array", "items": {"type": "object"}}),
        (Box, BOX),
        (list[Box], {"type": "array", "items": BOX}),
        (
            Found,
            {
                "type": "object",
                "properties": {
                    "boxes": {"type": "array", "items": BOX, "title": "Boxes"},
                    "picture": {"type": "string", "format": "uri", "title": "Picture"},
                },
                "required": ["boxes", "picture"],
            },
        ),
        (
            Total,
            {"type": "object", "properties": {"count": {"type": "integer", "title": "Count"}}},
        ),
        (Iterator[int], {"type": "array", "items": {"type": "integer"}}),
        (Iterator[Path], {"type": "array", "items": {"type": "string", "format": "uri"}}),
    ],
)
def test_outputs(kind: Any, expected: dict[str, Any]) -> None:
    made = document(giving(kind))["components"]["schemas"]["Output"]

    iterates = {"x-cog-array-type": "iterator"} if typing.get_origin(kind) not in KINDS else {}
    assert made == {"title": "Output"} | expected | iterates


KINDS = (None, list, dict)


def giving(kind: Any) -> Callable[..., Any]:
    def predict() -> Any: ...

    predict.__annotations__["return"] = kind
    return predict


def taking(kind: Any, default: Any = Input()) -> Callable[..., Any]:
    def predict(x: Any = default) -> str: ...  # type: ignore[empty-body]

    predict.__annotations__["x"] = kind
    return predict


def test_choices_of_a_list_are_choices_of_each_item() -> None:
    schemas = document(taking(list[str], Input(default=["a"], choices=["a", "b"])))["components"]

    assert schemas["schemas"]["Input"]["properties"]["x"] == {
        "type": "array",
        "items": {"allOf": [{"$ref": "#/components/schemas/x"}]},
        "title": "X",
        "default": ["a"],
        "x-order": 0,
    }
    assert schemas["schemas"]["x"]["enum"] == ["a", "b"]


def test_a_secret_may_be_left_out_by_default_none() -> None:
    made = document(taking(Secret, Input(default=None)))["components"]["schemas"]["Input"]

    assert made["properties"]["x"]["nullable"] is True
    assert "required" not in made


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (set[int], "the input x has a type that is not supported: set"),
        (tuple[int, int], "the input x has a type that is not supported: tuple"),
        (object, "use str, int, float, bool, Path"),
        (str | Path, "the input x is a file or something else; make two inputs of it"),
        (list[Path] | None | str, "the input x is a file or something else"),
        (list[list[Path]], "use one list of files"),
        (list[int | None], "leave None out"),
    ],
)
def test_an_input_that_cannot_be_carried_is_refused(kind: Any, reason: str) -> None:
    with pytest.raises(BadModel, match=reason):
        document(taking(kind))


@pytest.mark.parametrize(
    ("kind", "choices", "reason"),
    [
        (Path, ["a"], "so it must be text or a number"),
        (str | int, ["a"], "so it must be text or a number"),
        (int, [1, "2"], "the input x is int, but a choice is '2'"),
        (int, [True], "the input x is int, but a choice is True"),
    ],
)
def test_choices_that_fit_no_input_are_refused(kind: Any, choices: Any, reason: str) -> None:
    with pytest.raises(BadModel, match=reason):
        document(taking(kind, Input(choices=choices)))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (None, "no return annotation"),
        (str | None, "the output may be one of several types"),
        (str | int, "the output may be one of several types"),
        (set[str], "the output has a type that is not supported"),
    ],
)
def test_an_output_that_cannot_be_carried_is_refused(kind: Any, reason: str) -> None:
    with pytest.raises(BadModel, match=reason):
        document(giving(kind))


def test_a_parameter_without_a_type_or_a_name_is_refused() -> None:
    def untyped(text="x") -> str: ...  # type: ignore[no-untyped-def, empty-body]
    def variadic(text: str, **others: str) -> str: ...  # type: ignore[empty-body]
    def untold(text: str): ...  # type: ignore[no-untyped-def]

    with pytest.raises(BadModel, match=r"text of predict\(\) has no type annotation"):
        document(untyped)
    with pytest.raises(BadModel, match="any number of others"):
        document(variadic)
    with pytest.raises(BadModel, match="no return annotation"):
        document(untold)


# Where the generator of Cog is wrong or silent (it reads the source and runs none of it)


@pytest.mark.parametrize(
    ("kind", "default", "property_"),
    [
        # a default that is computed: Cog drops it, and the input is required without a word
        (str, Input(default=os.environ.get("NOWHERE", "fallback")), {"default": "fallback"}),
        # a description that is computed: Cog drops it, or runs two literals into one another
        (str, Input(description=f"One of {len(SIZES)}."), {"description": "One of 2."}),
        (str, Input(description="ab"), {"description": "ab"}),
        # choices that are computed: an error there
        (str, Input(choices=[size.lower() for size in SIZES]), {"allOf": [REF]}),
        # choices of a list: the list is lost there
        (list[str], Input(choices=["a", "b"]), {"type": "array", "items": {"allOf": [REF]}}),
        # what it takes for unknown types
        (typing.Annotated[Box, Opaque], Input(), {"type": "object"}),
        (typing.Annotated[list[Box], Opaque], Input(), {"items": {"type": "object"}}),
        (typing.Annotated[int, "seconds"], Input(), {"type": "integer"}),
        # a default is what comes back as JSON
        (Path, Input(default=Path("a.png")), {"default": "a.png"}),
        (float, Input(default=1, choices=[0.5, 1]), {"default": 1}),
        (int, Input(default=2.0, le=2), {"default": 2.0}),
    ],
)
def test_what_cog_loses_is_here(kind: Any, default: Any, property_: dict[str, Any]) -> None:
    made = document(taking(kind, default))["components"]["schemas"]["Input"]["properties"]["x"]

    assert made.items() >= property_.items()


@pytest.mark.parametrize(
    ("kind", "default", "reason"),
    [
        (int, Input(default=0, ge=1), "0, which is below its least, 1"),
        (float, Input(default=1.5, le=1), "1.5, which is above its most, 1"),
        (str, Input(default="", min_length=1), "which is below its least, 1"),
        (str, Input(default="A", regex="^[a-z]$"), "which does not match its regex"),
        (str, Input(default="l", choices=["s", "m"]), "'l', which is not one of its choices"),
        (list[str], Input(default=["l"], choices=["s"]), "which is not one of its choices"),
        (int, Input(default=0.5), "which is not of its type, integer"),
        (int, Input(default=True), "which is not of its type, integer"),
        (str, 5, "which is not of its type, string"),
        (bool, "yes", "which is not of its type, boolean"),
        (list[str], "a", "which is not of its type, array"),
        (str, Input(choices=[]), "has an empty list of choices"),
    ],
)
def test_a_default_that_would_be_refused_if_it_were_given(
    kind: Any, default: Any, reason: str
) -> None:
    with pytest.raises(BadModel, match=f"the input x .*{reason}|of the input x .*{reason}"):
        document(taking(kind, default))


@pytest.mark.parametrize(
    ("kind", "default", "told"),
    [
        (int, Input(default=None), "the input x must be given: its default is None, which its"),
        (str, None, "write str | None, or another default"),
        (str, Input(choices=["a"]), "the input x has one choice only"),
        (int | None, Input(default=None), None),
        (Secret, Input(default=None), None),
        (Any, Input(default=None), None),
        (str, Input(description="no default"), None),
    ],
)
def test_what_is_allowed_and_hardly_meant_is_told(kind: Any, default: Any, told: str) -> None:
    predict = taking(kind, default)

    lines = list(notes(predict, document(predict)))

    assert [told in line for line in lines] == [True] if told else lines == []
