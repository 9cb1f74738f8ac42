"""The frame of a model's OpenAPI document: what all of them answer, around Input and Output."""

from typing import Any

_REF = "#/components/schemas/"
_TEXTS = ("id", "version", "status", "error", "logs")
_TIMES = ("created_at", "started_at", "completed_at")
STATES = ["starting", "processing", "succeeded", "canceled", "failed"]


def document(schemas: dict[str, Any], *, streams: bool = False) -> dict[str, Any]:
    """The whole document; `schemas` has Input, Output and the choices.

    `streams`: whether an answer may come as server-sent events.
    """
    predict = _creating("Predict", "predict", "Prediction")
    if streams:
        predict["x-cog-streaming"] = True
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {
            "/": {"get": _operation("Root", "root__get")},
            "/health-check": {"get": _operation("Healthcheck", "healthcheck_health_check_get")},
            "/predictions": {"post": predict},
            "/predictions/{prediction_id}/cancel": {"post": _cancel("Prediction")},
        },
        "components": {"schemas": _FRAME | _around("Prediction", "Input", "Output") | schemas},
    }


def with_trainings(made: dict[str, Any]) -> dict[str, Any]:
    """The document of a train() with its Input and Output by cog's names beside."""
    schemas = made["components"]["schemas"]
    parts = {f"Training{part}": schemas[part] for part in ("Input", "Output")}
    named = {name: {**shape, "title": name} for name, shape in parts.items()}
    frame = _around("Training", *named)
    paths = {
        "/trainings": {"post": _creating("Train", "train", "Training")},
        "/trainings/{training_id}/cancel": {"post": _cancel("Training")},
    }
    return {
        **made,
        "paths": made["paths"] | paths,
        "components": {"schemas": {**schemas, **frame, **named}},
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"{_REF}{name}"}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _operation(
    summary: str, id: str, answer: str | None = None, *, refuses: bool = False
) -> dict[str, Any]:
    good = {"description": "Successful Response"} | _content(_ref(answer) if answer else {})
    answers: dict[str, Any] = {"200": good}
    if refuses:
        bad = {"description": "Validation Error"}
        answers["422"] = bad | _content(_ref("HTTPValidationError"))
    return {"summary": summary, "operationId": id, "responses": answers}


def _creating(summary: str, word: str, kind: str) -> dict[str, Any]:
    """`kind` is Prediction or Training, and its path the plural."""
    id = f"{word}_{kind.lower()}s_post"
    made = _operation(summary, id, f"{kind}Response", refuses=True)
    made["description"] = f"Run a single {kind.lower()} on the model"
    made["requestBody"] = _content(_ref(f"{kind}Request"))
    return made


def _cancel(kind: str) -> dict[str, Any]:
    one = f"{kind.lower()}_id"
    id = f"cancel_{kind.lower()}s__{one}__cancel_post"
    name = {"title": f"{kind} Id", "type": "string"}
    where = {"name": one, "in": "path", "required": True, "schema": name}
    return _operation("Cancel", id, refuses=True) | {"parameters": [where]}


def _titled(name: str, **facts: Any) -> dict[str, Any]:
    return {"title": name.replace("_", " ").title(), "type": "string"} | facts


def _record(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "object", "properties": properties}


def _around(kind: str, takes: str, gives: str) -> dict[str, Any]:
    """What is asked of a model around its input, and answered around its output."""
    answer = {
        "input": _ref(takes),
        "output": _ref(gives),
        **{name: _titled(name) for name in _TEXTS},
        **{name: _titled(name, format="date-time") for name in _TIMES},
        "metrics": _titled("metrics", type="object"),
    }
    asked = {"id": _titled("id"), "input": _ref(takes)}
    requested, answered = f"{kind}Request", f"{kind}Response"
    return {requested: _record(requested, asked), answered: _record(answered, answer)}


_PLACE = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
_FRAME: dict[str, Any] = {
    "Status": _titled("Status", enum=STATES, description="An enumeration."),
    "HTTPValidationError": _record(
        "HTTPValidationError",
        {"detail": _titled("detail", type="array", items=_ref("ValidationError"))},
    ),
    "ValidationError": _record(
        "ValidationError",
        {
            "loc": {"title": "Location", "type": "array", "items": _PLACE},
            "msg": _titled("Message"),
            "type": _titled("Error Type"),
        },
    )
    | {"required": ["loc", "msg", "type"]},
}
