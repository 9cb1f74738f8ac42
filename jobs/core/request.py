"""What a request to run something says: names, addresses, metadata, each checked."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from jobs.core import events
from jobs.core.batch import PRIORITIES
from jobs.core.checker import short_name
from jobs.core.errors import BadRequest
from webhooks.addresses import Network, judge_host

#: what rows are asked of, and what OpenAI's clients may ask that is not here
ENDPOINT = "/v1/predictions"
UNSERVED = frozenset(
    {
        "/v1/responses",
        "/v1/chat/completions",
        "/v1/embeddings",
        "/v1/completions",
        "/v1/moderations",
        "/v1/images/generations",
        "/v1/images/edits",
        "/v1/videos",
    }
)
MAX_ADDRESS_BYTES = 2_000
MAX_EVENTS = 20
#: the shortest and longest time after which a prediction may be cancelled by itself
LEAST_S, MOST_S = 5, 30 * 86_400
_DURATION = re.compile(r"(?=.)(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s?)?", re.ASCII)
_HOURS = re.compile(r"(\d{1,3})h", re.ASCII)
_SHORT_EVENTS = {events.short(name) for name in events.PREDICTION_TYPES}
EVENTS = events.TYPES | _SHORT_EVENTS


def check_names(request: dict[str, Any], known: frozenset[str]) -> None:
    """Raise BadRequest if the request holds a name that is not known."""
    unknown = sorted(set(request) - known)
    if unknown:
        raise BadRequest(
            f"is not known; the names here are: {', '.join(sorted(known))}",
            field=short_name(unknown[0]),
        )


def version_ref(request: dict[str, Any]) -> object:
    """What `model` and `version` name together.

    Raises:
        BadRequest: both are there, and are not a bare model and a digest.
    """
    model, version = request.get("model"), request.get("version")
    if model is None or version is None:
        return version if model is None else model
    if isinstance(model, str) and ":" not in model and isinstance(version, str):
        return f"{model}:{version}"
    raise BadRequest("beside model, version is a digest of that model", field="version")


def unserved(path: str) -> str | None:
    """What to say of an endpoint of OpenAI's that is not here; None of any other."""
    if path not in UNSERVED:
        return None
    return (
        f"{path}, which is not served here: a batch runs predictions of one model,"
        f' with the url "{ENDPOINT}" and the body {{"model": "owner/name", "input": {{...}}}}'
    )


def endpoint_fault(given: object) -> str | None:
    """Why a batch's rows cannot be asked of this, or None if they can."""
    if given == ENDPOINT:
        return None
    if isinstance(given, str) and (why := unserved(given)):
        return f"is {why}"
    return f'must be "{ENDPOINT}"'


def webhook_format(request: dict[str, Any], name: str = "webhook_format") -> str | None:
    """In whose words it is told; None is ours. Raises BadRequest."""
    given, known = request.get(name), events.FORMATS
    if not (given is None or (isinstance(given, str) and given in known)):
        raise BadRequest(f"must be one of: {', '.join(known)}", field=name)
    return None if given == known[0] else given


def webhook(request: dict[str, Any], allow: Sequence[Network], name: str = "webhook") -> str | None:
    """The address to tell; where a name leads is judged when it is dialled.

    Raises:
        BadRequest: it is none, or webhooks may not go there; `allow`: private ranges that they may.
    """
    url = request.get(name)
    if url is None:
        return None
    if not isinstance(url, str) or not _is_web_address(url):
        raise BadRequest(
            "must be an http:// or https:// address with a host, in ASCII, without user or"
            f" password, of at most {MAX_ADDRESS_BYTES} characters",
            field=name,
        )
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    refused = judge_host(parts.hostname or "", allow, port=port)
    if refused:
        raise BadRequest(
            f"leads where webhooks may not go: {refused}; whoever runs the server can allow a"
            " range with PENSTOCK_ALLOW_NETWORKS",
            field=name,
            code="address_refused",
        )
    return url


def _is_web_address(url: str) -> bool:
    if len(url) > MAX_ADDRESS_BYTES or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a bracket is missing, or the port is no number
        return False
    fine = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return fine and "@" not in parts.netloc and "\\" not in url


def events_filter(request: dict[str, Any]) -> tuple[str, ...]:
    """Which events the caller wants; all, if none is named.

    Raises:
        BadRequest: there is no such event, so that it would never come.
    """
    field = "webhook_events_filter"
    names = request.get(field)
    if names is None:
        return ()
    if not isinstance(names, list) or len(names) > MAX_EVENTS:
        raise BadRequest("must be a list of event names", field=field)
    for number, name in enumerate(names):
        if not isinstance(name, str) or name not in EVENTS:
            raise BadRequest(
                f"must be one of: {', '.join(sorted(EVENTS))}", field=f"{field}[{number}]"
            )
    return tuple(names)


def s3_address(url: object, field: str) -> tuple[str, str]:
    """Bucket and key, without a slash at its end, of an s3:// address; raises BadRequest."""
    if not isinstance(url, str) or not url.startswith("s3://"):
        raise BadRequest("must be an s3://bucket/key address", field=field)
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not bucket:
        raise BadRequest("must name a bucket: s3://bucket/key", field=field)
    if not url.isprintable() or len(url.encode()) > MAX_ADDRESS_BYTES:
        raise BadRequest(
            f"must be printable and have at most {MAX_ADDRESS_BYTES} bytes", field=field
        )
    return bucket, key.rstrip("/")


def metadata(request: dict[str, Any]) -> dict[str, str]:
    """Up to 16 pairs of strings, as OpenAI has them."""
    given = {} if request.get("metadata") is None else request["metadata"]
    if not isinstance(given, dict) or len(given) > 16:
        raise BadRequest("must be an object of at most 16 strings", field="metadata")
    for key, value in given.items():
        if not 0 < len(key) <= 64:
            raise BadRequest("a key must have 1 to 64 characters", field="metadata")
        if not isinstance(value, str) or len(value) > 512:
            raise BadRequest(
                "must be a string of at most 512 characters", field=f"metadata.{short_name(key)}"
            )
    return given


def priority(request: dict[str, Any]) -> int:
    """`priority`: low, normal or high; normal unless said otherwise."""
    name = request.get("priority", "normal")
    if not isinstance(name, str) or name not in PRIORITIES:
        raise BadRequest(f"must be one of: {', '.join(PRIORITIES)}", field="priority")
    return PRIORITIES[name]


def window(request: dict[str, Any]) -> timedelta:
    """`completion_window`, in hours: 24h unless said otherwise."""
    text = request.get("completion_window", "24h")
    hours = _HOURS.fullmatch(text) if isinstance(text, str) else None
    if hours is None or not 1 <= int(hours[1]) <= 720:
        raise BadRequest("must be a number of hours from 1h to 720h", field="completion_window")
    return timedelta(hours=int(hours[1]))


def cancel_after_s(text: str | None) -> float | None:
    """`Cancel-After` in seconds: `90`, `90s`, `1h30m45s`; raises BadRequest."""
    if text is None:
        return None
    found = _DURATION.fullmatch(text.strip())
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if not LEAST_S <= total <= MOST_S:
        raise BadRequest(
            f"must be a time such as 90, 90s or 1h30m45s, from {LEAST_S} s to 720h",
            field="Cancel-After",
        )
    return float(total)
