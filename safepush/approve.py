"""A person's yes to a version that no check could judge, given to exactly what the report names."""

import json
import shlex
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from safepush import promote
from safepush.answers import Version
from safepush.checks.base import Verdict
from safepush.client import Client
from safepush.errors import ConfigInvalid, Problem
from safepush.options import ALWAYS
from safepush.promote import Step
from safepush.report import Report, to_json
from safepush.staging import Staged

MAX_BYTES = 16 << 20
#: in the artifacts folder, where no other place was asked for
FILE = "report.json"
_WHY = "somebody looked at it"


def with_way_out(report: Report, asked: Path | None, folder: Path, *, here: bool) -> Report:
    """A report that waits for a person, with what that person is to do.

    Args:
        report: any; others stay as they are.
        asked: where its JSON is written, if somebody asked for that.
        folder: where it is written else.
        here: whether its server is one that `approve` is for.
    """
    if report.verdict != "unsure":
        return report
    if not here:
        return replace(report, way_out=_elsewhere(report))
    with suppress(OSError):
        path = asked or _kept(report, folder)
        command = shlex.join(["safepush", "approve", str(path), "--reason", _WHY])
        return replace(report, way_out=f"to approve it: {command}")
    return replace(report, way_out="run it with --report json=FILE to have what approve takes")


def _kept(report: Report, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text(f"{to_json(report)}\n", encoding="utf-8", errors="replace")
    return path


def _elsewhere(report: Report) -> str:
    """Such a server has no version that was tested and could be moved to: it is built again."""
    unsure = {one.check for one in report.results if one.verdict is Verdict.UNSURE} - {ALWAYS}
    skipped = f" with --skip {','.join(sorted(unsure))}" if unsure else ""
    return f"once somebody looked at it, push it again{skipped}"


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
    except OSError as exc:
        raise _unusable(path, f"cannot be read: {exc.strerror or exc}") from exc
    except ValueError as exc:
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
