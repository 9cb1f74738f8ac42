"""One event to an application on this machine, signed as a delivery is."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jobs.cli.http import CANNOT_RUN, CliError
from webhooks import Signer
from webhooks.deliveries import GONE, retry_after_s
from webhooks.errors import ConfigurationError

#: as long as our server waits
TIMEOUT_S = 15.0
#: seconds before an event is sent again that the application did not take
WAITS_S = (1.0, 5.0)
RETRY_AFTER_CAP_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What the application said to one attempt; `status` is None if it said nothing.

    Attributes:
        again_in_s: when the event is to be sent again; None if that is not to be.
        away: whether nobody listened.
    """

    status: int | None
    error: str | None
    duration_s: float
    again_in_s: float | None
    away: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the application took it."""
        return self.status is not None and 200 <= self.status < 300


class Forward:
    """Posts to one address; redirects are not followed, and no proxy is asked."""

    def __init__(self, url: str, secret: str) -> None:
        import httpx

        self._url = _checked(url)
        self._http = httpx.Client(timeout=TIMEOUT_S, trust_env=False)
        try:
            self._signer = Signer([secret])
        except ConfigurationError as error:
            raise CliError(f"cannot sign: {error}", CANNOT_RUN) from error

    def send(self, event: dict[str, Any], number: int) -> Answer:
        """Attempt `number` (from 1): the bytes of a delivery, under its id, signed now."""
        import httpx

        body = event["body"].encode()
        headers = self._signer.headers(event["id"], int(time.time()), body)
        headers |= {"content-type": "application/json", "user-agent": "penstock-webhooks/1"}
        began = time.monotonic()
        try:
            with self._http.stream("POST", self._url, content=body, headers=headers) as response:
                status, asked = response.status_code, response.headers.get("retry-after")
        except httpx.ConnectError:
            return Answer(None, "nobody listens there", 0.0, WAITS_S[0], away=True)
        except httpx.TransportError as error:
            slow = isinstance(error, httpx.TimeoutException)
            reason = f"no answer in {TIMEOUT_S:.0f} s" if slow else "the connection broke"
            return Answer(None, reason, time.monotonic() - began, _again(number, None, None))
        return Answer(status, None, time.monotonic() - began, _again(number, status, asked))


def _again(number: int, status: int | None, asked: str | None) -> float | None:
    delivered = status is not None and 200 <= status < 300
    if delivered or status == GONE or number > len(WAITS_S):
        return None
    wish_s = retry_after_s(asked, time.time()) or 0.0
    return max(WAITS_S[number - 1], min(wish_s, RETRY_AFTER_CAP_S))


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or " " in url or not url.isprintable():
        raise CliError(
            "--forward is the address of your app, such as http://localhost:5000/hook", CANNOT_RUN
        )
    return url
