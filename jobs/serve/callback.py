"""The webhook of one prediction: told in order, the end of it until somebody has taken it."""

import json
import logging
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from jobs.serve.files import ANYWHERE
from jobs.serve.live import Live
from webhooks.deliveries import Outcome
from webhooks.sender import Request, Sender
from webhooks.signing import Signer

EVENTS = frozenset({"start", "output", "logs", "completed"})
#: news between the start and the end is told at most so often
THROTTLE_S = 0.5
POST_S = 30.0
#: as Cog: some seven minutes in all
MOST_TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S = 12, 0.2, 102.4
AGAIN = frozenset({429, 500, 502, 503, 504})
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Credentials:
    """How receivers know who sends: a bearer token, a signature, both or neither."""

    bearer: str | None = None
    signer: Signer | None = None

    def headers(self, id: str, body: bytes) -> dict[str, str]:
        """Those of one attempt at a message; `id` is the same for every attempt at it."""
        headers = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        if self.signer is not None:
            headers |= self.signer.headers(id, int(time.time()), body)
        return headers


class Callbacks:
    """The threads that tell, so that the end of the server can wait for them."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._threads: list[threading.Thread] = []
        self._end = threading.Event()

    def follow(self, live: Live) -> None:
        """Tell the webhook of a prediction what becomes of it, if it has one."""
        if live.order.webhook is None:
            return
        callback = Callback(live, live.order.webhook, self._credentials, self._end)
        thread = threading.Thread(target=callback.run, name="webhook", daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def close(self, grace_s: float) -> None:
        """Wait for what is still to be told, for a while."""
        until = time.monotonic() + grace_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._end.set()


class Callback:
    """One prediction and its address: never two messages under way, news told as it is by now."""

    def __init__(
        self, live: Live, url: str, credentials: Credentials, end: threading.Event
    ) -> None:
        self._live = live
        self._url = url
        self._credentials = credentials
        self._end = end
        self._wanted = live.order.webhook_events
        self._sender = Sender(allow=ANYWHERE, timeout_s=POST_S, at_once=1)

    def run(self) -> None:
        """Tell all of it."""
        try:
            self._start()
            told = (0, 0)
            while not self._live.done.wait(THROTTLE_S):
                told = self._news(told)
            self._news(told)
            if "completed" in self._wanted:
                self._completed()
        finally:
            self._sender.close()

    def _start(self) -> None:
        if "start" in self._wanted:
            told = {**self._live.processing(), "logs": "", "metrics": {}}
            self._post({name: told[name] for name in told if name != "output"})

    def _news(self, told: tuple[int, int]) -> tuple[int, int]:
        """Tell what there is, if it has grown in a way that is asked for."""
        parts, logs = self._live.amount()
        if (parts > told[0] and "output" in self._wanted) or (
            logs > told[1] and "logs" in self._wanted
        ):
            self._post(self._live.processing())
        return parts, logs

    def _completed(self) -> None:
        shape, id = self._live.shape(), _new_id()
        for attempt in range(MOST_TRIES + 1):
            outcome = self._post(shape, id)
            if outcome.status is not None and outcome.status not in AGAIN:
                return
            pause_s = min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)
            if self._end.wait(max(pause_s, outcome.retry_after_s or 0.0)):
                break
        log.warning("the webhook of %s was not taken", self._live.id)

    def _post(self, shape: dict[str, Any], id: str | None = None) -> Outcome:
        body = json.dumps(shape, ensure_ascii=False, separators=(",", ":")).encode()
        headers = self._credentials.headers(id or _new_id(), body) | self._live.order.trace
        outcomes: list[Outcome] = []
        request = Request(self._live.id, self._url, body, headers)
        self._sender.send([request], lambda id, outcome: outcomes.append(outcome))
        return outcomes[0]


def _new_id() -> str:
    return f"msg_{uuid.uuid4().hex}"
