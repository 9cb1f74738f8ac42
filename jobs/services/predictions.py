"""Single predictions, through the same workers as batches."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.core import context, outputs, secret_inputs, tickets, training, wire
from jobs.core.caller import Caller
from jobs.core.checker import Fault
from jobs.core.errors import BadRequest, Conflict, NotFound
from jobs.core.ids import new_id
from jobs.core.limits import Limits
from jobs.core.page import ALL, Found, Page, Which
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.request import check_names, events_filter, webhook
from jobs.core.sending import ONCE, Sending, request_hash
from jobs.core.version import State as VersionState
from jobs.core.version import Version
from jobs.ports import Bell, Blobs, Clock, Express, Notices, Store
from jobs.services.checkers import CHECKERS
from jobs.services.content import Content, is_plain, read
from jobs.services.models import Models
from jobs.services.targets import target
from webhooks.addresses import Network

#: how often the store is asked whether one has ended: after a quarter of the time that it has run
#: by then, so that a quick one is not late by more than that, and many slow ones do not ask all day
FIRST_POLL_S, LAST_POLL_S = 0.005, 0.02
#: the same where one is told of the end: a notice may be lost
CHECK_S = 1.0
#: who waits for less is not to wait longer because a quick one takes its time after all
EXPRESS_S = 1.0
#: for so long a prediction may be run before it is kept, at the very most
SOON_S = 5.0
#: a client that says that it sends once more does so within less
AGAIN_S = 120.0
#: `stream` is what older clients send; it changes nothing
KNOWN = frozenset(
    {
        "model",
        "version",
        "deployment",
        "input",
        "stream",
        "webhook",
        "webhook_completed",
        "webhook_events_filter",
    }
)


@dataclass(frozen=True)
class New:
    """A prediction that was checked and is not kept yet, and how it was asked for."""

    value: Prediction
    version: Version
    limits: Limits
    sending: Sending
    request_hash: str

    @property
    def is_plain(self) -> bool:
        """Whether nothing has to be looked up in order to keep it."""
        return (
            self.sending == ONCE and self.limits.predictions is None and self.value.deadline is None
        )


class Predictions:
    """Create, wait for, list and cancel; `url` is the public origin."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        models: Models,
        bell: Bell,
        notices: Notices,
        clock: Clock,
        *,
        url: str,
        allow: Sequence[Network],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._models = models
        self._bell = bell
        self._notices = notices
        self._clock = clock
        self._url = url
        #: private ranges that webhooks may be in
        self.allow = allow
        self._express: Express | None = None

    def create(
        self, caller: Caller, request: dict[str, Any], sending: Sending = ONCE
    ) -> tuple[Prediction, bool]:
        """Keep a prediction to be run, checked against the version's input schema.

        Returns the prediction, and whether it is new: the same key, or a client that says that it
        repeats itself, gets the one that is there.
        """
        asked = self.asked(caller, request, request_hash(request), sending)
        return (asked, False) if isinstance(asked, Prediction) else self.keep(asked)

    def asked(
        self, caller: Caller, request: dict[str, Any], hash: str, sending: Sending = ONCE
    ) -> "Prediction | New":
        """A prediction that is there already, or a new one, checked and not kept yet.

        `hash`: that of the request.
        """
        earlier = self.earlier(caller, hash, sending)
        if earlier is not None:
            return earlier
        check_names(request, KNOWN)
        found = target(self._store, self._models, caller, request)
        version = found.version
        ready(version)
        said = said_by(caller, request, sending, self._clock(), self.allow)
        check_input(version, said["input"], self._url)
        said["input"] = secret_inputs.marked(said["input"], version.schema or {})
        value = Prediction(
            id=new_id("pred", said["created_at"]),
            model=version.model,
            version=version.id,
            hardware=found.hardware,
            deployment=found.deployment,
            gives_files=version.gives_files,
            **said,
        )
        return New(value, version, caller.limits, sending, hash)

    def keep(self, new: "New") -> tuple[Prediction, bool]:
        """Keep one, to be run; whether it is new is not known before that, where it has a key."""
        value, create = new.value, self._store.predictions.create
        kept: Prediction = create(
            value, new.limits, key=new.sending.key, request_hash=new.request_hash
        )
        self._bell.ring("prediction", kept.id, kept.hardware, kept.kind)
        return kept, kept.id == value.id

    def keep_and_wait(self, new: "New", seconds: float) -> tuple[Prediction, bool]:
        """The same, and how it is once it has ended, or the time is over."""
        ran: Prediction | None = None
        if self._express is not None and seconds >= EXPRESS_S and new.is_plain:
            ran = self._express.run(new.value, new.version, new.request_hash)
        value, is_new = (ran, True) if ran is not None else self.keep(new)
        return self.wait(value, seconds), is_new

    def begin(
        self, new: "New", seconds: float, then: Callable[[Prediction | BaseException], None]
    ) -> bool:
        """The same without waiting, where that may be; `then`: see `Express.begin`."""
        if self._express is None or seconds < EXPRESS_S or not new.is_plain:
            return False
        return self._express.begin(new.value, new.version, new.request_hash, then)

    def open(self, express: Express) -> None:
        """From now on this process can run quick ones at once."""
        self._express = express

    def earlier(
        self, caller: Caller, hash: str, sending: Sending, kind: str = "pred"
    ) -> Prediction | None:
        """What the same request made before, if its sending says so; `kind` is that of ids.

        To be asked before anything is checked: what the request names may be gone by now.
        """
        predictions = self._store.predictions
        found: Prediction | None = None
        if sending.key is not None:
            found = predictions.find(caller.owner, sending.key, hash)
        elif sending.again:
            since = self._clock() - timedelta(seconds=AGAIN_S)
            found = predictions.alike(caller.owner, caller.token, hash, since, kind)
        return found

    def shape(self, value: Prediction) -> dict[str, Any]:
        """As clients see it now."""
        return wire.prediction(value, self._url, self._clock())

    def get(self, caller: Caller, id: str) -> Prediction:
        """One prediction."""
        _check(id)
        value: Prediction = self._store.predictions.get(id, caller.owner)
        return value

    def soon(self, caller: Caller, id: str) -> Prediction:
        """One that somebody is making: it is kept within a moment."""
        until = time.monotonic() + SOON_S
        while True:
            try:
                return self.get(caller, id)
            except NotFound:
                if time.monotonic() > until:
                    raise
            time.sleep(FIRST_POLL_S)

    def some(self, caller: Caller, ids: Sequence[str]) -> list[Prediction]:
        """The caller's predictions of these ids, of those that are there."""
        found: list[Prediction] = []
        for id in ids:
            with suppress(NotFound):
                found.append(self.get(caller, id))
        return found

    def newest(self, caller: Caller, page: Page, which: Which = ALL) -> Found[Prediction]:
        """The newest first, of those that are asked for."""
        found: Found[Prediction] = self._store.predictions.newest(caller.owner, page, which)
        return found

    def wait(self, value: Prediction, seconds: float) -> Prediction:
        """The prediction once it has ended, or as it was created when the time is over."""
        told = self._notices.hears_all
        first_s, last_s = (CHECK_S, CHECK_S) if told else (FIRST_POLL_S, LAST_POLL_S)
        begun = time.monotonic()
        if value.state in FINISHED:
            return value
        with self._notices.follow(value.id) as heard:
            while (waited_s := time.monotonic() - begun) < seconds:
                pause_s = min(max(first_s, waited_s / 4), last_s)
                fresh = heard(min(pause_s, seconds - waited_s)) or self.fresh(value)
                if fresh.state in FINISHED:
                    return fresh
        return value

    def fresh(self, value: Prediction) -> Prediction:
        """The prediction as it is now."""
        now: Prediction = self._store.predictions.get(value.id)
        return now

    def by_ticket(self, id: str, ticket: str) -> Prediction:
        """The prediction, or training, whose page somebody has the address of.

        Raises:
            NotFound: there is none, or the ticket is none.
            Forbidden: the ticket has expired.
        """
        value: Prediction = self._store.predictions.get(id)
        tickets.check(ticket, value.secret, f"{id} page", self._clock())
        return value

    def file(self, caller: Caller, id: str, path: str) -> Content:
        """A file that the committed attempt gave."""
        return self._file(self.get(caller, id), path)

    def file_by_ticket(self, id: str, ticket: str, path: str) -> Content:
        """The same for whoever has its address.

        Raises:
            NotFound: there is no such file, or the ticket is none.
            Forbidden: the ticket has expired.
        """
        value: Prediction = self._store.predictions.get(id)
        tickets.check(ticket, value.secret, f"{id} files", self._clock())
        return self._file(value, path)

    def _file(self, value: Prediction, path: str) -> Content:
        attempt, _, name = path.partition("/")
        if value.state not in FINISHED or attempt != str(value.lease_token) or not is_plain(name):
            raise NotFound("output file", path)
        key = outputs.prediction_prefix(value.id, value.lease_token) + name
        return read(self._blobs, key, "output file", path)

    def delete(self, caller: Caller, id: str) -> None:
        """Forget a prediction that has ended, and all it gave; its objects go soon after.

        Raises:
            Conflict: it has not ended.
        """
        _check(id)
        self._store.removals.prediction(id, caller.owner)

    def cancel(self, caller: Caller, id: str) -> Prediction:
        """Stop it; what has ended stays as it ended."""
        _check(id)
        value: Prediction = self._store.predictions.cancel(id, caller.owner, self._clock())
        return value


def _check(id: str) -> None:
    """Raise NotFound for a training: those are to be asked for elsewhere."""
    if training.is_training(id):
        raise NotFound("prediction", id)


def said_by(
    caller: Caller,
    request: dict[str, Any],
    sending: Sending,
    at: datetime,
    allow: Sequence[Network],
) -> dict[str, Any]:
    """What a request to run something says, whatever it is that is run: fields of a Prediction.

    Raises:
        BadRequest: its input is no object, or the address to tell cannot be.
    """
    address, filter = told_at(request, allow)
    given = request.get("input", {})
    if not isinstance(given, dict):
        raise BadRequest("input must be an object", field="input")
    after_s = sending.cancel_after_s
    return {
        "owner": caller.owner,
        "input": given,
        "created_at": at,
        "webhook": address,
        "webhook_events": filter,
        "grants": caller.buckets,
        "token": caller.token,
        "traceparent": context.traceparent(),
        "deadline": None if after_s is None else at + timedelta(seconds=after_s),
        "secret": tickets.new_secret(),
    }


def told_at(
    request: dict[str, Any], allow: Sequence[Network]
) -> tuple[str | None, tuple[str, ...]]:
    """The address and the events it wants; `webhook_completed` is the older way to say both."""
    address, filter = webhook(request, allow), events_filter(request)
    older = webhook(request, allow, "webhook_completed")
    return (older, ("completed",)) if address is None and older else (address, filter)


def check_input(version: Version, given: dict[str, Any], url: str = "") -> None:
    """Raise BadRequest with every fault; names the version does not know are let through.

    Where it is refused they are told, too: what is missing may be there, spelt otherwise.
    """
    found = CHECKERS.of(version.schema or {}, url)(given)
    faults = sorted(found or (), key=_is_unknown)
    if faults and not _is_unknown(faults[0]):
        text = "; ".join(f"input.{fault.field} {fault.message}" for fault in faults[:10])
        first = faults[0]
        raise BadRequest(text, field=f"input.{first.field}", code=first.code, faults=_told(faults))


def _is_unknown(fault: Fault) -> bool:
    return fault.code == "unknown_field"


def _told(faults: Sequence[Fault]) -> list[dict[str, str]]:
    return [
        {"type": fault.code, "field": f"input.{fault.field}", "description": fault.message}
        for fault in faults
    ]


def ready(version: Version) -> None:
    """Raise Conflict, with the way out, unless the version answers predictions."""
    if version.state is VersionState.READY:
        return
    hint = "push it again after mending it" if version.error else "wait until it is ready"
    raise Conflict(f"version {version.id[:12]} is {version.state}: {hint}")
