"""The shapes of what is sent, as the OpenAPI page has them.

What fits is taken, but for what no schema can say: docs/02-batches.md names that.
"""

from collections.abc import Iterable
from typing import Any

from jobs.core import bundle, deployment, endpoint, file, model, request, version
from jobs.core.batch import PAUSED, PRIORITIES
from jobs.core.batch import State as BatchState
from jobs.core.events import FORMATS
from jobs.core.prediction import State as PredictionState
from jobs.services.events import MOST_AGO_S, MOST_WAIT_S
from jobs.services.files import MAX_NAME, MAX_TYPE
from webhooks.deliveries import State as DeliveryState

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}


def record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """More names than these may be there."""
    # in this order, and as it is required where it is said twice
    properties = required | (optional or {}) | required
    shape: Schema = {"type": "object", "properties": properties}
    return shape | {"required": list(required)} if required else shape


def given(required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    """What is sent: other names are refused."""
    return record(required, optional) | {"additionalProperties": False}


def one_of(words: Iterable[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def like(pattern: str, most: int | None = None) -> Schema:
    """A text that is like this, from its beginning to its end."""
    bounds = {} if most is None else {"maxLength": most}
    return {"type": "string", "pattern": f"^{pattern}$"} | bounds


def _some(items: Schema, most: int, least: int = 0) -> Schema:
    bounds = {"minItems": least, "maxItems": most}
    return {"type": "array", "items": items} | {key: n for key, n in bounds.items() if n}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _seconds(most: float) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": most}


def _or_null(shape: Schema) -> Schema:
    return shape | {"nullable": True}


_NAME, _DIGEST = version.NAME.pattern, version.DIGEST.pattern
_MODEL = f"{_NAME}/{_NAME}"
SHA256 = like(_DIGEST)
MODEL = like(_MODEL, version.MAX_MODEL)
DEPLOYMENT = like(f"[!-.0-~]+/{_NAME}", request.MAX_ADDRESS_BYTES)
HARDWARE = like(_NAME, version.MAX_HARDWARE)
#: a digest, a model, or one of its versions
REF: Schema = {
    "anyOf": [
        SHA256,
        MODEL,
        like(f"{_MODEL}:{_DIGEST}", version.MAX_MODEL + 65),
        *(like(f"{_MODEL}:{alias}", version.MAX_MODEL) for alias in version.ALIASES),
    ]
}
ADDRESS = like(
    r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[1-9][0-9]{0,3})?([/?#][!-\[\]-~]*)?",
    request.MAX_ADDRESS_BYTES,
)
#: of an object store: bucket and key
PLACE = like("s3://[^/\u0000-\u001f]+(/[^\u0000-\u001f]*)?", request.MAX_ADDRESS_BYTES)
#: what an id in a query is like
ID = like("[!-~]+", 200)
_WEB = _or_null(like("https?://[^\n]*", model.MAX_ADDRESS))
_EVENTS = _some(one_of(sorted(request.EVENTS)), request.MAX_EVENTS)
_TELL = {"webhook": _or_null(ADDRESS), "webhook_events_filter": _or_null(_EVENTS)}
_TELL_AT = {"webhook_completed": _or_null(ADDRESS), **_TELL}
_INPUT = {"input": OBJECT, "stream": FLAG, **_TELL_AT}
#: how a version is named, one way or another
_VERSIONS: tuple[dict[str, Schema], ...] = (
    {"version": REF},
    {"model": REF},
    {"model": MODEL, "version": SHA256},
)
_METADATA = {
    "type": "object",
    "nullable": True,
    "maxProperties": 16,
    "additionalProperties": {"type": "string", "maxLength": 512},
}
_BATCH = {
    "destination": _or_null(PLACE),
    "completion_window": like("([1-9][0-9]?|[1-6][0-9]{2}|7[01][0-9]|720)h"),
    "metadata": _METADATA,
    "priority": one_of(PRIORITIES),
    "webhook_format": _or_null(one_of(FORMATS)),
    "endpoint": one_of([request.ENDPOINT]),
    **_TELL,
}
_SOURCES: tuple[dict[str, Schema], ...] = (
    {"input_file_id": like("file_[A-Za-z0-9_-]{1,128}")},
    {
        "input_url": like(
            "s3://[^/\u0000-\u001f]+/[^\u0000-\u001f]*[^/\u0000-\u001f]", request.MAX_ADDRESS_BYTES
        )
    },
)
_INSTANCES = _whole(0, deployment.MOST_INSTANCES)
_RELEASED = {"hardware": HARDWARE, "min_instances": _INSTANCES, "max_instances": _INSTANCES}
_ABOUT = {
    "description": _or_null({"type": "string", "maxLength": model.MAX_DESCRIPTION}),
    "readme": _or_null({"type": "string", "maxLength": model.MAX_README}),
    **dict.fromkeys(model.ADDRESSES, _WEB),
}
#: an event, or several by `*`
_PATTERN: Schema = {
    "anyOf": [one_of(sorted(endpoint.TYPES)), like(r"[A-Za-z0-9_.-]*\*[A-Za-z0-9_.*-]*")]
}
_ENDPOINT = {
    "events": _or_null(_some(_PATTERN, endpoint.MAX_PATTERNS, 1)),
    "description": _or_null(like("[^\u0000-\u001f\u007f]*", endpoint.MAX_DESCRIPTION)),
    "rate_per_s": _or_null(
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": endpoint.MOST_PER_S}
    ),
    "concurrency": _or_null(_whole(1, endpoint.MOST_AT_ONCE)),
    "format": _or_null(one_of(FORMATS)),
}
_FILE = given(
    {
        "path": like(r"[^/\\\u0000]+(/[^/\\\u0000]+)*"),
        "sha256": SHA256,
        "size": _whole(0, bundle.MAX_SIZE_BYTES),
    },
    {"executable": FLAG},
)
_UPLOADED = {
    "filename": like("[^\u0000-\u001f\u007f]*", MAX_NAME),
    "type": like("[ -~]*", MAX_TYPE),
    "purpose": one_of(file.PURPOSES),
    "metadata": OBJECT,
}
_SUBJECT: Schema = {"type": "string", "minLength": 1}
_REPLAYED: dict[str, Schema] = {
    "since": _or_null(TIME),
    "until": _or_null(TIME),
    "missing": FLAG,
    "subject": _or_null(_SUBJECT),
    "after": _or_null(like(r"[0-9]{1,12}(\.[0-9]{1,9})?/dlv_[0-9a-f]{1,60}")),
}


def _each(*shapes: Schema) -> Schema:
    return {"oneOf": list(shapes)}


BODIES: dict[str, Schema] = {
    "NewPrediction": _each(
        *(given(how, _INPUT) for how in (*_VERSIONS, {"deployment": DEPLOYMENT}))
    ),
    "NewInput": given({}, _INPUT),
    "NewTraining": given(
        {"destination": MODEL},
        {"version": _or_null(REF), "input": OBJECT, **_TELL_AT},
    ),
    "NewBatch": _each(
        *(
            given({**source, **how}, _BATCH)
            for source in _SOURCES
            for how in (*_VERSIONS, {"deployment": DEPLOYMENT}, {})
        )
    ),
    "NewModel": given(
        {"owner": like(_NAME, version.MAX_MODEL), "name": like(_NAME, version.MAX_MODEL)},
        {"visibility": one_of(["private"]), "hardware": TEXT, **_ABOUT},
    ),
    "AboutModel": given({}, {"examples": _or_null(_some(TEXT, model.MAX_EXAMPLES)), **_ABOUT}),
    "NewVersion": given({"files": _some(_FILE, bundle.MAX_FILES, 1)}, {"hardware": HARDWARE}),
    "Promotion": given({"version": SHA256}, {"expected": _or_null(SHA256)}),
    "NewDeployment": _each(
        *(given({"name": like(_NAME, deployment.MAX_NAME), **how}, _RELEASED) for how in _VERSIONS)
    ),
    "ChangedDeployment": _each(
        *(given(how, _RELEASED) for how in _VERSIONS), given({}, _RELEASED) | {"minProperties": 1}
    ),
    "Rollback": given({}, {"number": _or_null(_whole(1, 2**31 - 1))}),
    "NewEndpoint": given({"url": ADDRESS}, _ENDPOINT),
    "ChangedEndpoint": given({}, {"url": ADDRESS, **_ENDPOINT}),
    "Rotation": given(
        {}, {"overlap_s": {"type": "number", "minimum": 0, "maximum": endpoint.MAX_OVERLAP_S}}
    ),
    "Replayed": {
        "anyOf": [
            given({"since": TIME}, _REPLAYED),
            given({"subject": _SUBJECT}, _REPLAYED),
            given({"missing": {"enum": [True]}}, _REPLAYED),
        ]
    },
    "Upload": record({"content": {"type": "string", "format": "binary"}}, _UPLOADED),
}


def _words(words: Iterable[str]) -> Schema:
    """Some of these words, between commas."""
    word = f"({'|'.join(words)})"
    return like(f"{word}(,{word})*", 200)


#: what is asked for by queries
QUERIES: dict[str, Schema] = {
    "limit": _whole(1, 100),
    "after": ID,
    "before": ID,
    "subject": ID,
    "endpoint": ID,
    "purpose": ID,
    "state": one_of(DeliveryState),
    "order": one_of(["asc", "desc"]),
    "model": MODEL,
    "created_after": TIME,
    "created_before": TIME,
    "wait_s": _seconds(MOST_WAIT_S),
    "ago_s": _seconds(MOST_AGO_S),
    "query": {"type": "string", "maxLength": 1000},
}
#: where a query means something else
OTHERS: dict[tuple[str, str], Schema] = {
    ("catalogue.search", "limit"): _whole(1, 50),
    ("predictions.index", "status"): _words(PredictionState),
    ("batches.index", "status"): _words([*BatchState, PAUSED]),
    ("events.index", "after"): like(r"[0-9]{1,10}(\.[0-9]{1,9})?(_[A-Za-z0-9_]{0,64})?"),
}
#: what parts of a path are like
PARTS: dict[tuple[str, str], Schema] = {
    (route, "sha256"): SHA256 for route in ("models.put", "models.has")
}
