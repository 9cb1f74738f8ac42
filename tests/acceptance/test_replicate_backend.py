"""The gate before a Replicate-compatible server: a push command, a test model, a second build.

The server is ours, spoken to as Replicate's; the command is a stand-in for `cog push`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.penstock import BIN, ROOT, Penstock

MODEL = "gate/painter"
TESTED = "gate/painter-tried"
PAINTER = """
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

class Output(BaseModel):
    text: str
    picture: Path

class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Whom to greet.", default="you"),
        seed: int = Input(description="Which shade.", default=1, ge=0, le=5),
    ) -> Output:
        Image.new("RGB", (32, 32), (seed * 40, 120, 90)).save("painted.png")
        return Output(text="hello " + text, picture=Path("painted.png"))
"""
#: of cog-safe-push, with what it has for such a server
CONFIG = f"""
model: {MODEL}
test_model: {TESTED}
test_hardware: cpu
dockerfile: Dockerfile.gpu
use_cog_base_image: false
deployment: {{owner: local, name: painter, hardware: cpu}}
predict:
  compare_outputs: true
  test_cases:
    - inputs: {{text: you, seed: 2}}
      jq_query: '.text == "hello you"'
    - inputs: {{text: me, seed: 9}}
      error_contains: seed
  fuzz:
    iterations: 6
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("replicate"))
    penstock.start()
    yield penstock
    penstock.stop()


class Gate:
    """One model folder, and `safepush` before a Replicate-compatible server."""

    def __init__(self, server: Penstock, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **{name: one for name, one in os.environ.items() if not name.startswith("PENSTOCK")},
            "PYTHONPATH": str(ROOT),
            "REPLICATE_BASE_URL": f"{server.url}/v1",
            "REPLICATE_API_TOKEN": (server.data / "token").read_text().strip(),
            "SAFEPUSH_BACKEND": "replicate",
            "SAFEPUSH_PUSH_COMMAND": f"{sys.executable} {ROOT / 'tests/servers/cog.py'} push",
        }
        folder.mkdir()
        (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
        (folder / "cog-safe-push.yaml").write_text(CONFIG)
        self.write(PAINTER)

    def write(self, source: str) -> None:
        (self.folder / "predict.py").write_text(source)

    def run(self, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "safepush", *map(str, words)],
            env=self._environment | more,
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )

    def report(self, status: int, **more: str) -> dict[str, Any]:
        done = self.run(self.folder, "--json", **more)
        assert done.returncode == status, done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told


@pytest.fixture
def gate(server: Penstock, tmp_path: Path) -> Gate:
    return Gate(server, tmp_path / "painter")


def latest(server: Penstock) -> str | None:
    found = server.call("GET", f"/v1/models/{MODEL}")["latest_version"]
    return None if found is None else found["id"]


def test_the_whole_gate_before_a_replicate_compatible_server(server: Penstock, gate: Gate) -> None:
    first = gate.report(0)

    assert {one["name"]: one["verdict"] for one in first["checks"]} == {
        **dict.fromkeys(("setup", "lint", "cases", "fuzz"), "passed"),
        **dict.fromkeys(("compatibility", "parity"), "skipped"),
    }
    assert (first["model"], first["promoted"]) == (MODEL, True)
    assert first["live"] == first["version"] == latest(server)
    notes = "\n".join(first["notes"])
    assert f"tested as {TESTED}:{first['version'][:12]}" in notes
    assert "not exercised: promotion of what was tested" in notes
    assert "what is live is what was tested" in notes
    # either it has that version now, or it is told that this server has no deployments
    assert "the deployment local/painter" in notes
    assert "nothing is built again" not in notes
    assert "test_model" not in notes

    gate.write(PAINTER.replace('"hello "', '"hallo "'))
    bad = gate.report(1)
    assert [one["name"] for one in bad["checks"] if one["verdict"] == "failed"] == [
        "cases",
        "parity",
    ]
    assert latest(server) == first["live"] != bad["version"]

    gate.write(PAINTER + "# the same in other words\n")
    better = gate.report(0, STAMP_BUILDS="1")
    assert better["live"] == latest(server)
    assert better["live"] not in (better["version"], first["live"])
    assert f"what is live is {better['live'][:12]}, built again" in "\n".join(better["notes"])
    (parity,) = (one for one in better["checks"] if one["name"] == "parity")
    assert parity["reasons"][0] == "1 of 1 cases gave what the live version gives"

    back = gate.run("rollback", gate.folder)
    assert (back.returncode, back.stdout) == (2, "")
    assert "cannot go back" in back.stderr


def test_a_push_command_that_cannot_be_used_is_told(gate: Gate) -> None:
    absent = gate.run(gate.folder, SAFEPUSH_PUSH_COMMAND="cog-that-is-not-here push")
    broken = gate.run(gate.folder, SAFEPUSH_PUSH_COMMAND="sh -c 'echo no builder; exit 3'")
    elsewhere = gate.run(gate.folder, REPLICATE_API_TOKEN="")

    assert (absent.returncode, broken.returncode, elsewhere.returncode) == (2, 3, 2)
    assert "cog-that-is-not-here cannot be run" in absent.stderr
    assert "sh ended with 3; the last it said:\nno builder" in broken.stderr
    assert "REPLICATE_API_TOKEN: is not set" in elsewhere.stderr
