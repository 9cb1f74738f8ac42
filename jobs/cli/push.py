"""The push itself, by the client that safepush uses too: one walk, one digest, one upload."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from jobs.cli import http, out
from safepush.answers import Version
from safepush.client import Client
from safepush.connection import Connection
from safepush.errors import (
    BundleInvalid,
    Conflict,
    SafePushError,
    ServiceRefused,
    ServiceUnreachable,
)
from safepush.version import read_bundle

SETUP_LIMIT_S = 1800.0


def send(
    path: Path, model: str, *, live: bool = False, hardware: str | None = None
) -> dict[str, Any]:
    """Push the folder, wait until the version is ready, and point the aliases at it.

    `staging` moves to it always; `live` if asked for, or if it names nothing yet. The answer is
    the version and, as `aliases`, which of the two name it now.

    Raises:
        CliError: the folder cannot be pushed, or its setup failed.
    """
    try:
        with Client(Connection(url=http.server_url(), token=http.token())) as client:
            version = client.push_files(read_bundle(path), model, hardware)
            version = client.wait_ready(model, version, limit_s=SETUP_LIMIT_S, say=out.note)
            if version.state != "ready":
                raise _failed(version)
            _warn(version)
            client.set_alias(model, "staging", version.id)
            is_live = _set_live(client, model, version, live)
    except SafePushError as error:
        raise http.CliError(str(error), _exit_code(error)) from error
    return asdict(version) | {"aliases": ["staging", "live"] if is_live else ["staging"]}


def _exit_code(error: SafePushError) -> int:
    """The same as with any other command: what was refused, and what could not be tried."""
    if isinstance(error, ServiceRefused):
        return http.EXIT_CODES.get(error.status, 1)
    return http.CANNOT_RUN if isinstance(error, (BundleInvalid, ServiceUnreachable)) else 1


def _set_live(client: Client, model: str, version: Version, asked: bool) -> bool:
    if asked:
        client.set_alias(model, "live", version.id)
        return True
    try:
        # only the first version goes live unasked, and never over one that held a moment ago
        client.move_alias(model, "live", version.id, expected=None)
    except Conflict:
        return client.alias(model, "live") == version.id
    return True


def _warn(version: Version) -> None:
    """Say what was noticed while it was loaded."""
    for line in version.logs.splitlines():
        if line.startswith("warning: "):
            out.note(line)


def _failed(version: Version) -> http.CliError:
    return http.CliError(f"{version.id[:12]} {version.state}: {version.error}\n{version.logs}")
