"""A person's yes to a version that no check could judge, given to exactly what the report names."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safepush import promote
from safepush.answers import Version
from safepush.client import Client
from safepush.errors import ConfigInvalid, Problem
from safepush.promote import Step
from safepush.staging import Staged

MAX_BYTES = 16 << 20


@dataclass(frozen=True, kw_only=True)
class Paused:
    """What a report says of a run that waits for a person."""

    model: str
    version: str
    live_before: str | None


def read(path: Path) -> Paused:
    """The run that a JSON report tells of.

    Raises:
        ConfigInvalid: it is none, or does not wait for anybody.
    """
    try:
        told: Any = json.loads(path.read_bytes()[:MAX_BYTES])
    except (OSError, ValueError) as exc:
        raise _unusable(path, "is no report (safepush --report json=FILE writes one)") from exc
    verdict = told.get("verdict") if isinstance(told, dict) else None
    if verdict == "failed":
        raise _unusable(path, "a check failed there; that is not for anybody to approve")
    if verdict != "unsure":
        raise _unusable(path, f"waits for nobody: its verdict is {verdict!r}, not 'unsure'")
    names = [told.get(name) for name in ("model", "version", "live_before")]
    if not all(isinstance(one, str) or (one is None and at == 2) for at, one in enumerate(names)):
        raise _unusable(path, "is no report: model, version or live_before is missing")
    return Paused(model=names[0], version=names[1], live_before=names[2])


def approve(client: Client, paused: Paused) -> Step:
    """Make it live, if live is still what it was judged beside.

    Raises:
        LiveMoved: another version went live since.
    """
    version = client.version(paused.model, paused.version)
    live = None if paused.live_before is None else Version(id=paused.live_before, state="ready")
    staged = Staged(version=version, live=live, model=paused.model)
    promote.promote(client, paused.model, staged)
    return Step(paused.model, paused.version, paused.live_before or "nothing")


def _unusable(path: Path, message: str) -> ConfigInvalid:
    return ConfigInvalid(str(path), [Problem("", message)])
