"""The server to talk to, as the environment names it: one frozen Connection."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from safepush.errors import ConfigInvalid, Problem

DEFAULT_URL = "http://127.0.0.1:8471"
DEFAULT_DATA = "penstock-data"


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
    url = environ.get("PENSTOCK_URL") or DEFAULT_URL
    _check_url(url)
    token = environ.get("PENSTOCK_TOKEN", "").strip() or _token_file(environ)
    if token and not re.fullmatch(r"[!-~]+", token):
        raise _unusable("PENSTOCK_TOKEN", "holds characters no token has; copy it again")
    return Connection(url.rstrip("/"), token or None)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _unusable("PENSTOCK_URL", f"must be an http(s) address, such as {DEFAULT_URL}")
    if parts.username or parts.password:
        raise _unusable("PENSTOCK_URL", "must not hold a user or password; use PENSTOCK_TOKEN")


def _token_file(environ: Mapping[str, str]) -> str:
    source = Path(environ.get("PENSTOCK_DATA") or DEFAULT_DATA) / "token"
    try:
        return source.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as exc:
        raise _unusable(str(source), "cannot be read as a token; set PENSTOCK_TOKEN") from exc


def _unusable(place: str, message: str) -> ConfigInvalid:
    return ConfigInvalid(place, [Problem("", message)])
