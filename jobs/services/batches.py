"""Batches: submit, look, cancel, retry what failed, read results."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from jobs.core import batch as machine
from jobs.core import context, manifest, outputs
from jobs.core import estimate as estimates
from jobs.core.batch import Batch, Counts, State
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, Conflict, JobsError, NotFound
from jobs.core.estimate import Estimate, Head
from jobs.core.file import File, is_id
from jobs.core.ids import new_id
from jobs.core.limits import Limits
from jobs.core.lines import Bad
from jobs.core.page import ALL, Found, Page, Which
from jobs.core.request import (
    ENDPOINT,
    check_names,
    endpoint_fault,
    events_filter,
    metadata,
    priority,
    version_ref,
    webhook,
    webhook_format,
    window,
)
from jobs.core.sending import ONCE, Sending, request_hash
from jobs.core.version import spellings
from jobs.ports import Bell, Blobs, Clock, Store
from jobs.services.content import Content, is_plain, read
from jobs.services.models import Models
from jobs.services.places import Places
from jobs.services.predictions import ready
from jobs.services.targets import check_one, target
from webhooks.addresses import Network

RESULT_FILES = ("output.jsonl", "errors.jsonl", "index.json")
VALIDATION_ERRORS = "validation-errors.jsonl"
#: what became of a batch without results, and what to do about it
_NO_ROW_RAN = {
    State.FAILED: "was refused with its manifest, no row ran; correct it and submit it again",
    State.CANCELLED: "was cancelled before a row ran; submit it again",
    State.EXPIRED: "expired before a row ran; submit it again",
}
#: OpenAI's clients wait 10 minutes for an answer before they send the same once more
AGAIN = timedelta(minutes=15)
KNOWN = frozenset(
    {
        "model",
        "version",
        "deployment",
        "input_file_id",
        "input_url",
        "destination",
        "metadata",
        "priority",
        "webhook",
        "webhook_events_filter",
        "webhook_format",
        "completion_window",
        "endpoint",
        "output_expires_after",
    }
)


class Batches:
    """The use cases of a batch. `allow`: private ranges that webhooks may be in."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        places: Places,
        models: Models,
        bell: Bell,
        clock: Clock,
        head: Callable[[Batch], Head],
        allow: Sequence[Network],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._places = places
        self._models = models
        self._bell = bell
        self._clock = clock
        self._head = head
        self._allow = allow

    def create(
        self, caller: Caller, request: dict[str, Any], sending: Sending = ONCE
    ) -> tuple[Batch, bool]:
        """Keep a batch to be validated.

        Returns the batch, and whether it is new: the same key, or a client that says that it
        repeats itself, gets the one that is there.
        """
        hash = request_hash(request)
        earlier = self._earlier(caller, hash, sending)
        if earlier is not None:
            return earlier, False
        _check(request)
        at = self._clock()
        id = new_id("batch", at)
        batch = Batch(
            id=id,
            owner=caller.owner,
            model="",
            version="",
            created_at=at,
            expires_at=at + window(request),
            grants=caller.buckets,
            token=caller.token,
            priority=priority(request),
            metadata=metadata(request),
            webhook=webhook(request, self._allow),
            webhook_events=events_filter(request),
            webhook_format=webhook_format(request),
            times={State.VALIDATING.value: at.timestamp()},
            traceparent=context.traceparent(),
            destination=self._destination(caller, request, id),
            **self._source(caller, request),
        )
        batch = self._of_version(caller, batch, request)
        return self._keep(batch, sending.key, hash, caller.limits)

    def _earlier(self, caller: Caller, hash: str, sending: Sending) -> Batch | None:
        """Before anything is checked: what it named may be gone by now, the batch is not."""
        batches = self._store.batches
        found: Batch | None = None
        if sending.key is not None:
            found = batches.find(caller.owner, sending.key, hash)
        elif sending.again:
            found = batches.alike(caller.owner, caller.token, hash, self._clock() - AGAIN)
        return found

    def _of_version(self, caller: Caller, batch: Batch, request: dict[str, Any]) -> Batch:
        """The batch with the version that was asked for, or that its first row names."""
        by_rows = version_ref(request) is None and request.get("deployment") is None
        place = ""
        if by_rows:
            ref, place = self._named_in_rows(batch)
            request = request | {"model": ref}
        try:
            found = target(self._store, self._models, caller, request, "model")
        except BadRequest as error:
            if not by_rows:
                raise
            raise BadRequest(f"line 1: {place}: {error}", field="model", code=error.code) from error
        version = found.version
        ready(version)
        ref = str(version_ref(request) or version.model)
        return replace(
            batch,
            model=version.model,
            version=version.id,
            hardware=found.hardware,
            deployment=found.deployment,
            spellings=spellings(ref, version.model, version.id, rows=by_rows),
        )

    def _named_in_rows(self, batch: Batch) -> tuple[str, str]:
        try:
            head = self._head(batch)
            return manifest.named_version(head.start, is_whole=head.is_whole)
        except Bad as bad:
            raise BadRequest(
                f"model is not given, and the first row does not tell it: {bad}",
                field="model",
                code=bad.code,
            ) from bad

    def _keep(self, batch: Batch, key: str | None, hash: str, limits: Limits) -> tuple[Batch, bool]:
        rows = 0 if limits.rows is None else self.estimate(batch).items or 0
        kept: Batch = self._store.batches.create(
            batch, key=key, request_hash=hash, limits=limits, expected_rows=rows
        )
        self._bell.ring("batch", kept.id)
        return kept, kept.id == batch.id

    def _source(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        file_id, url = request.get("input_file_id"), request.get("input_url")
        if (file_id is None) == (url is None):
            raise BadRequest("give one of input_file_id and input_url", field="input_file_id")
        source: dict[str, Any] = {"input_file_id": file_id, "input_url": url}
        if file_id is not None:
            source["size_bytes"] = self._upload(caller, file_id).size_bytes
        else:
            found = self._places.manifest(caller, url)
            source |= {"size_bytes": found.size_bytes, "input_etag": found.etag}
        return source

    def _destination(self, caller: Caller, request: dict[str, Any], folder: str) -> str | None:
        url: str | None = request.get("destination")
        if url is not None:
            self._places.destination(caller, url, folder)
        return url

    def _upload(self, caller: Caller, id: object) -> File:
        if not isinstance(id, str) or not is_id(id):
            raise BadRequest("must be the id of an uploaded file (file_...)", field="input_file_id")
        if outputs.parse_result_id(id):
            raise BadRequest(
                "is a batch's result, not a manifest; upload rows of the form"
                ' {"custom_id": "...", "input": {...}}',
                field="input_file_id",
            )
        file: File = self._store.files.get(id, caller.owner)
        if file.purpose not in (None, "batch"):
            raise BadRequest(
                f'was uploaded with the purpose "{file.purpose}"; a manifest is uploaded with'
                ' "batch", or without one',
                field="input_file_id",
            )
        return file

    def get(self, caller: Caller, id: str) -> tuple[Batch, int]:
        """A batch, and the rows that running attempts have done beyond its counts."""
        live: tuple[Batch, int] = self._store.batches.live(id, caller.owner)
        return live

    def newest(self, caller: Caller, page: Page, which: Which = ALL) -> Found[Batch]:
        """The newest first, of those that are asked for."""
        found: Found[Batch] = self._store.batches.newest(caller.owner, page, which)
        return found

    def estimate(self, batch: Batch) -> Estimate:
        """Items, bytes and, once the version was measured, seconds of one worker.

        Until the manifest is checked, the items are judged by its first bytes.
        """
        version = self._store.models.version(batch.version, batch.model)
        per_item: float | None = version.seconds_per_item
        size_bytes = batch.size_bytes or None
        if batch.rows or batch.state is not State.VALIDATING:
            return estimates.of_rows(batch.rows or None, size_bytes, per_item)
        if batch.parent is not None:
            parent: Batch = self._store.batches.get(batch.parent)
            return estimates.of_rows(_failed(parent.counts), None, per_item)
        try:
            return estimates.of_head(self._head(batch), per_item)
        except JobsError:  # the source cannot be read: validation will say why
            return estimates.of_rows(None, size_bytes, per_item, exact=False)

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

    def pause(self, caller: Caller, id: str) -> Batch:
        """Have no more of its rows run until it is resumed; it may expire meanwhile.

        Raises:
            Conflict: nothing is left to run, or it is stopped.
        """
        self._store.batches.get(id, caller.owner)
        paused: Batch = self._store.batches.pause(id, True)
        return paused

    def resume(self, caller: Caller, id: str) -> Batch:
        """Have its rows run again; raises Conflict as `pause` does."""
        self._store.batches.get(id, caller.owner)
        resumed: Batch = self._store.batches.pause(id, False)
        self._bell.ring("batch", id, resumed.hardware)
        return resumed

    def delete(self, caller: Caller, id: str) -> None:
        """Forget a batch that has ended, and all it gave; its objects go soon after.

        Raises:
            Conflict: it has not ended, or a batch that retries its rows has not.
        """
        self._store.removals.batch(id, caller.owner)

    def retry_failed(self, caller: Caller, id: str, key: str | None) -> tuple[Batch, bool]:
        """A child batch of just the rows that gave no output, and whether it is new.

        Raises:
            Conflict: the parent has not ended, has no such rows, or had none at all.
        """
        parent: Batch = self._store.batches.get(id, caller.owner)
        if parent.state not in machine.FINISHED:
            raise Conflict(f"batch {id} is {parent.state}; retry it once it has ended")
        if parent.results is None:
            raise Conflict(f"batch {id} {_NO_ROW_RAN[parent.state]}")
        if not _failed(parent.counts):
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
            webhook_format=parent.webhook_format,
            destination=parent.destination,
            grants=parent.grants,
            token=caller.token,
            priority=parent.priority,
            hardware=parent.hardware,
            deployment=parent.deployment,
            input_file_id=parent.input_file_id,
            input_url=parent.input_url,
            parent=parent.id,
            traceparent=context.traceparent(),
            times={State.VALIDATING.value: at.timestamp()},
        )
        return self._keep(child, key, request_hash({"retry-failed": parent.id}), caller.limits)

    def result(self, caller: Caller, id: str, name: str) -> Content:
        """One of the result files."""
        batch: Batch = self._store.batches.get(id, caller.owner)
        if name == VALIDATION_ERRORS and batch.errors:
            return read(self._blobs, outputs.validation_key(id), "result file", name)
        if name not in RESULT_FILES or batch.results is None:
            raise NotFound("result file", name)
        return read(self._blobs, batch.results + name, "result file", name)

    def output_file(self, caller: Caller, id: str, path: str) -> Content:
        """A file that a row gave; only what a committed attempt wrote can be read."""
        self._store.batches.get(id, caller.owner)
        attempt, _, _ = path.partition("/")
        prefix = f"batches/{id}/shards/{attempt}/"
        if not is_plain(path) or not self._store.shards.is_committed(id, prefix):
            raise NotFound("output file", path)
        return read(self._blobs, f"batches/{id}/shards/{path}", "output file", path)


def _check(request: dict[str, Any]) -> None:
    check_names(request, KNOWN)
    check_one(request)
    if fault := endpoint_fault(request.get("endpoint", ENDPOINT)):
        raise BadRequest(fault, field="endpoint")
    if request.get("output_expires_after") is not None:
        raise BadRequest(
            "is not kept to here: results stay until the batch is deleted, or for as long as"
            " whoever runs the server keeps them (PENSTOCK_RETENTION_DAYS); leave it out",
            field="output_expires_after",
        )


def _failed(counts: Counts) -> int:
    return counts.total - counts.completed
