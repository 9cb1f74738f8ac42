"""What ruff finds in a model's Python files, under the project's own settings."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from safepush.errors import BundleInvalid
from safepush.findings import Finding, Level, Rule, found
from safepush.version import read_bundle

RULES = {
    rule.id: rule
    for rule in (
        Rule("lint-code-broken", Level.ERROR, "it will fail when a prediction gets there"),
        Rule("lint-code", Level.WARNING, "ruff explains it: ruff rule CODE"),
    )
}
#: syntax, names that nothing defines, a format string without its values, a return outside
BROKEN = ("invalid-syntax", "E9", "F50", "F52", "F63", "F70", "F82")
#: where a project says nothing: mistakes, not style; ruff's own choice changes with versions
USUAL = "--select=E4,E7,E9,F"
#: models change sys.path and the environment before they import
NOT_ASKED = "E402"
NOT_INSTALLED = "ruff is not installed: pip install '.[lint]' in a checkout of Penstock"
LONGEST_S = 60.0


def codelint(folder: Path) -> tuple[tuple[Finding, ...], str | None]:
    """(what is wrong with the code that would be pushed, why nobody looked at it or None)."""
    ruff = _ruff()
    if ruff is None:
        return (), NOT_INSTALLED
    try:
        paths = [file.path for file in read_bundle(folder).files if file.path.endswith(".py")]
    except BundleInvalid:
        return (), "the folder cannot be read"
    if not paths:
        return (), None
    words = [ruff, "check", "--output-format=json", "--exit-zero", "--no-cache", "--force-exclude"]
    try:
        done = subprocess.run(  # noqa: S603 - a linter on files that it reads and never runs
            [*words, *_rules(folder), f"--extend-ignore={NOT_ASKED}", "--", *paths],
            cwd=folder,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
        return tuple(_findings(json.loads(done.stdout), folder)), None
    except (OSError, subprocess.TimeoutExpired):
        return (), "ruff did not run to its end"
    except (ValueError, KeyError, TypeError):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return (), f"ruff could not be used: {said[-1][:200] if said else 'it said nothing'}"


def _ruff() -> str | None:
    """That of this environment, else one that is on the path."""
    beside = Path(sys.executable).parent
    return shutil.which("ruff", path=str(beside)) or shutil.which("ruff")


def _rules(folder: Path) -> list[str]:
    """Nothing where the project chose its own."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / "ruff.toml").exists() or (place / ".ruff.toml").exists():
            return []
        with suppress(OSError, ValueError):
            if "ruff" in tomllib.loads((place / "pyproject.toml").read_text()).get("tool", {}):
                return []
    return [USUAL]


def _findings(told: list[dict[str, Any]], folder: Path) -> Iterator[Finding]:
    """One for each thing in each file; lines are no part of what accepts it."""
    seen: set[str] = set()
    for one in told:
        code = one["code"] or "invalid-syntax"
        path = os.path.relpath(one["filename"], folder.resolve())
        rule = RULES["lint-code-broken" if code.startswith(BROKEN) else "lint-code"]
        finding = found(rule, path, f"{code} {one['message']}", line=one["location"]["row"])
        if finding.key not in seen:
            seen.add(finding.key)
            yield finding
