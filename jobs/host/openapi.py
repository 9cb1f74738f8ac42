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
    predict = _operation("Predict", "predict_predictions_post", "PredictionResponse", refuses=True)
    predict["description"] = "Run a single prediction on the model"
    predict["requestBody"] = _content(_ref("PredictionRequest"))
    if streams:
        predict["x-cog-streaming"] = True
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {
            "/": {"get": _operation("Root", "root__get")},
            "/health-check": {"get": _operation("Healthcheck", "healthcheck_health_check_get")},
            "/predictions": {"post": predict},
            "/predictions/{prediction_id}/cancel": {"post": _cancel()},
        },
        "components": {"schemas": _FRAME | schemas},
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


def _cancel() -> dict[str, Any]:
    id = "cancel_predictions__prediction_id__cancel_post"
    name = {"title": "Prediction Id", "type": "string"}
    where = {"name": "prediction_id", "in": "path", "required": True, "schema": name}
    return _operation("Cancel", id, refuses=True) | {"parameters": [where]}


def _titled(name: str, **facts: Any) -> dict[str, Any]:
    return {"title": name.replace("_", " ").title(), "type": "string"} | facts


def _record(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "object", "properties": properties}


_PLACE = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
_FRAME: dict[str, Any] = {
    "PredictionRequest": _record(
        "PredictionRequest", {"id": _titled("id"), "input": _ref("Input")}
    ),
    "PredictionResponse": _record(
        "PredictionResponse",
        {
            "input": _ref("Input"),
            "output": _ref("Output"),
            **{name: _titled(name) for name in _TEXTS},
            **{name: _titled(name, format="date-time") for name in _TIMES},
            "metrics": _titled("metrics", type="object"),
        },
    ),
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
