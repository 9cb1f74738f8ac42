"""One POST on libcurl: what it may do, how far it may go, and what came of it."""

import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import pycurl

from webhooks.addresses import Network, judge
from webhooks.deliveries import Outcome, retry_after_s

#: of an answer's body: what the log keeps, and where the transfer is cut off
BODY_KEPT = 1024
BODY_MOST = 64 * 1024
#: of an answer's head, every `100 Continue` and trailer included
HEAD_MOST = 64 * 1024
#: beside those that a request has of its own
HEADERS = ("content-type: application/json", "expect:")
USER_AGENT = "penstock-webhooks/1"


class Request(NamedTuple):
    """One attempt to make: the bytes go out as they are."""

    id: str
    url: str
    body: bytes
    headers: dict[str, str]


class Attempt:
    """A transfer under way, and when it has ended the next one; a multi drives its `curl`.

    What does not change from one to the next is said once: making a handle costs more than a post.
    """

    def __init__(self, allow: Sequence[Network], timeout_s: float) -> None:
        self.id = ""
        self.curl: Any = pycurl.Curl()
        self._allow = allow
        self._sockets: list[socket.socket] = []
        self._refused: str | None = None
        self._head, self._body = Head(), Body()
        for option, value in self._options(timeout_s).items():
            self.curl.setopt(option, value)

    def begin(self, request: Request) -> None:
        """Make ready for one more; raises what pycurl raises for what cannot be sent."""
        self.id = request.id
        self._refused = None
        self._head.begin()
        self._body.begin()
        set_option = self.curl.setopt
        set_option(pycurl.URL, request.url)
        set_option(pycurl.POSTFIELDS, request.body)
        own = [f"{name}: {value}" for name, value in request.headers.items()]
        set_option(pycurl.HTTPHEADER, [*HEADERS, *own])
        self._began = time.monotonic()

    def _options(self, timeout_s: float) -> dict[int, Any]:
        options: dict[int, Any] = {
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.TIMEOUT_MS: max(1, int(timeout_s * 1000)),  # 0 would mean for ever
            pycurl.NOSIGNAL: 1,
            pycurl.PROXY: "",  # a proxy would dial for us, unjudged
            pycurl.USERAGENT: USER_AGENT,
            pycurl.OPENSOCKETFUNCTION: self._open,
            pycurl.HEADERFUNCTION: self._head.take,
            pycurl.WRITEFUNCTION: self._body.take,
        }
        certificates = ssl.get_default_verify_paths().cafile
        if certificates:  # the wheel's own path is another distribution's
            options[pycurl.CAINFO] = certificates
        return options

    def _open(self, purpose: int, address: Any) -> Any:
        """The very address being dialled is judged, so a changing name cannot help."""
        family, kind, protocol, place = address
        host = place[0] if isinstance(place[0], str) else place[0].decode()
        self._refused = judge(host, self._allow, port=place[1])
        if self._refused:
            return pycurl.SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
        self._sockets.append(opened)  # libcurl dials with a copy; this one is ours to close
        return opened

    def outcome(self, error: int | None) -> Outcome:
        """What came of it; a status counts once its head is whole, whatever the body did."""
        told = self._head.status
        return Outcome(
            status=told,
            error=None if error is None or self._body.cut else self._reason(error),
            duration_s=time.monotonic() - self._began,
            retry_after_s=retry_after_s(self._head.retry_after, time.time()),
            body_start=bytes(self._body.start),
        )

    def _reason(self, error: int) -> str:
        if self._head.status is not None:
            return f"after its status the answer broke off (libcurl error {error})"
        if self._refused:
            return f"the address was refused: {self._refused}"
        if self._head.cut:
            return f"the answer's head is larger than {HEAD_MOST} bytes"
        return REASONS.get(error, f"the connection failed (libcurl error {error})")

    def end(self) -> None:
        """Give our copies of its sockets back; libcurl keeps its own open for the next one."""
        for one in self._sockets:
            one.close()
        self._sockets.clear()

    def close(self) -> None:
        """Give everything back."""
        self.curl.close()
        self.end()


class Head:
    """The status line and the headers of an answer, as libcurl hands them over."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Nothing has come yet."""
        self.status: int | None = None
        self.retry_after: str | None = None
        self.cut = False
        self._size = 0
        self._coming = 0

    def take(self, line: bytes) -> int | None:
        """One line; 0 tells libcurl to stop."""
        self._size += len(line)
        if self._size > HEAD_MOST:
            self.cut = True
            return 0
        if line.startswith(b"HTTP/"):
            self._coming = _status(line)
        elif not line.strip():
            self._whole()
        else:
            self._header(line)
        return None

    def _whole(self) -> None:
        if self._coming >= 200:  # 1xx only announces the head that counts
            self.status = self._coming

    def _header(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if self.status is None and name.strip().lower() == b"retry-after":
            self.retry_after = value.strip().decode("latin-1")


class Body:
    """The first bytes of an answer's body; the rest is read so that the socket can be kept."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Nothing has come yet."""
        self.start = bytearray()
        self.cut = False
        self._size = 0

    def take(self, chunk: bytes) -> int | None:
        """Some bytes; 0 tells libcurl to stop."""
        self._size += len(chunk)
        self.start += chunk[: BODY_KEPT - len(self.start)]
        self.cut = self._size > BODY_MOST
        return 0 if self.cut else None


def _status(line: bytes) -> int:
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


#: libcurl's errors in words; nothing of the address or of what was sent is in them
REASONS = {
    pycurl.E_OPERATION_TIMEDOUT: "no answer in time",
    pycurl.E_COULDNT_RESOLVE_HOST: "the name could not be resolved",
    pycurl.E_COULDNT_CONNECT: "the connection was refused",
    pycurl.E_PEER_FAILED_VERIFICATION: "the TLS certificate does not hold",
    pycurl.E_SSL_CONNECT_ERROR: "TLS could not be agreed on",
    pycurl.E_GOT_NOTHING: "the connection was closed without an answer",
    pycurl.E_RECV_ERROR: "the connection broke before an answer",
    pycurl.E_SEND_ERROR: "the connection broke while sending",
    pycurl.E_URL_MALFORMAT: "the address cannot be read",
    pycurl.E_UNSUPPORTED_PROTOCOL: "the address or the answer is not HTTP",
}
