"""A long prediction tells what it gives and prints while it runs."""

from pathlib import Path

import pytest

from tests.servers.penstock import Penstock, Received, until

MODEL = """
import time

from cog import BasePredictor, ConcatenateIterator


class Predictor(BasePredictor):
    def predict(self, words: int = 6) -> ConcatenateIterator[str]:
        for number in range(words):
            print("line", number, flush=True)
            time.sleep(0.4)
            yield f"word{number} "
"""


@pytest.fixture
def penstock(tmp_path: Path):  # type: ignore[no-untyped-def]
    server = Penstock(tmp_path)
    server.start()
    yield server
    server.stop()


def test_output_and_logs_come_while_it_runs(penstock: Penstock, tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "cog.yaml").write_text('predict: "predict.py:Predictor"\n')
    (folder / "predict.py").write_text(MODEL)
    penstock.push(str(folder), "demo/words")
    received = Received(tmp_path, penstock.call("GET", "/v1/webhooks/default/secret")["key"])
    try:
        body = {"version": "demo/words", "input": {}, "webhook": received.url}
        told = penstock.call("POST", "/v1/predictions", json=body, headers={"Prefer": "wait"})
        events = until(lambda: completed(received))
    finally:
        received.stop()

    assert told["output"] == [f"word{number} " for number in range(6)]
    types = [event["type"] for event in events]
    assert types[0] == "prediction.start"
    assert types[-1] == "prediction.completed"
    assert set(types[1:-1]) == {"prediction.output", "prediction.logs"}
    assert [event["sequence"] for event in events] == sorted(event["sequence"] for event in events)
    # each tells all there was by then, and more than the one before
    for kind, field in (("prediction.output", "output"), ("prediction.logs", "logs")):
        sizes = [len(event["data"][field]) for event in events if event["type"] == kind]
        assert sizes == sorted(set(sizes))
        assert 0 < sizes[0] <= len(events[-1]["data"][field])
    assert events[-1]["data"]["logs"] == "".join(f"line {number}\n" for number in range(6))


def completed(received: Received) -> list[dict[str, object]] | None:
    events = received.events()
    return events if events and events[-1]["type"] == "prediction.completed" else None
