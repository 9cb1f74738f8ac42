"""Trainings on a real server: through kill -9, with signed webhooks, cancelled, from the shell."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import tree
from tests.servers.penstock import ROOT, Penstock, Received, until

LINE = str(ROOT / "tests/models/line")
OWNER = "local"


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("trainings"))
    server.start()
    server.push(LINE, f"{OWNER}/line")
    yield server
    server.stop()


@pytest.fixture
def points(tmp_path: Path) -> Path:
    file = tmp_path / "points.csv"
    file.write_text("0,1\n1,3\n2,5\n")
    return file


def begun(penstock: Penstock, to: str, points: Path, hook: str | None = None, **given: Any) -> str:
    """A training that runs by now; its id."""
    penstock.call("POST", "/v1/models", json={"owner": OWNER, "name": to})
    live = penstock.call("GET", f"/v1/models/{OWNER}/line")["aliases"]["live"]
    content = {"content": ("points.csv", points.read_bytes())}
    file = penstock.call("POST", "/v1/files", files=content)["id"]
    body = {"destination": f"{OWNER}/{to}", "input": {"points": file, **given}, "webhook": hook}
    place = f"/v1/models/{OWNER}/line/versions/{live}/trainings"
    id: str = penstock.call("POST", place, json=body)["id"]
    until(lambda: "step" in penstock.call("GET", f"/v1/trainings/{id}")["logs"])
    return id


def ended(penstock: Penstock, id: str) -> dict[str, Any]:
    def ask() -> Any:
        told = penstock.call("GET", f"/v1/trainings/{id}")
        return told if told["status"] not in ("starting", "processing") else None

    told: dict[str, Any] = until(ask, 90)
    return told


def versions(penstock: Penstock, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = penstock.call("GET", f"/v1/models/{OWNER}/{name}/versions")[
        "results"
    ]
    return found


def test_a_killed_training_is_done_again_and_makes_one_version(
    penstock: Penstock, points: Path, tmp_path: Path
) -> None:
    secret = penstock.call("GET", "/v1/webhooks/default/secret")["key"]
    receiver = Received(tmp_path, secret)
    try:
        id = begun(penstock, "kites", points, receiver.url, steps=400, pause_s=0.3)
        penstock.kill()
        until(lambda: not tree.hosts(penstock.data))
        penstock.start()
        told = ended(penstock, id)

        def completed() -> list[dict[str, Any]]:
            return [one for one in receiver.events() if one["type"] == "training.completed"]

        until(completed)
        assert told["status"] == "succeeded", told["error"]
        [version] = versions(penstock, "kites")
        assert told["output"]["version"] == f"{OWNER}/kites:{version['id']}"
        [end] = completed()
        # as Replicate tells it: the training itself
        assert {name: end[name] for name in told} == told
        kinds = [one["type"] for one in receiver.events()]
        assert kinds[0] == "training.start"
        assert kinds[-1] == "training.completed"
        assert set(kinds[1:-1]) <= {"training.start", "training.logs"}
    finally:
        receiver.stop()
    database = sqlite3.connect(f"file:{penstock.data / 'penstock.db'}?mode=ro", uri=True)
    row = "SELECT lease_token, attempts FROM predictions WHERE id = ?"
    token, attempts = database.execute(row, (id,)).fetchone()
    database.close()
    assert token > attempts - 1 >= 1  # it was fenced off, and done twice


def test_a_cancelled_training_keeps_its_logs_and_makes_no_version(
    penstock: Penstock, points: Path
) -> None:
    id = begun(penstock, "swans", points, pause_s=60.0)

    told = penstock.cli("trainings", "cancel", id, "--json")

    assert json.loads(told.stdout)["status"] == "canceled", told.stderr
    kept = penstock.call("GET", f"/v1/trainings/{id}")
    assert kept["logs"].startswith("step 0 of 100")
    assert (kept["output"], kept["error"]) == (None, None)
    assert versions(penstock, "swans") == []


def test_the_command_trains_shows_and_uses_what_it_trained(
    penstock: Penstock, points: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "out.json"
    told = penstock.cli(
        *("train", f"{OWNER}/line", "-i", f"points=@{points}", "-i", "steps=400"),
        *("--destination", f"{OWNER}/gulls", "-o", str(weights)),
    )
    assert told.returncode == 0, told.stderr
    version, next_ = told.stdout.splitlines()
    assert next_ == f"it is live: penstock predict {OWNER}/gulls -i ..."
    assert "step 300 of 400" in told.stderr
    assert json.loads(weights.read_text()) == {"slope": 2.0, "offset": 1.0}
    assert float(penstock.cli("predict", f"{OWNER}/gulls", "-i", "x=10").stdout) == 21

    [one, *_] = json.loads(penstock.cli("trainings", "list", "--json").stdout)
    assert one["output"]["version"] == version
    assert version in penstock.cli("trainings", "show", one["id"]).stdout

    wrong = penstock.cli("train", f"{OWNER}/line", "-i", "steps=0", "--destination", "local/gulls")
    assert wrong.returncode == 2
    assert "input.steps" in wrong.stderr
    assert "input.points" in wrong.stderr


def test_a_folder_is_trained_without_a_server(
    penstock: Penstock, points: Path, tmp_path: Path
) -> None:
    weights, folder = tmp_path / "w.json", str(tmp_path / "line")
    shutil.copytree(LINE, folder)
    told = penstock.cli(
        *("train", folder, "-i", f"points=@{points}", "-i", "steps=400", "-o", str(weights))
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == str(weights)
    # it left them beside the code too, which is where cog looks for what comes with a model
    assert float(penstock.cli("predict", folder, "-i", "x=10").stdout) == 21
    link = tmp_path / "bad.zip"
    link.write_bytes(b"PK\3\4 no more of it")
    refused = penstock.cli("train", folder, "-i", f"points=@{link}")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "points: the zip is cut short" in refused.stderr
