"""A batch of a model that takes files: rows with one, rows without, and one that cannot be had."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.penstock import Penstock

SOURCE = """
from cog import BasePredictor, Input, Path

class Predictor(BasePredictor):
    def setup(self) -> None:
        with open("{setups}", "a") as file:
            file.write("once\\n")

    def predict(
        self,
        text: str = Input(description="A text."),
        file: Path | None = Input(description="A file.", default=None),
        more: list[Path] = Input(description="Files.", default=[]),
    ) -> str:
        return text + "".join(path.read_text() for path in [file, *more] if path)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path)
    penstock.start()
    yield penstock
    penstock.stop()


def test_each_row_gets_its_own_files(server: Penstock, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    setups = tmp_path / "setups"
    (folder / "predict.py").write_text(SOURCE.replace("{setups}", str(setups)))
    assert server.cli("push", str(folder), "me/files").returncode == 0
    sent = server.call("POST", "/v1/files", files={"content": ("a.txt", b"uploaded")})
    rows = [
        {"custom_id": "without", "input": {"text": "a"}},
        {"custom_id": "data", "input": {"text": "b ", "file": "data:,text"}},
        {"custom_id": "uploaded", "input": {"text": "c ", "file": sent["id"]}},
        {"custom_id": "broken", "input": {"text": "d", "file": "data:;base64,?"}},
        {"custom_id": "many", "input": {"text": "e ", "more": ["data:,1", sent["id"]]}},
        *({"custom_id": f"{n}", "input": {"text": f"{n}", "file": "data:,!"}} for n in range(99)),
    ]

    id = server.submit("me/files", rows)
    batch = server.ended(id)

    assert batch["status"] == "completed", batch["errors"]
    output = {
        row["custom_id"]: row["response"]["body"]["output"]
        for row in server.lines(id, "output.jsonl")
    }
    assert output == {
        "without": "a",
        "data": "b text",
        "uploaded": "c uploaded",
        "many": "e 1uploaded",
    } | {f"{n}": f"{n}!" for n in range(99)}
    assert setups.read_text().splitlines() == ["once"]
    [broken] = server.lines(id, "errors.jsonl")
    assert broken["custom_id"] == "broken"
    assert broken["error"]["code"] == "input_unavailable"
    assert "input.file" in broken["error"]["message"]
