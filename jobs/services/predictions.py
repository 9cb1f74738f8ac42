"""Single predictions, through the same workers as batches."""

import time
from typing import Any

from jobs.core import context, outputs
from jobs.core.caller import Caller
from jobs.core.checker import compile as compile_checker
from jobs.core.errors import BadRequest, Conflict, NotFound
from jobs.core.ids import new_id
from jobs.core.page import Found, Page
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.request import check_names, events_filter, version_ref, webhook
from jobs.core.version import State as VersionState
from jobs.core.version import Version
from jobs.ports import Bell, Blobs, Clock, Store
from jobs.services.content import Content, is_plain, read
from jobs.services.models import Models

#: how often the store is asked whether one has ended: after a quarter of the time that it has run
#: by then, so that a quick one is not late by more than that, and many slow ones do not ask all day
FIRST_POLL_S, LAST_POLL_S = 0.005, 0.02
#: `stream` is what older clients send; it changes nothing
KNOWN = frozenset(
    {
        "model",
        "version",
        "input",
        "stream",
        "webhook",
        "webhook_completed",
        "webhook_events_filter",
    }
)


class Predictions:
    """Create, wait for, list and cancel."""

    def __init__(
        self, store: Store, blobs: Blobs, models: Models, bell: Bell, clock: Clock
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._models = models
        self._bell = bell
        self._clock = clock

    def create(self, caller: Caller, request: dict[str, Any]) -> Prediction:
        """Keep a prediction to be run, checked against the version's input schema."""
        check_names(request, KNOWN)
        version = self._models.resolve(caller, version_ref(request))
        ready(version)
        address, filter = _webhook(request)
        given = request.get("input", {})
        if not isinstance(given, dict):
            raise BadRequest("input must be an object", field="input")
        check_input(version, given)
        value = Prediction(
            id=new_id("pred", self._clock()),
            owner=caller.owner,
            model=version.model,
            version=version.id,
            input=given,
            created_at=self._clock(),
            webhook=address,
            webhook_events=filter,
            grants=caller.buckets,
            token=caller.token,
            hardware=version.hardware,
            traceparent=context.traceparent(),
        )
        self._store.predictions.create(value, caller.limits)
        self._bell.ring("prediction", value.id, value.hardware)
        return value

    def get(self, caller: Caller, id: str) -> Prediction:
        """One prediction."""
        value: Prediction = self._store.predictions.get(id, caller.owner)
        return value

    def newest(self, caller: Caller, page: Page) -> Found[Prediction]:
        """The newest first."""
        found: Found[Prediction] = self._store.predictions.newest(caller.owner, page)
        return found

    def wait(self, value: Prediction, seconds: float) -> Prediction:
        """The prediction once it has ended, or as it was created when the time is over."""
        begun = time.monotonic()
        while (waited_s := time.monotonic() - begun) < seconds:
            fresh: Prediction = self._store.predictions.get(value.id)
            if fresh.state in FINISHED:
                return fresh
            time.sleep(min(max(FIRST_POLL_S, waited_s / 4), LAST_POLL_S))
        return value

    def file(self, caller: Caller, id: str, path: str) -> Content:
        """A file that the committed attempt gave."""
        value: Prediction = self._store.predictions.get(id, caller.owner)
        attempt, _, name = path.partition("/")
        if value.state not in FINISHED or attempt != str(value.lease_token) or not is_plain(name):
            raise NotFound("output file", path)
        key = outputs.prediction_prefix(id, value.lease_token) + name
        return read(self._blobs, key, "output file", path)

    def delete(self, caller: Caller, id: str) -> None:
        """Forget a prediction that has ended, and all it gave; its objects go soon after.

        Raises:
            Conflict: it has not ended.
        """
        self._store.removals.prediction(id, caller.owner)

    def cancel(self, caller: Caller, id: str) -> Prediction:
        """Stop it; what has ended stays as it ended."""
        value: Prediction = self._store.predictions.cancel(id, caller.owner, self._clock())
        return value


def _webhook(request: dict[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    """The address and the events it wants; `webhook_completed` is the older way to say both."""
    address, filter = webhook(request), events_filter(request)
    older = webhook(request, "webhook_completed")
    return (older, ("completed",)) if address is None and older else (address, filter)


def check_input(version: Version, given: dict[str, Any]) -> None:
    """Raise BadRequest with every fault; names the version does not know are let through."""
    faults = compile_checker(version.schema or {})(given)
    faults = [fault for fault in faults or () if fault.code != "unknown_field"]
    if faults:
        text = "; ".join(f"input.{fault.field} {fault.message}" for fault in faults[:10])
        raise BadRequest(text, field=f"input.{faults[0].field}", code=faults[0].code)


def ready(version: Version) -> None:
    """Raise Conflict, with the way out, unless the version answers predictions."""
    if version.state is VersionState.READY:
        return
    hint = "push it again after mending it" if version.error else "wait until it is ready"
    raise Conflict(f"version {version.id[:12]} is {version.state}: {hint}")
