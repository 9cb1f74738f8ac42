"""An expectation that a program of the model's own folder judges, without any of our secrets."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safepush.compare import File
from safepush.expectations.base import HELD, Evidence, Outcome, no, unsure
from safepush.plain import plain

LIMIT_S = 60.0
FAILS, UNSURE = 1, 2
#: what a program needs to find its way; tokens and keys are not among it
ALLOWED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Script:
    """A program gets the prediction as JSON and says yes (0), no (1) or unsure (2).

    What it prints first is the reason. A Python file runs with our own Python; files of the output
    are paths, in the place where the output has them.
    """

    path: Path
    limit_s: float = LIMIT_S

    def look(self, evidence: Evidence) -> Outcome:
        """By the program's exit status; any other end is a script that is broken, and no yes."""
        with tempfile.TemporaryDirectory() as folder:
            told = {
                "inputs": evidence.inputs,
                "output": _laid_out(evidence.output, Path(folder)),
                "latency_s": evidence.latency_s,
            }
            try:
                done = self._run(json.dumps(told))
            except subprocess.TimeoutExpired:
                return unsure(f"script {self.path.name} took over {self.limit_s:g} s")
            except OSError as exc:
                return unsure(f"script {self.path.name} cannot be run ({exc.strerror})")
        return self._outcome(done)

    def _run(self, told: str) -> "subprocess.CompletedProcess[str]":
        program = self.path.resolve()
        words = [sys.executable, str(program)] if program.suffix == ".py" else [str(program)]
        return subprocess.run(  # noqa: S603 - the program that the model's folder names
            words,
            input=told,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=self.limit_s,
            cwd=program.parent,
            env={name: os.environ[name] for name in ALLOWED if name in os.environ},
        )

    def _outcome(self, done: "subprocess.CompletedProcess[str]") -> Outcome:
        said = plain(next(iter(done.stdout.splitlines()), "") or "no reason given", 200)
        if done.returncode == 0:
            return HELD
        if done.returncode == FAILS and done.stdout.strip():
            return no(f"script {self.path.name}: {said}")
        if done.returncode == UNSURE:
            return unsure(f"script {self.path.name}: {said}")
        last = plain(next(iter(reversed(done.stderr.splitlines())), "it said nothing"), 200)
        return unsure(f"script {self.path.name} broke (status {done.returncode}): {last}")


def _laid_out(output: Any, folder: Path) -> Any:
    """The output with its files written to a folder, and their paths in their places."""
    if isinstance(output, File):
        path = folder / f"output-{len(list(folder.iterdir()))}"
        path.write_bytes(output.content)
        return {"file": str(path)}
    if isinstance(output, list):
        return [_laid_out(one, folder) for one in output]
    if isinstance(output, dict):
        return {name: _laid_out(one, folder) for name, one in output.items()}
    return output
