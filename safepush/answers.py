"""The server's answers as frozen values; whatever is not of the agreed form is a BadAnswer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from safepush import errors
from safepush.errors import BadAnswer, ServiceRefused
from safepush.plain import plain

T = TypeVar("T")

SETTLED_STATES = ("ready", "failed", "retired")
FINAL_STATUSES = ("succeeded", "failed", "canceled", "aborted")

REFUSALS: dict[int, type[ServiceRefused]] = {
    400: errors.InvalidRequest,
    401: errors.NotAllowed,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    413: errors.InvalidRequest,
    422: errors.InvalidRequest,
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version as the server knows it."""

    id: str
    state: str
    schema: Mapping[str, Any] | None = None
    error: str | None = None
    logs: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer changes nothing."""
        return self.state in SETTLED_STATES


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What the process that made a prediction held on to then; a server need not tell it."""

    host: str
    memory_bytes: int | None = None
    temp_files: int | None = None
    temp_bytes: int | None = None
    open_files: int | None = None
    threads: int | None = None


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A prediction as the server knows it; `took_s` is what it took on the worker, if told."""

    id: str
    status: str
    output: Any = None
    error: str | None = None
    took_s: float | None = None
    logs: str = ""
    usage: Usage | None = None

    @property
    def is_final(self) -> bool:
        """Whether waiting longer changes nothing."""
        return self.status in FINAL_STATUSES


class Answer:
    """One JSON object from the server, opened field by field."""

    def __init__(self, request: str, body: object) -> None:
        if not isinstance(body, dict):
            raise BadAnswer(request, "the answer is not a JSON object")
        self.request = request
        self.body: dict[str, Any] = body

    def get(self, name: str, kind: type[T]) -> T:
        """The field `name`, which must be a `kind`."""
        value = self.body.get(name)
        if not isinstance(value, kind):
            raise BadAnswer(self.request, f"the answer has no usable `{name}`")
        return value

    def find(self, name: str, kind: type[T]) -> T | None:
        """The same, or nothing where it is null or absent."""
        return None if self.body.get(name) is None else self.get(name, kind)

    def version(self) -> Version:
        """The answer as a version."""
        return Version(
            id=self.get("id", str),
            state=self.get("state", str),
            schema=self.find("openapi_schema", dict),
            error=self.find("error", str),
            logs=self.find("logs", str) or "",
        )

    def prediction(self) -> Prediction:
        """The answer as a prediction."""
        return Prediction(
            id=self.get("id", str),
            status=self.get("status", str),
            output=self.body.get("output"),
            error=self.find("error", str),
            took_s=self._took_s(),
            logs=self.find("logs", str) or "",
            usage=usage(self._metrics()),
        )

    def _metrics(self) -> dict[str, Any]:
        metrics = self.body.get("metrics")
        return metrics if isinstance(metrics, dict) else {}

    def _took_s(self) -> float | None:
        found = self._metrics().get("predict_time")
        if isinstance(found, bool) or not isinstance(found, int | float):
            return None
        return float(found)


def usage(metrics: Mapping[str, Any]) -> Usage | None:
    """What a prediction's metrics tell of its process; nothing where they do not name it."""
    host = metrics.get("host")
    if not isinstance(host, str):
        return None
    told = {one.name: metrics.get(one.name) for one in fields(Usage)[1:]}
    return Usage(host=host, **{name: one for name, one in told.items() if type(one) is int})


def parse(request: str, content: bytes) -> Answer:
    """The JSON object in an answer's body."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise BadAnswer(request, "the answer is not JSON") from exc
    return Answer(request, body)


def refusal(request: str, status: int, content: bytes) -> errors.ServiceError:
    """The error that a status other than success means, in the words of its problem+json body."""
    if status < 400:
        return BadAnswer(request, f"unexpected status {status}")
    try:
        body = parse(request, content).body
    except BadAnswer:
        body = {}
    broken = errors.ServiceBroken if status >= 500 else ServiceRefused
    detail = body.get("detail") or body.get("title") or "(the answer gives no reason)"
    field = f" (field {plain(body['field'])})" if body.get("field") else ""
    places = body.get("errors")
    return REFUSALS.get(status, broken)(
        request,
        status,
        plain(detail) + field,
        problem=plain(body.get("code") or ""),
        errors=[_place(place) for place in places[:20]] if isinstance(places, list) else (),
    )


def _place(entry: object) -> str:
    if not isinstance(entry, dict):
        return plain(entry)
    parts = (entry.get("field"), entry.get("message") or entry.get("detail"))
    return ": ".join(plain(part) for part in parts if part)
