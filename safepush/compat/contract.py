"""A model's OpenAPI document as what it promises: its inputs and its output."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from safepush.compat.normal import Normalizer
from safepush.compat.shapes import Branch, Objects, Shape
from safepush.errors import SchemaInvalid

#: the components that are a promise, and how each is called in a finding's place
INPUTS = {"Input": "input", "TrainingInput": "training_input"}
OUTPUTS = {"Output": "output", "TrainingOutput": "training_output"}


@dataclass(frozen=True)
class Contract:
    """The normal form of each promise that a document makes, by its place."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]


def contract(document: Any, source: str) -> Contract:
    """What a document promises; `source` is what it is called in an error.

    Raises:
        SchemaInvalid: it is no model's document, or one that cannot be compared.
    """
    try:
        return _contract(document)
    except SchemaInvalid as exc:
        raise SchemaInvalid(exc.place, exc.reason, source) from exc


def _contract(document: Any) -> Contract:
    schemas = schemas_of(document)
    normalizer = Normalizer(document_of(document))

    def promises(names: Mapping[str, str]) -> dict[str, Shape]:
        return {
            place: normalizer.shape(schemas[name], ("components", "schemas", name))
            for name, place in names.items()
            if name in schemas
        }

    inputs = promises(INPUTS)
    return Contract({place: _declared(one) for place, one in inputs.items()}, promises(OUTPUTS))


def _declared(shape: Shape) -> Shape:
    """Inputs as a whole are never free in form: where none is declared, there is none."""
    return replace(shape, branches=tuple(map(_closed, shape.branches)))


def _closed(branch: Branch) -> Branch:
    is_free = isinstance(branch, Objects) and not branch.members
    return Objects({}, None) if is_free else branch


def document_of(document: Any) -> Mapping[str, Any]:
    """The OpenAPI document itself, where it lies in the answer that an API gives of a version."""
    if not isinstance(document, Mapping):
        raise SchemaInvalid((), "is no JSON object; a model's OpenAPI document is one")
    inner = document.get("openapi_schema")
    return inner if isinstance(inner, Mapping) and "components" not in document else document


def schemas_of(document: Any) -> Mapping[str, Any]:
    """The named schemas of a model's document, one of the promises at least among them."""
    found: Any = document_of(document)
    for step in ("components", "schemas"):
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or not any(name in found for name in (*INPUTS, *OUTPUTS)):
        raise SchemaInvalid(
            ("components", "schemas"), "has neither Input nor Output; is it a model's document?"
        )
    return found
