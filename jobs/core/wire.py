"""The JSON shapes of what the API and the events show."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from jobs.core import secret_inputs
from jobs.core.batch import FINISHED, PRIORITIES, Batch
from jobs.core.endpoint import Endpoint
from jobs.core.estimate import Estimate
from jobs.core.events import FORMATS
from jobs.core.outputs import result_id
from jobs.core.prediction import Prediction
from jobs.core.tickets import hour, ticket, ticket_of
from jobs.core.version import Version


@lru_cache(maxsize=256)  # each stands in what is told of a start, of an end, and in an answer
def iso(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, or None."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def batch(value: Batch, url: str, *, progress: int = 0) -> dict[str, Any]:
    """OpenAI's batch object with fields of ours beside; `url` is the public origin.

    `progress` is how many rows the current attempts have done but not committed.
    """
    counts = value.counts
    base = f"{url}/v1/batches/{value.id}"
    done = value.state in FINISHED and value.results is not None
    has_errors = counts.completed < counts.total
    shape: dict[str, Any] = {
        "id": value.id,
        "object": "batch",
        "endpoint": "/v1/predictions",
        "model": value.model,
        "version": value.version,
        "status": value.state.value,
        "paused": value.paused,
        "priority": _priority(value),
        "hardware": value.hardware,
        "deployment": value.deployment,
        "input_file_id": value.input_file_id,
        "input_url": value.input_url,
        "destination": value.destination,
        "exported_to": value.exported_to if done and not value.errors else None,
        "completion_window": _window(value),
        "errors": {"object": "list", "data": list(value.errors)} if value.errors else None,
        "output_file_id": result_id(value.id, "output") if done else None,
        "error_file_id": result_id(value.id, "errors") if done and has_errors else None,
        "request_counts": {
            "total": counts.total,
            "completed": counts.completed,
            "failed": counts.failed,
            "cancelled": counts.cancelled,
            "expired": counts.expired,
            "pending": counts.pending,
            "running": min(progress, counts.pending),
        },
        "metadata": value.metadata,
        "parent": value.parent,
        "shards": {"done": value.shards_done, "redone": value.shards_redone},
        "created_at": int(value.created_at.timestamp()),
        "expires_at": int(value.expires_at.timestamp()),
    }
    for state in ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling"):
        shape[f"{state}_at"] = _second(value, state)
    shape["cancelled_at"] = _second(value, "cancelled")
    if done:
        names = {"output": "output.jsonl", "errors": "errors.jsonl", "index": "index.json"}
        shape["results"] = {key: f"{base}/results/{name}" for key, name in names.items()}
    return shape


def estimate(value: Estimate) -> dict[str, Any]:
    """What a batch will cost; null is what nobody can tell yet."""
    return {
        "items": value.items,
        "exact": value.exact,
        "bytes": value.size_bytes,
        "seconds": value.seconds,
    }


def _second(value: Batch, state: str) -> int | None:
    at = value.times.get(state)
    return int(at) if at is not None else None


def _priority(value: Batch) -> str:
    return next(name for name, number in PRIORITIES.items() if number == value.priority)


def _window(value: Batch) -> str:
    seconds = (value.expires_at - value.created_at).total_seconds()
    return f"{round(seconds / 3600)}h"


def prediction(value: Prediction, url: str, at: datetime) -> dict[str, Any]:
    """Replicate's prediction object; its addresses of files and of the stream let in from `at` on.

    Clients take a null among the urls for a fault: what there is not is left out.
    """
    urls = _urls(value.id, value.secret, value.gives_files, url, hour(at))
    shape = _run(value, dict(urls))
    if value.secret is not None:
        shape["output"] = _open(value, urls["get"], at)
    return shape


@lru_cache(maxsize=256)  # each is in what is told of a start, of an end, and in an answer
def _urls(id: str, secret: str | None, gives_files: bool, url: str, hour: int) -> dict[str, str]:
    base = f"{url}/v1/predictions/{id}"
    urls = _addresses(base, f"{url}/p/{id}", id, secret, hour)
    if secret is not None:
        # one client makes files of what comes from an address that begins so
        below = f"{url}/v1/files/{id}" if gives_files else base
        urls["stream"] = f"{below}/stream/{ticket_of(secret, f'{id} stream', hour)}"
    return urls


def _addresses(base: str, web: str, id: str, secret: str | None, hour: int) -> dict[str, str]:
    if secret is not None:
        web = f"{web}/{ticket_of(secret, f'{id} page', hour)}"
    return {"get": base, "cancel": f"{base}/cancel", "web": web}


def training(value: Prediction, url: str, at: datetime) -> dict[str, Any]:
    """Replicate's training object, with its destination; otherwise as a prediction."""
    base = f"{url}/v1/trainings/{value.id}"
    urls = _addresses(base, f"{url}/p/{value.id}", value.id, value.secret, hour(at))
    shape = _run(value, urls) | {"destination": value.destination}
    if value.secret is not None:
        shape["output"] = _open(value, base, at)
    return shape


def _run(value: Prediction, urls: dict[str, str]) -> dict[str, Any]:
    """What predictions and trainings have in common."""
    shape: dict[str, Any] = {
        "id": value.id,
        "model": value.model,
        "version": value.version,
        "status": value.state.value,
        "input": secret_inputs.shown(value.input),
        "output": value.output,
        "error": value.error,
        "logs": value.logs,
        "metrics": value.metrics,
        "data_removed": False,
        "source": "api",
        "created_at": iso(value.created_at),
        "started_at": iso(value.started_at),
        "completed_at": iso(value.completed_at),
        "urls": urls,
    }
    if value.deployment is not None:
        shape["deployment"] = value.deployment
    if value.deadline is not None:
        shape["deadline"] = iso(value.deadline)
    return shape


def _open(value: Prediction, base: str, at: datetime) -> Any:
    """The output, with addresses of files that let in whoever has them."""
    below = f"{base}/files/"

    def moved(output: Any) -> Any:
        if isinstance(output, str):
            if not output.startswith(below):
                return output
            let_in = ticket(value.secret or "", f"{value.id} files", at)
            return f"{below}{let_in}/{output[len(below) :]}"
        if isinstance(output, list):
            return [moved(item) for item in output]
        if isinstance(output, dict):
            return {name: moved(item) for name, item in output.items()}
        return output

    return moved(value.output)


def version(value: Version) -> dict[str, Any]:
    """Replicate's version object with the state of its preparation."""
    return {
        "id": value.id,
        "model": value.model,
        "state": value.state.value,
        "created_at": iso(value.created_at),
        "cog_version": "0.23.1",
        "openapi_schema": value.schema or {},
        "error": value.error,
        "logs": value.logs,
        "seconds_per_item": value.seconds_per_item,
        "hardware": value.hardware,
    }


def endpoint(value: Endpoint) -> dict[str, Any]:
    """A standing endpoint; never its secrets."""
    return {
        "id": value.id,
        "object": "webhook_endpoint",
        "url": value.url,
        "events": list(value.events),
        "description": value.description,
        "state": value.state.value,
        "disabled_reason": value.reason.value if value.reason else None,
        "disabled_at": iso(value.disabled_at),
        "failing_since": iso(value.failing_since),
        "rate_per_s": value.rate_per_s,
        "concurrency": value.concurrency,
        "format": value.format or FORMATS[0],
        "created_at": iso(value.created_at),
    }
