"""How endpoints behave, and what is to become of a delivery that meets each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from time import time

from tests.servers.certificate import certificate
from tests.servers.endpoint import (
    OK,
    Endpoint,
    Manner,
    never_ends,
    resets,
    says,
    silent,
    status,
    unaccepting,
)
from webhooks.attempt import HEAD_MOST
from webhooks.deliveries import RETRY_AFTER_CAP_S

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
DATE_S = 900
#: some reason, in libcurl's words of the day
ANY = "any"
LATE = "no answer in time"
CUT = "after its status the answer broke off (libcurl error {})"
#: what a try waits for after the first failure, jitter included
FIRST_WAIT = (5.0, 6.0)

#: something that listens, or does not; the address to send to, and who counts what comes
Place = Callable[[Path], AbstractContextManager[tuple[str, Endpoint | None]]]


@dataclass(frozen=True)
class Scenario:
    """A way to behave, and what is expected of a delivery after `attempts`."""

    what: str
    place: Place
    state: str
    #: of the last attempt
    told: int | None = None
    error: str | None = None
    attempts: int = 1
    #: how long it then waits for the next one, from and to
    wait_s: tuple[float, float] | None = None
    #: whether the endpoint is to have read a request at all
    read: bool = True


@contextmanager
def behaves(
    manner: Callable[[], Manner], folder: Path, accepts_after_s: float = 0.0
) -> Iterator[tuple[str, Endpoint]]:
    """An endpoint of that manner, made now."""
    with Endpoint(manner(), accepts_after_s=accepts_after_s) as endpoint:
        yield endpoint.url, endpoint


def of(manner: Callable[[], Manner], **more: float) -> Place:
    """A place that behaves in that manner."""
    return lambda folder: behaves(manner, folder, **more)


@contextmanager
def nowhere(url: str, folder: Path) -> Iterator[tuple[str, None]]:
    """An address as it is."""
    yield url, None


@contextmanager
def port(
    closed: Callable[[], AbstractContextManager[int]], folder: Path
) -> Iterator[tuple[str, None]]:
    """A port at which nobody takes a connection."""
    with closed() as number:
        yield f"http://127.0.0.1:{number}/hook", None


@contextmanager
def untrusted(folder: Path) -> Iterator[tuple[str, Endpoint]]:
    """A certificate that signs itself."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder, "127.0.0.1"))
    with Endpoint(says(OK), context) as endpoint:
        yield endpoint.url, endpoint


@contextmanager
def plain(folder: Path) -> Iterator[tuple[str, None]]:
    """An https:// address behind which nobody speaks TLS."""
    with Endpoint(says(OK)) as endpoint:
        yield endpoint.url.replace("http:", "https:"), None


@contextmanager
def elsewhere(code: int, folder: Path) -> Iterator[tuple[str, Endpoint]]:
    """A redirect to somebody who would say yes; it is he who counts."""
    with (
        Endpoint(says(OK)) as other,
        Endpoint(status(code, f"location: {other.url}")) as here,
    ):
        yield here.url, other


def at_a_date() -> Manner:
    """Busy, and says until when."""
    return status(429, f"retry-after: {formatdate(time() + DATE_S, usegmt=True)}")


def in_turns(*manners: Manner) -> Manner:
    """The first of them first, and the last for ever."""
    left = list(manners)
    return lambda connection, request: (left.pop(0) if len(left) > 1 else left[0])(
        connection, request
    )


def made(manner: Manner) -> Callable[[], Manner]:
    """A manner that needs nothing to be made."""
    return lambda: manner


SCENARIOS = [
    Scenario("takes it", of(made(says(OK))), "delivered", 200),
    Scenario("takes it, with 299", of(made(status(299))), "delivered", 299),
    Scenario("accepts connections only after 3 s", of(made(says(OK)), accepts_after_s=3.0),
             "delivered", 200),
    Scenario("fails, and takes it the second time", of(lambda: in_turns(status(500), says(OK))),
             "delivered", 200, attempts=2),
    Scenario("takes it, drips its answer's body", of(made(never_ends(HEAD, b"a", 0.2))),
             "delivered", 200, CUT.format(28)),
    Scenario("takes it, its answer's body never ends", of(made(never_ends(ENDLESS, CHUNK))),
             "delivered", 200),
    Scenario("takes it, resets inside its answer's body", of(made(resets(HEAD + b"begun"))),
             "delivered", 200, CUT.format(56)),
    Scenario("resets once it has read the body", of(made(resets())), "pending", None,
             "the connection broke before an answer", wait_s=FIRST_WAIT),
    Scenario("closes without a word", of(made(lambda connection, request: connection.close())),
             "pending", None, ANY, wait_s=FIRST_WAIT),
    Scenario("never answers", of(made(never_ends(b"", b"", 0.2))), "pending", None, LATE,
             wait_s=FIRST_WAIT),
    Scenario("drips its answer's head", of(made(never_ends(b"HTTP/1.1 200 OK\r\nx: ", b"a", 0.2))),
             "pending", None, LATE, wait_s=FIRST_WAIT),
    Scenario("its answer's head never ends",
             of(made(never_ends(b"HTTP/1.1 200 OK\r\n", b"x-much: " + b"x" * 1000 + b"\r\n"))),
             "pending", None, f"the answer's head is larger than {HEAD_MOST} bytes",
             wait_s=FIRST_WAIT),
    Scenario("never accepts a connection", partial(port, unaccepting), "pending", None, LATE,
             wait_s=FIRST_WAIT),
    Scenario("listens nowhere", partial(port, silent), "pending", None,
             "the connection was refused", wait_s=FIRST_WAIT),
    Scenario("has no name", partial(nowhere, "http://no-such-name.invalid/hook"), "pending", None,
             "the name could not be resolved", wait_s=FIRST_WAIT),
    Scenario("has a certificate that signs itself", untrusted, "pending", None,
             "the TLS certificate does not hold", wait_s=FIRST_WAIT, read=False),
    Scenario("speaks no TLS", plain, "pending", None, LATE, wait_s=FIRST_WAIT),
    *(Scenario(f"redirects with {code}", partial(elsewhere, code), "pending", code,
               wait_s=FIRST_WAIT, read=False) for code in (301, 302, 303, 307, 308)),
    *(Scenario(f"answers {code}", of(made(status(code))), "pending", code, wait_s=FIRST_WAIT)
      for code in (304, 400, 401, 404, 500, 502, 504)),
    Scenario("is gone: 410", of(made(status(410))), "cancelled", 410),
    Scenario("429, Retry-After in seconds", of(made(status(429, "retry-after: 120"))), "pending",
             429, wait_s=(120.0, 121.0)),
    Scenario("429, Retry-After as a date", of(at_a_date), "pending", 429,
             wait_s=(DATE_S - 30.0, DATE_S + 1.0)),
    Scenario("503, Retry-After of ten days", of(made(status(503, "retry-after: 864000"))),
             "pending", 503, wait_s=(RETRY_AFTER_CAP_S, RETRY_AFTER_CAP_S + 1.0)),
    Scenario("503, Retry-After that cannot be read", of(made(status(503, "retry-after: soon"))),
             "pending", 503, wait_s=FIRST_WAIT),
]  # fmt: skip


def markdown(rows: list[tuple[str, str, int, str, str]]) -> str:
    """A table of (endpoint, state, attempts, last answer or error, next attempt)."""
    lines = [
        "| the endpoint | the delivery | attempts | the last one | the next one |",
        "| --- | --- | --- | --- | --- |",
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"
