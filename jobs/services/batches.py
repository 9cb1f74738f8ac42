"""Batches: submit, look, cancel, retry what failed, read results."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from jobs.core import batch as machine
from jobs.core import outputs
from jobs.core.batch import Batch, State
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, Conflict, NotFound
from jobs.core.ids import new_id
from jobs.ports import Bell, Blobs, Clock, Store
from jobs.services.models import Models
from jobs.services.places import Places
from jobs.services.predictions import events_filter, ready, webhook

RESULT_FILES = ("output.jsonl", "errors.jsonl", "index.json")
KNOWN = {
    "model",
    "version",
    "input_file_id",
    "input_url",
    "destination",
    "metadata",
    "webhook",
    "webhook_events_filter",
    "completion_window",
    "endpoint",
}


class Batches:
    """The use cases of a batch."""

    def __init__(
        self, store: Store, blobs: Blobs, places: Places, models: Models, bell: Bell, clock: Clock
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._places = places
        self._models = models
        self._bell = bell
        self._clock = clock

    def create(self, caller: Caller, request: dict[str, Any], key: str | None) -> Batch:
        """Keep a batch to be validated; the same key and request give the same batch."""
        unknown = sorted(set(request) - KNOWN)
        if unknown:
            raise BadRequest(
                f"unknown field; known are {', '.join(sorted(KNOWN))}", field=unknown[0]
            )
        version = self._models.resolve(request.get("model", request.get("version")), "model")
        ready(version)
        at = self._clock()
        id = new_id("batch", at)
        batch = Batch(
            id=id,
            owner=caller.owner,
            model=version.model,
            version=version.id,
            created_at=at,
            expires_at=at + window(request),
            grants=caller.buckets,
            metadata=metadata(request),
            webhook=webhook(request),
            webhook_events=events_filter(request),
            times={State.VALIDATING.value: at.timestamp()},
            destination=self._destination(caller, request, id),
            **self._source(caller, request),
        )
        return self._keep(batch, key, request)

    def _keep(self, batch: Batch, key: str | None, request: dict[str, Any]) -> Batch:
        text = json.dumps(request, sort_keys=True, separators=(",", ":"))
        kept: Batch = self._store.batches.create(
            batch, key=key, request_hash=hashlib.sha256(text.encode()).hexdigest()
        )
        self._bell.ring("batch", kept.id)
        return kept

    def _source(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        file_id, url = request.get("input_file_id"), request.get("input_url")
        if (file_id is None) == (url is None):
            raise BadRequest("give one of input_file_id and input_url", field="input_file_id")
        source: dict[str, Any] = {"input_file_id": file_id, "input_url": url}
        if file_id is not None:
            if not isinstance(file_id, str):
                raise BadRequest("input_file_id must be a string", field="input_file_id")
            source["size_bytes"] = self._store.files.get(file_id, caller.owner).size_bytes
        else:
            found = self._places.manifest(caller, url)
            source |= {"size_bytes": found.size_bytes, "input_etag": found.etag}
        return source

    def _destination(self, caller: Caller, request: dict[str, Any], folder: str) -> str | None:
        url: str | None = request.get("destination")
        if url is not None:
            self._places.destination(caller, url, folder)
        return url

    def get(self, caller: Caller, id: str) -> tuple[Batch, int]:
        """A batch, and the rows that running attempts have done beyond its counts."""
        live: tuple[Batch, int] = self._store.batches.live(id, caller.owner)
        return live

    def newest(self, caller: Caller, limit: int, after: str | None) -> list[Batch]:
        """The newest first."""
        batches: list[Batch] = self._store.batches.newest(caller.owner, limit=limit, after=after)
        return batches

    def estimate(self, batch: Batch) -> dict[str, Any]:
        """Items, bytes and, once the version was measured, seconds of one worker."""
        per_item = self._store.models.version(batch.version, batch.model).seconds_per_item
        items = batch.rows or None
        seconds = round(items * per_item, 1) if items and per_item else None
        return {"items": items, "bytes": batch.size_bytes or None, "seconds": seconds}

    def cancel(self, caller: Caller, id: str) -> Batch:
        """Stop it and keep what is done.

        Raises:
            Conflict: it is finalizing or has ended.
        """
        batch: Batch = self._store.batches.get(id, caller.owner)
        if batch.state in machine.FINISHED or batch.state is State.FINALIZING:
            raise Conflict(f"batch {id} is {batch.state} and cannot be cancelled")
        stopped: Batch = self._store.batches.stop(id, "cancelled", self._clock())
        self._bell.ring("batch", id)
        return stopped

    def retry_failed(self, caller: Caller, id: str, key: str | None) -> Batch:
        """A child batch of just the rows that gave no output."""
        parent: Batch = self._store.batches.get(id, caller.owner)
        if parent.state not in machine.FINISHED or parent.results is None:
            raise Conflict(f"batch {id} is {parent.state}; retry it once it has ended")
        if parent.counts.completed == parent.counts.total:
            raise Conflict(f"batch {id} has no failed rows")
        at = self._clock()
        child = Batch(
            id=new_id("batch", at),
            owner=parent.owner,
            model=parent.model,
            version=parent.version,
            created_at=at,
            expires_at=at + (parent.expires_at - parent.created_at),
            metadata=parent.metadata,
            webhook=parent.webhook,
            webhook_events=parent.webhook_events,
            destination=parent.destination,
            grants=parent.grants,
            input_file_id=parent.input_file_id,
            input_url=parent.input_url,
            parent=parent.id,
            times={State.VALIDATING.value: at.timestamp()},
        )
        return self._keep(replace(child), key, {"retry-failed": parent.id})

    def result(self, caller: Caller, id: str, name: str) -> Iterator[bytes]:
        """One of the result files, in chunks."""
        batch: Batch = self._store.batches.get(id, caller.owner)
        if name == "validation-errors.jsonl" and batch.errors:
            return self._blobs.open(outputs.validation_key(id))
        if name not in RESULT_FILES or batch.results is None:
            raise NotFound("result file", name)
        return self._blobs.open(batch.results + name)

    def output_file(self, caller: Caller, id: str, path: str) -> Iterator[bytes]:
        """A file that a row gave; only what a committed attempt wrote can be read."""
        self._store.batches.get(id, caller.owner)
        attempt, _, _ = path.partition("/")
        prefix = f"batches/{id}/shards/{attempt}/"
        if all(shard.output != prefix for shard in self._store.shards.done(id)):
            raise NotFound("output file", path)
        return self._blobs.open(f"batches/{id}/shards/{path}")


def metadata(request: dict[str, Any]) -> dict[str, str]:
    """Up to 16 pairs of strings, as OpenAI has them."""
    given = request.get("metadata") or {}
    if not isinstance(given, dict) or len(given) > 16:
        raise BadRequest("metadata must be an object of at most 16 strings", field="metadata")
    for key, value in given.items():
        if not isinstance(value, str) or len(key) > 64 or len(value) > 512:
            raise BadRequest(
                "each metadata value must be a string of at most 512 characters", field="metadata"
            )
    return given


def window(request: dict[str, Any]) -> timedelta:
    """`completion_window`, in hours: 24h unless said otherwise."""
    text = request.get("completion_window", "24h")
    hours = text.removesuffix("h") if isinstance(text, str) else ""
    if not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= 720):
        raise BadRequest(
            "completion_window is a number of hours from 1h to 720h", field="completion_window"
        )
    return timedelta(hours=int(hours))
