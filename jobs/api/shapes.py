"""The shapes of bodies and answers, as the OpenAPI page has them."""

from collections.abc import Iterable
from typing import Any

from jobs.core import batch, events, prediction, version

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
SOME_TEXT: Schema = {"type": "string", "nullable": True}
TIME: Schema = {"type": "string", "format": "date-time"}
SOME_TIME: Schema = {"type": "string", "format": "date-time", "nullable": True}
OBJECT: Schema = {"type": "object"}
SOME_OBJECT: Schema = {"type": "object", "nullable": True}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
LIST: Schema = {"type": "array", "items": {}}


def _record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """More names than these may be there."""
    shape: Schema = {"type": "object", "properties": required | (optional or {})}
    return shape | {"required": list(required)} if required else shape


def _given(required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    """What is sent: other names are refused."""
    return _record(required, optional) | {"additionalProperties": False}


def _one_of(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def _page(of: str) -> Schema:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}
    return _record({"results": items, "next": SOME_TEXT, "previous": SOME_TEXT})


_FORMAT = _one_of(events.FORMATS)
_TELL = {"webhook": TEXT, "webhook_events_filter": {"type": "array", "items": TEXT}}
_INPUT = {"input": OBJECT, "stream": {"type": "boolean"}, "webhook_completed": TEXT, **_TELL}
_ADDRESSES = ("github_url", "paper_url", "license_url", "cover_image_url")
_ABOUT = dict.fromkeys(("description", *_ADDRESSES), SOME_TEXT)
_FILE = _given({"path": TEXT, "sha256": TEXT, "size": WHOLE}, {"executable": {"type": "boolean"}})
_RELEASED = {
    "model": TEXT,
    "version": TEXT,
    "hardware": TEXT,
    "min_instances": WHOLE,
    "max_instances": WHOLE,
}
_RELEASE = _record(
    {
        "number": WHOLE,
        "model": TEXT,
        "version": TEXT,
        "created_at": TIME,
        "created_by": OBJECT,
        "configuration": OBJECT,
    }
)
#: what predictions and trainings have
_RUN = {
    "id": TEXT,
    "model": TEXT,
    "version": TEXT,
    "status": _one_of(prediction.State),
    "input": OBJECT,
    "output": {"nullable": True},
    "error": SOME_TEXT,
    "logs": TEXT,
    "metrics": OBJECT,
    "created_at": TIME,
    "started_at": SOME_TIME,
    "completed_at": SOME_TIME,
    "urls": TEXTS,
}
_PAGES = (
    *("Prediction", "Training", "Model", "Version", "File", "Deployment", "Release", "Object"),
)
SHAPES: dict[str, Schema] = {
    "Object": OBJECT,
    "Problem": _record(
        {"type": TEXT, "title": TEXT, "status": WHOLE, "code": TEXT, "detail": TEXT},
        {"field": TEXT, "invalid_fields": {"type": "array", "items": TEXTS}},
    ),
    "Account": _record({"type": TEXT, "username": TEXT, "name": TEXT, "github_url": SOME_TEXT}),
    "HardwareList": {"type": "array", "items": _record({"sku": TEXT, "name": TEXT})},
    "Prediction": _record(_RUN, {"deadline": TIME, "deployment": TEXT}),
    "Training": _record({**_RUN, "destination": TEXT}, {"deadline": TIME}),
    "Model": _record(
        {
            "owner": TEXT,
            "name": TEXT,
            "url": TEXT,
            "visibility": _one_of(["private"]),
            "run_count": WHOLE,
            "aliases": OBJECT,
            "default_example": SOME_OBJECT,
            "latest_version": SOME_OBJECT,
            **_ABOUT,
        }
    ),
    "Version": _record(
        {
            "id": TEXT,
            "model": TEXT,
            "state": _one_of(version.State),
            "created_at": TIME,
            "cog_version": TEXT,
            "openapi_schema": OBJECT,
            "error": SOME_TEXT,
            "logs": TEXT,
        }
    ),
    "File": _record(
        {
            "id": TEXT,
            "name": TEXT,
            "content_type": TEXT,
            "size": WHOLE,
            "etag": TEXT,
            "checksums": TEXTS,
            "metadata": OBJECT,
            "purpose": SOME_TEXT,
            "created_at": TIME,
            "expires_at": SOME_TIME,
            "urls": TEXTS,
        }
    ),
    "Batch": _record(
        {
            "id": TEXT,
            "model": TEXT,
            "version": TEXT,
            "status": _one_of(batch.State),
            "paused": {"type": "boolean"},
            "request_counts": {"type": "object", "additionalProperties": WHOLE},
            "metadata": TEXTS,
            "created_at": WHOLE,
            "expires_at": WHOLE,
        }
    ),
    "Deployment": _record(
        {
            "owner": TEXT,
            "name": TEXT,
            "current_release": _RELEASE,
            "serving_release": _RELEASE,
            "rolling": {"type": "boolean"},
            "created_at": TIME,
        }
    ),
    "Release": _RELEASE,
    "Activity": _record(
        {
            "deployment": TEXT,
            "current_release": WHOLE,
            "serving_release": WHOLE,
            "rolling": {"type": "boolean"},
            "instances": LIST,
            "demand": LIST,
            "metrics": OBJECT,
            "events": LIST,
        }
    ),
    "NewDeployment": _given({"name": TEXT}, _RELEASED),
    "ChangedDeployment": _given({}, _RELEASED),
    "Rollback": _given({}, {"number": WHOLE}),
    "BatchPage": _record({"data": LIST, "has_more": {"type": "boolean"}, "last_id": SOME_TEXT}),
    **{f"{of}Page": _page(of) for of in _PAGES},
    "CollectionPage": _page("Object"),
    "NewPrediction": _given({}, {"version": TEXT, "model": TEXT, "deployment": TEXT, **_INPUT}),
    "NewInput": _given({}, _INPUT),
    "NewTraining": _given(
        {"destination": TEXT},
        {"version": TEXT, "input": OBJECT, "webhook_completed": TEXT, **_TELL},
    ),
    "NewModel": _given(
        {"owner": TEXT, "name": TEXT},
        {"visibility": _one_of(["private"]), "hardware": TEXT, "readme": TEXT, **_ABOUT},
    ),
    "AboutModel": _given(
        {}, {"readme": SOME_TEXT, "examples": {"type": "array", "items": TEXT}, **_ABOUT}
    ),
    "NewVersion": _given({"files": {"type": "array", "items": _FILE}}, {"hardware": TEXT}),
    "Promotion": _given({"version": TEXT}, {"expected": SOME_TEXT}),
    "NewEndpoint": _record(
        {"url": TEXT}, {"events": {"type": "array", "items": TEXT}, "format": _FORMAT}
    ),
    "NewBatch": _given(
        {},
        {
            "model": TEXT,
            "version": TEXT,
            "deployment": TEXT,
            "input_file_id": TEXT,
            "input_url": TEXT,
            "destination": TEXT,
            "completion_window": TEXT,
            "metadata": TEXTS,
            "priority": TEXT,
            "webhook_format": _FORMAT,
            **_TELL,
        },
    ),
}
