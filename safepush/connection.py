"""The server to talk to, as the environment names it: one frozen Connection."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from safepush.errors import ConfigInvalid, Problem

REPLICATE_URL = "https://api.replicate.com"
DEFAULT_URL = "http://127.0.0.1:8471"
DEFAULT_DATA = "penstock-data"
#: settings of Python's own that name other certificates
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Connection:
    """Where the server is, and the token it knows us by (kept out of every representation)."""

    url: str
    token: str | None = field(repr=False)


def connection(environ: Mapping[str, str]) -> Connection:
    """The server to talk to: PENSTOCK_URL, and PENSTOCK_TOKEN or the embedded server's token file.

    Raises:
        ConfigInvalid: the address or the token cannot be used.
    """
    token = environ.get("PENSTOCK_TOKEN", "").strip()
    # where the embedded server listens, if it is its own token that is used
    url = environ.get("PENSTOCK_URL") or ("" if token else _kept(environ, "url")) or DEFAULT_URL
    _check_url(url, "PENSTOCK_URL", "PENSTOCK_TOKEN")
    token = token or _kept(environ, "token")
    _check_token(token, "PENSTOCK_TOKEN")
    return Connection(url.rstrip("/"), token or None)


def replicate_connection(environ: Mapping[str, str]) -> Connection:
    """The Replicate-compatible server: REPLICATE_BASE_URL, with or without /v1, and the token.

    Raises:
        ConfigInvalid: the address or the token cannot be used.
    """
    url = environ.get("REPLICATE_BASE_URL") or REPLICATE_URL
    _check_url(url, "REPLICATE_BASE_URL", "REPLICATE_API_TOKEN")
    token = environ.get("REPLICATE_API_TOKEN", "").strip()
    if not token:
        raise _unusable("REPLICATE_API_TOKEN", "is not set; --backend replicate needs it")
    _check_token(token, "REPLICATE_API_TOKEN")
    return Connection(url.rstrip("/").removesuffix("/v1"), token)


def trusted() -> ssl.SSLContext:
    """Whom https is believed: to read all certificates takes longer than a request, so once."""
    return _trusted(*map(os.environ.get, CERTIFICATES))


@cache
def _trusted(*_places: str | None) -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()


def _check_token(token: str, name: str) -> None:
    if token and not re.fullmatch(r"[!-~]+", token):
        raise _unusable(name, "holds characters no token has; copy it again")


def _check_url(url: str, name: str, token: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _unusable(name, f"must be an http(s) address, such as {DEFAULT_URL}")
    if parts.username or parts.password:
        raise _unusable(name, f"must not hold a user or password; use {token}")


def _kept(environ: Mapping[str, str], name: str) -> str:
    """What the embedded server of this folder wrote down: its `token`, its `url`."""
    source = Path(environ.get("PENSTOCK_DATA") or DEFAULT_DATA) / name
    try:
        return source.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as exc:
        raise _unusable(
            str(source), f"cannot be read as a {name}; set PENSTOCK_{name.upper()}"
        ) from exc


def _unusable(place: str, message: str) -> ConfigInvalid:
    return ConfigInvalid(place, [Problem("", message)])
