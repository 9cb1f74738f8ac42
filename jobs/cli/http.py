"""The CLI's way to the server: one client, problems as errors with a way out."""

import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jobs.cli import out

if TYPE_CHECKING:
    import ssl

    import httpx

# the command that httpx has too, which it does without, takes as long to import as all of it
sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
T = TypeVar("T")
#: a server that says "not so fast" is heeded for so long in all, for one request
THROTTLED_S = 60.0
#: from so long a wait on somebody is told that there is one
SILENT_S = 2.0
#: a server that restarts is waited for so long, where something of ours goes on there
OUTAGE_S, OUTAGE_POLL_S = 60.0, 0.5
DEFAULT_URL = "http://127.0.0.1:8471"
#: settings of Python's own that name other certificates
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
CANNOT_RUN, NOT_FOUND, CONFLICT, INTERRUPTED = 2, 6, 7, 130
EXIT_CODES = {
    **dict.fromkeys((400, 401, 403, 422), CANNOT_RUN),
    404: NOT_FOUND,
    409: CONFLICT,
}
#: where to look when there is no such thing
WAYS_OUT = {
    "there is no model": "`penstock models` lists yours",
    "there is no version": "`penstock versions MODEL` lists them",
    "there is no deployment": "`penstock deployments list` lists yours",
    "there is no training": "`penstock trainings list` lists yours",
    "there is no batch": "`penstock batch list` lists yours",
    "there is no delivery": "`penstock webhooks deliveries` lists yours",
    "there is no endpoint": "`penstock webhooks endpoints list` lists yours",
}


class CliError(click.ClickException):
    """Something the user can act on; `exit_code` says which kind, `problem` is the server's own."""

    problem: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


class Refused(CliError):
    """The server wants the request otherwise; `texts` names the fields that it wants as text."""

    def __init__(self, message: str, texts: frozenset[str]) -> None:
        super().__init__(message, EXIT_CODES[422])
        self.texts = texts


class Unreachable(CliError):
    """Nobody answers; it may be tried again."""

    def __init__(self, url: str, error: Exception) -> None:
        # the class only: the text of some of these errors quotes headers
        super().__init__(
            f"cannot reach {url} ({type(error).__name__}); start it with `penstock up`,"
            " or set PENSTOCK_URL",
            CANNOT_RUN,
        )


def data_folder() -> Path:
    """Where the embedded server keeps its things."""
    return Path(os.environ.get("PENSTOCK_DATA", "penstock-data"))


def server_url() -> str:
    """PENSTOCK_URL, else where the embedded server of this folder last listened.

    Only for its own token: whoever names another means another server.
    """
    given = os.environ.get("PENSTOCK_URL")
    if not given and not os.environ.get("PENSTOCK_TOKEN"):
        given = listened_at()
    return given or DEFAULT_URL


def listened_at() -> str | None:
    """Where the embedded server of this folder last listened, if there was one."""
    with suppress(OSError):
        return (data_folder() / "url").read_text().strip() or None
    return None


def token() -> str:
    """PENSTOCK_TOKEN, else the embedded server's token file."""
    given = os.environ.get("PENSTOCK_TOKEN", "").strip()
    path = data_folder() / "token"
    if not given:
        try:
            given = path.read_text().strip()
        except FileNotFoundError:
            raise CliError(
                f"no token: set PENSTOCK_TOKEN, or start `penstock up` here (it writes {path})",
                CANNOT_RUN,
            ) from None
        except OSError as error:
            raise CliError(f"cannot read {path}: {error.strerror}", CANNOT_RUN) from error
    if not given.isascii() or not given.isprintable():
        raise CliError("the token holds what no token holds; set PENSTOCK_TOKEN anew", CANNOT_RUN)
    return given


def client(timeout_s: float = 120.0) -> "httpx.Client":
    """A client of the server that PENSTOCK_URL names."""
    import httpx

    headers, url = {"Authorization": f"Bearer {token()}"}, server_url()
    if not url.startswith(("http://", "https://")):
        raise CliError("PENSTOCK_URL must begin with http:// or https://", CANNOT_RUN)
    try:
        return httpx.Client(base_url=url, headers=headers, timeout=timeout_s, verify=trusted())
    except httpx.InvalidURL as error:
        raise CliError(f"PENSTOCK_URL is no address: {error}", CANNOT_RUN) from error


def trusted() -> "ssl.SSLContext":
    """Whom https is believed: to read all certificates takes longer than a request, so once."""
    return _trusted(*map(os.environ.get, CERTIFICATES))


@cache
def _trusted(*_places: str | None) -> "ssl.SSLContext":
    import httpx

    return httpx.create_ssl_context()


class NotNow(CliError):
    """The server, or a proxy before it, cannot answer now; it may be tried again."""


class Throttled(CliError):
    """The token has reached a limit; it may be tried again after `retry_after_s`."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


def patiently(do: Callable[[], T]) -> T:
    """What `do` answers; while a limit is reached, asked again when the server says, for a while.

    Raises:
        Throttled: for longer than that.
    """
    began, is_told = time.monotonic(), False
    while True:
        try:
            return do()
        except Throttled as error:
            waited_s = time.monotonic() - began + error.retry_after_s
            if waited_s > THROTTLED_S:
                raise
            if waited_s > SILENT_S and not is_told:
                out.note(f"{error.message}; tried again for up to {THROTTLED_S:.0f} s")
                is_told = True
            time.sleep(error.retry_after_s)


def call(method: str, path: str, **options: Any) -> Any:
    """One request, made again while a limit is reached; the JSON of its answer.

    Raises:
        Throttled, Unreachable, CliError: see `send`.
    """
    return patiently(lambda: send(method, path, **options))


def idempotent(key: str | None) -> dict[str, str]:
    """The header that makes one thing of all that is sent with the same key."""
    return {} if key is None else {"Idempotency-Key": key}


def outlast(path: str) -> Any:
    """What is there, asked again for a while where the server is away: it may be restarting.

    That is said on stderr at once.

    Raises:
        Unreachable, NotNow: for longer than that.
        CliError: see `send`.
    """
    until, said = time.monotonic() + OUTAGE_S, False
    while True:
        try:
            return call("GET", path)
        except (Unreachable, NotNow) as error:
            if time.monotonic() > until:
                raise
            if not said:
                _say_away(error)
                said = True
            time.sleep(OUTAGE_POLL_S)


def _say_away(error: CliError) -> None:
    """Who waits is told for what, and how long at most."""
    now = time.time()
    since, until = (time.strftime("%H:%M:%S", time.localtime(at)) for at in (now, now + OUTAGE_S))
    told = f"no answer since {since}, tried again until {until}: {error.message}"
    click.echo(told, err=True)


def send(method: str, path: str, **options: Any) -> Any:
    """One request; the JSON of its answer.

    Raises:
        Throttled: the token has reached a limit.
        Unreachable: nobody answers.
        CliError: the server refused.
    """
    import httpx

    with client() as http:
        try:
            response = http.request(method, path, **options)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Unreachable(str(http.base_url), error) from error
    check(response)
    try:
        return response.json() if response.content else None
    except ValueError as error:
        message = f"{server_url()} does not answer like Penstock; see PENSTOCK_URL"
        raise CliError(message, CANNOT_RUN) from error


def check(response: "httpx.Response") -> None:
    """Raise CliError, with the server's own words, unless the answer is good."""
    if response.is_success:
        return
    told: Any = None
    with suppress(ValueError):
        told = response.json()
    told = told if isinstance(told, dict) and "detail" in told else {}
    error = _refusal(response, told)
    error.problem = {name: told[name] for name in ("code", "field") if told.get(name)}
    raise error


def _refusal(response: "httpx.Response", told: dict[str, Any]) -> CliError:
    status, field = response.status_code, told.get("field") or ""
    text = str(told.get("detail", f"{server_url()} answered {status}; see PENSTOCK_URL"))
    if field and not re.search(rf"(?<![\w.]){re.escape(field)}(?!\w)", text):
        text = f"{field}: {text}"
    if status == 401:
        text = (
            "the server does not know this token; set PENSTOCK_TOKEN, or run this beside its data"
        )
    if status == 429:
        again = response.headers.get("Retry-After", "")
        return Throttled(text, float(again) if again.isascii() and again.isdigit() else 1.0)
    if status in (502, 503, 504):
        return NotNow(text)
    if status == 422:
        return Refused(text, _texts(told))
    way_out = next((way for start, way in WAYS_OUT.items() if text.startswith(start)), None)
    return CliError(f"{text}; {way_out}" if way_out else text, EXIT_CODES.get(status, 1))


def _texts(told: dict[str, Any]) -> frozenset[str]:
    faults = told.get("invalid_fields") or ()
    return frozenset(
        fault["field"] for fault in faults if "must be a string" in fault["description"]
    )


def pages(path: str, most: int, **query: str) -> list[dict[str, Any]]:
    """The first `most` things of a list, however many pages that takes."""
    found: list[dict[str, Any]] = []
    while len(found) < most:
        asked = {"limit": str(min(100, most - len(found))), **query}
        told = call("GET", path, params=asked)
        found += told.get("results") or told.get("data") or []
        more = told.get("next") or (told.get("has_more") and told.get("last_id"))
        if not more:
            break
        query["after"] = _after(more)
    return found


def _after(more: str) -> str:
    from urllib.parse import parse_qs, urlsplit

    return parse_qs(urlsplit(more).query).get("after", [more])[0]
