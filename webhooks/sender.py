"""Many POSTs at once, each bounded in time and bytes, none to a private address."""

import email.utils
import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pycurl

from webhooks.addresses import Network, judge
from webhooks.deliveries import Outcome

BODY_KEPT = 1024
BODY_MOST = 64 * 1024


@dataclass(frozen=True)
class Request:
    """One attempt to make: the bytes go out as they are."""

    id: str
    url: str
    body: bytes
    headers: dict[str, str]


@dataclass
class _Attempt:
    request: Request
    began: float
    received: bytearray = field(default_factory=bytearray)
    size: int = 0
    refused: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def take(self, chunk: bytes) -> int | None:
        self.size += len(chunk)
        if self.size > BODY_MOST:
            return 0  # stops the transfer; the status counts all the same
        self.received += chunk[: BODY_KEPT - len(self.received)]
        return None

    def header(self, line: bytes) -> None:
        name, _, value = line.decode("latin-1").partition(":")
        self.headers[name.strip().lower()] = value.strip()


class Sender:
    """libcurl's multi interface: a slow receiver holds its own socket and nothing else."""

    def __init__(
        self, *, allow: Sequence[Network] = (), timeout_s: float = 15.0, at_once: int = 64
    ) -> None:
        self._allow = tuple(allow)
        self._timeout_s = timeout_s
        self._at_once = at_once

    def send(self, requests: Sequence[Request], done: Callable[[str, Outcome], None]) -> None:
        """Make every attempt; `done` is told each outcome as it comes."""
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, self._at_once)
        waiting = list(reversed(requests))
        flying: dict[Any, _Attempt] = {}
        try:
            while waiting or flying:
                while waiting and len(flying) < self._at_once:
                    self._launch(multi, waiting.pop(), flying)
                multi.perform()
                self._collect(multi, flying, done)
                if flying:
                    multi.select(0.1)
        finally:
            for curl in flying:
                multi.remove_handle(curl)
                curl.close()
            multi.close()

    def _launch(self, multi: Any, request: Request, flying: dict[Any, _Attempt]) -> None:
        attempt = _Attempt(request, time.monotonic())
        curl = pycurl.Curl()
        options: dict[int, Any] = {
            pycurl.URL: request.url,
            pycurl.POST: 1,
            pycurl.POSTFIELDSIZE: len(request.body),
            pycurl.READDATA: io.BytesIO(request.body),
            pycurl.HTTPHEADER: [
                "content-type: application/json",
                "user-agent: penstock-webhooks/1",
                "expect:",
                *(f"{name}: {value}" for name, value in request.headers.items()),
            ],
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.TIMEOUT_MS: int(self._timeout_s * 1000),
            pycurl.NOSIGNAL: 1,
            pycurl.PROXY: "",
            pycurl.OPENSOCKETFUNCTION: lambda purpose, address: self._open(attempt, address),
            pycurl.WRITEFUNCTION: attempt.take,
            pycurl.HEADERFUNCTION: attempt.header,
        }
        certificates = ssl.get_default_verify_paths().cafile
        if certificates:  # the wheel's own path is another distribution's
            options[pycurl.CAINFO] = certificates
        for option, value in options.items():
            curl.setopt(option, value)
        flying[curl] = attempt
        multi.add_handle(curl)

    def _open(self, attempt: _Attempt, address: Any) -> Any:
        """The very address being dialled is judged, so a changing name cannot help."""
        family, kind, protocol, place = address
        host = place[0] if isinstance(place[0], str) else place[0].decode()
        attempt.refused = judge(host, self._allow)
        if attempt.refused:
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    def _collect(
        self, multi: Any, flying: dict[Any, _Attempt], done: Callable[[str, Outcome], None]
    ) -> None:
        _, good, bad = multi.info_read()
        for curl, error in [(curl, None) for curl in good] + [(c, e) for c, e, _ in bad]:
            attempt = flying.pop(curl)
            outcome = _outcome(curl, attempt, error)
            multi.remove_handle(curl)
            curl.close()
            done(attempt.request.id, outcome)


def _outcome(curl: Any, attempt: _Attempt, error: int | None) -> Outcome:
    status = curl.getinfo(pycurl.RESPONSE_CODE) or None
    cut_by_us = error == pycurl.E_WRITE_ERROR and attempt.size > BODY_MOST
    reason = None if error is None or cut_by_us else _reason(error, attempt)
    return Outcome(
        status=None if reason else status,
        error=reason,
        duration_s=time.monotonic() - attempt.began,
        retry_after_s=retry_after_s(attempt.headers.get("retry-after"), time.time()),
        body_start=bytes(attempt.received),
    )


def _reason(error: int, attempt: _Attempt) -> str:
    if attempt.refused:
        return f"the address was refused: {attempt.refused}"
    names = {
        pycurl.E_OPERATION_TIMEDOUT: "no answer in time",
        pycurl.E_COULDNT_RESOLVE_HOST: "the name could not be resolved",
        pycurl.E_COULDNT_CONNECT: "the connection was refused",
        pycurl.E_PEER_FAILED_VERIFICATION: "the TLS certificate does not hold",
    }
    return names.get(error, f"the connection failed (libcurl error {error})")


def retry_after_s(text: str | None, now: float) -> float | None:
    """`Retry-After` in seconds from now: a number or a date; None if there is none to use."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
