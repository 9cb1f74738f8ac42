"""Check what runs Penstock elsewhere: compose, images, units, alerts, KEDA, the action, shell."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
INFRA = ROOT / "infra"
ACTION = INFRA / "github-action" / "action.yml"
WORKFLOWS = sorted((INFRA / "github-action" / "workflows").glob("*.yaml"))


def tool(name: str) -> str | None:
    """A program of this environment, else of this machine."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def run(words: Sequence[str | Path]) -> tuple[int, str]:
    """A program's exit status, and all that it said."""
    done = subprocess.run(  # noqa: S603 - our own words
        [str(word) for word in words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def checked(words: Sequence[str | Path]) -> str | None:
    """What a program complains of; None if it is content."""
    status, said = run(words)
    return said or f"exit status {status}" if status else None


def compose(program: str) -> str | None:
    """The compose file, against the compose specification."""
    schema = ["--builtin-schema", "vendor.compose-spec"]
    return checked([program, *schema, INFRA / "compose.yaml"])


def dockerfiles(program: str) -> str | None:
    """The Dockerfiles, and the shell in them."""
    return checked([program, *sorted(INFRA.glob("Dockerfile.*"))])


def shell(program: str) -> str | None:
    """The shell scripts."""
    return checked([program, ROOT / ".ci" / "run"])


def units(program: str) -> str | None:
    """The systemd units; where they are installed their program is, here another stands for it."""
    with tempfile.TemporaryDirectory() as name:
        for unit in sorted((INFRA / "systemd").glob("*.service")):
            text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text())
            Path(name, unit.name.replace("@.", "@0.")).write_text(text)
        # a key that it does not know is said, but no failure to it; and of a machine's own units
        # it may say something too
        _, said = run([program, "verify", *sorted(Path(name).iterdir())])
        ours = [line for line in said.splitlines() if "penstock" in line]
        return "\n".join(ours) or None


def keda(program: str) -> str | None:
    """What KEDA is told, against what of its objects we use."""
    folder = INFRA / "keda"
    schema = folder / "scaledobject.schema.json"
    return checked([program, "--schemafile", schema, folder / "scaledobject.yaml"])


def action(program: str) -> str | None:
    """The GitHub Action and the workflows that use it, against their schemas."""
    told = (("vendor.github-actions", [ACTION]), ("vendor.github-workflows", WORKFLOWS))
    said = (checked([program, "--builtin-schema", name, *files]) for name, files in told)
    return "\n".join(filter(None, said)) or None


def workflows(program: str) -> str | None:
    """The same, for what an outsider could make of them."""
    return checked([program, "--offline", "--quiet", ACTION, *WORKFLOWS])


def expressions(program: str) -> str | None:
    """The workflows' expressions, and the shell in them."""
    return checked([program, *WORKFLOWS])


def steps(program: str) -> str | None:
    """The shell in the action's own steps."""
    with tempfile.TemporaryDirectory() as name:
        found = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
        for number, step in enumerate(one for one in found if "run" in one):
            Path(name, f"step-{number}.sh").write_text(f"#!/bin/bash\n{step['run']}")
        return checked([program, *sorted(Path(name).iterdir())])


def alerts(program: str) -> str | None:
    """Prometheus' settings, the rules they name, and the rules' own tests."""
    folder = INFRA / "prometheus"
    words = (("check", "config", "prometheus.yml"), ("test", "rules", "rules.test.yaml"))
    said = (checked([program, *first, folder / name]) for *first, name in words)
    return "\n".join(filter(None, said)) or None


CHECKS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "compose": ("check-jsonschema", compose),
    "Dockerfiles": ("hadolint", dockerfiles),
    "shell": ("shellcheck", shell),
    "alerts": ("promtool", alerts),
    "keda": ("check-jsonschema", keda),
    "action": ("check-jsonschema", action),
    "steps": ("shellcheck", steps),
    "workflows": ("zizmor", workflows),
    "expressions": ("actionlint", expressions),
    "systemd": ("systemd-analyze", units),
}


def documents() -> Iterator[str]:
    """Complaints about JSON files that are none."""
    for path in sorted(INFRA.rglob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{path.relative_to(ROOT)}: {error}"


def main() -> int:
    """Check it all; 1 if there is a complaint. What the machine lacks is skipped by name."""
    complaints = list(documents())
    for name, (program, check) in CHECKS.items():
        path = tool(program)
        said = check(path) if path else None
        state = "failed" if said else "ok" if path else f"skipped: no {program} here"
        print(f"infra: {name:<12} {state}")
        complaints += [said] if said else []
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
