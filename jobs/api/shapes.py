"""The shapes of bodies and answers, as the OpenAPI page has them."""

from jobs.api.given import BODIES, OBJECT, TEXT, TIME, Schema, one_of, record
from jobs.core import batch, prediction, version

WHOLE: Schema = {"type": "integer"}
SOME_TEXT: Schema = {"type": "string", "nullable": True}
SOME_TIME: Schema = {"type": "string", "format": "date-time", "nullable": True}
SOME_OBJECT: Schema = {"type": "object", "nullable": True}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
LIST: Schema = {"type": "array", "items": {}}


def _page(of: str) -> Schema:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}
    return record({"results": items, "next": SOME_TEXT, "previous": SOME_TEXT})


_ADDRESSES = ("github_url", "paper_url", "license_url", "cover_image_url")
_ABOUT = dict.fromkeys(("description", *_ADDRESSES), SOME_TEXT)
_RELEASE = record(
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
    "status": one_of(prediction.State),
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
    "Problem": record(
        {"type": TEXT, "title": TEXT, "status": WHOLE, "code": TEXT, "detail": TEXT},
        {"field": TEXT, "invalid_fields": {"type": "array", "items": TEXTS}},
    ),
    "Account": record({"type": TEXT, "username": TEXT, "name": TEXT, "github_url": SOME_TEXT}),
    "HardwareList": {"type": "array", "items": record({"sku": TEXT, "name": TEXT})},
    "Prediction": record(_RUN, {"deadline": TIME, "deployment": TEXT}),
    "Training": record({**_RUN, "destination": TEXT}, {"deadline": TIME}),
    "Model": record(
        {
            "owner": TEXT,
            "name": TEXT,
            "url": TEXT,
            "visibility": one_of(["private"]),
            "run_count": WHOLE,
            "aliases": OBJECT,
            "default_example": SOME_OBJECT,
            "latest_version": SOME_OBJECT,
            **_ABOUT,
        }
    ),
    "Version": record(
        {
            "id": TEXT,
            "model": TEXT,
            "state": one_of(version.State),
            "created_at": TIME,
            "cog_version": TEXT,
            "openapi_schema": OBJECT,
            "error": SOME_TEXT,
            "logs": TEXT,
        }
    ),
    "File": record(
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
    "Batch": record(
        {
            "id": TEXT,
            "model": TEXT,
            "version": TEXT,
            "status": one_of(batch.State),
            "paused": {"type": "boolean"},
            "request_counts": {"type": "object", "additionalProperties": WHOLE},
            "metadata": TEXTS,
            "created_at": WHOLE,
            "expires_at": WHOLE,
        }
    ),
    "Deployment": record(
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
    "Activity": record(
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
    "BatchPage": record({"data": LIST, "has_more": {"type": "boolean"}, "last_id": SOME_TEXT}),
    **{f"{of}Page": _page(of) for of in _PAGES},
    "CollectionPage": _page("Object"),
    **BODIES,
}
