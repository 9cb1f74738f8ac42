"""The push itself, by the client that safepush uses too: one walk, one digest, one upload."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jobs.cli import http
from safepush.client import Client
from safepush.config import Connection
from safepush.errors import SafePushError
from safepush.version import read_bundle

SETUP_LIMIT_S = 1800.0


def send(path: Path, model: str) -> dict[str, Any]:
    """Push the folder and wait until the version is ready.

    Raises:
        CliError: the folder cannot be pushed, or its setup failed.
    """
    url = os.environ.get("PENSTOCK_URL", http.DEFAULT_URL)
    try:
        with Client(Connection(url=url, token=http.token())) as client:
            version = client.push_files(read_bundle(path), model)
            version = client.wait_ready(model, version, limit_s=SETUP_LIMIT_S)
    except SafePushError as error:
        raise http.CliError(str(error)) from error
    if version.state != "ready":
        raise http.CliError(f"{version.id[:12]} {version.state}: {version.error}\n{version.logs}")
    return asdict(version)
