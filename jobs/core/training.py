"""A training: a prediction of a version's train(), whose weights make a version of another model.

It has a prediction's states and moves, and lies where predictions lie; its id says what it is.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.core import bundle
from jobs.core.bundle import BundleFile

#: what the ids of trainings begin with
KIND = "train"
#: where weights lie in a version's files, alone: pushes leave `.cog` out, so it is a training's
WEIGHTS = ".cog/weights/"
_PATHS = "/trainings"
_REF = '"#/components/schemas/{}"'


def is_training(id: str) -> bool:
    """Whether a prediction of this id is a training."""
    return id.startswith(f"{KIND}_")


def trains(schema: Mapping[str, Any] | None) -> bool:
    """Whether a version's document says how to train it."""
    return "TrainingInput" in _schemas(schema or {})


def as_prediction(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a version as if its train() were its predict()."""
    schemas = _schemas(schema)
    parts = {"Input": schemas["TrainingInput"], "Output": schemas["TrainingOutput"]}
    return {**schema, "components": {"schemas": {**schemas, **parts}}}


def joined(schema: Mapping[str, Any], trainer: Mapping[str, Any]) -> dict[str, Any]:
    """A document of predict() with what another one says of training.

    Choices have the names of their inputs. Where both have different choices by one name, those of
    train() are called otherwise.
    """
    schemas, theirs = _schemas(schema), _schemas(trainer)
    other = {
        name: f"Training{name}"
        for name, shape in theirs.items()
        if "enum" in shape and schemas.get(name, shape) != shape
    }
    missing = theirs.keys() - schemas.keys() | other.keys()
    taken = {other.get(name, name): shape for name, shape in theirs.items() if name in missing}
    taken["TrainingInput"] = _referring(taken["TrainingInput"], other)
    told = {path: what for path, what in trainer["paths"].items() if path.startswith(_PATHS)}
    return {
        **schema,
        "paths": {**schema["paths"], **told},
        "components": {"schemas": {**schemas, **taken}},
    }


def files_with(files: Sequence[Mapping[str, Any]], weights: BundleFile) -> tuple[BundleFile, ...]:
    """A version's files with these weights, in the place of those that it was trained with.

    Raises:
        BadRequest: the weights have a name that a version cannot hold, or there are too many files.
    """
    kept = [file for file in files if not file["path"].startswith(WEIGHTS)]
    return bundle.check_entries([*map(dict, kept), weights.to_json()])


def _schemas(document: Mapping[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return schemas


def _referring(shape: dict[str, Any], other: Mapping[str, str]) -> dict[str, Any]:
    """A shape that refers to the same by other names."""
    text = json.dumps(shape)
    for name, new in other.items():
        text = text.replace(_REF.format(name), _REF.format(new))
    made: dict[str, Any] = json.loads(text)
    return made
