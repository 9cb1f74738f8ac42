"""Single predictions asked for at once: with and without passes that they share."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.figures import manifest, middle, penstock, run, upload
from tests.benchmarks.report import say
from tests.benchmarks.workloads import HERE
from tests.servers.penstock import Penstock, until

AT_ONCE, REPEATS = 64, 5
ALONE = """from predict import Predictor as Model


class Predictor(Model):
    def predict(self, text: str) -> list[float]:
        return Model.predict_batch(self, [{"text": text}])[0]

    predict_batch = None
"""


def test_64_single_predictions_at_once(tmp_path: Path) -> None:
    """The same text encoder, once with its `predict_batch` and once without, in turns."""
    alone = tmp_path / "alone"
    shutil.copytree(HERE / "models" / "texts", alone)
    (alone / "alone.py").write_text(ALONE)
    (alone / "cog.yaml").write_text('predict: "alone.py:Predictor"\n')
    times: dict[str, list[float]] = {"bench/texts": [], "bench/alone": []}
    with penstock(tmp_path) as server:
        for folder, name in ((HERE / "models" / "texts", "bench/texts"), (alone, "bench/alone")):
            done = server.cli("push", str(folder), name)
            assert done.returncode == 0, done.stderr
            run(server, upload(server, manifest(tmp_path / "rows.jsonl", 512)), name)
        for _ in range(REPEATS):
            for name, found in times.items():
                found.append(ask_all(server, name))
    shared, single = middle(times["bench/texts"]), middle(times["bench/alone"])
    figure = f"{shared:.2f} s, without shared passes {single:.2f} s, {single / shared:.1f} x"
    say(f"{AT_ONCE} single predictions at once, text encoder", figure, "faster")


def ask_all(server: Penstock, model: str) -> float:
    """Seconds from the first question to the last answer."""
    bodies = [{"version": model, "input": {"text": f"what is number {n}"}} for n in range(AT_ONCE)]
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda body: server.call("POST", "/v1/predictions", json=body), bodies)
        ids = [one["id"] for one in asked]
    for id in ids:
        until(lambda id=id: server.call("GET", f"/v1/predictions/{id}")["completed_at"], 120)
    return time.perf_counter() - began
