"""Single predictions of a model that does nothing: request to result, and 16 clients at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.figures import MODEL, NOOP, middle, penstock
from tests.benchmarks.report import say
from tests.servers.penstock import BIN, free_port
from tests.servers.process import Server

CLIENTS, SECONDS, ROUNDS = 16, 4.0, 3
ASYNC = """from cog import BasePredictor


class Predictor(BasePredictor):
    async def predict(self, text: str) -> str:
        return text
"""
SERVICE, SERVE, COG = "Penstock", "penstock serve", "Cog's server"
JSON = {"Content-Type": "application/json"}


def test_single_predictions_beside_cogs_own_server(tmp_path: Path) -> None:
    """One after the other with a plain model; with 16 clients, an async one with 16 slots too."""
    several = tmp_path / "several"
    several.mkdir()
    (several / "predict.py").write_text(ASYNC)
    (several / "cog.yaml").write_text(
        f'predict: "predict.py:Predictor"\nconcurrency: {{max: {CLIENTS}}}\n'
    )
    alone: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}

    def note(name: str, told: tuple[float, float], *, slots: int) -> None:
        if slots == 1:
            alone.setdefault(name, []).append(told[0])
        if slots != 1 or name == SERVICE:
            rates.setdefault(name, []).append(told[1])

    with penstock(tmp_path) as server:
        for _ in range(ROUNDS):
            body = {"version": MODEL, "input": {"text": "some text"}}
            token = (server.data / "token").read_text().strip()
            headers = JSON | {"Prefer": "wait", "Authorization": f"Bearer {token}"}
            url = f"{server.url}/v1/predictions"
            note(SERVICE, peers.calls(url, headers, body, CLIENTS, SECONDS), slots=1)
            for folder, slots in ((NOOP, 1), (several, CLIENTS)):
                body = {"input": {"text": "some text"}}
                with served(folder, tmp_path) as url:
                    note(SERVE, peers.calls(url, JSON, body, slots, SECONDS), slots=slots)
                try:
                    with peers.cog_serving(tmp_path, folder, slots) as url:
                        note(COG, peers.calls(url, JSON, body, slots, SECONDS), slots=slots)
                except peers.Absent as why:
                    say("single predictions beside Cog's server", f"not measured: {why}", "-")
    tell(alone, rates)


@contextmanager
def served(folder: Path, logs: Path) -> Iterator[str]:
    """`penstock serve`, once its model is ready; where it takes predictions."""
    port = free_port()
    server = Server([BIN / "penstock", "serve", folder, "-p", str(port)], logs / "serve.log")
    try:
        url = f"http://127.0.0.1:{port}"
        peers.until_ready(url)
        yield f"{url}/predictions"
    finally:
        server.stop()


def tell(alone: dict[str, list[float]], rates: dict[str, list[float]]) -> None:
    """Each of ours, and what Cog's is to it."""
    for name in (SERVICE, SERVE):
        ms, rate = middle(alone[name]), middle(rates[name])
        theirs, times = "", ""
        if COG in alone:
            theirs = f", Cog's {middle(alone[COG]):.2f} ms, {ms / middle(alone[COG]):.1f} x as long"
            times = f", Cog's {middle(rates[COG]):,.0f}, {rate / middle(rates[COG]):.2f} x"
        target = "25 ms" if name == SERVICE else "-"
        say(f"{name}: one prediction, request to result, p50", f"{ms:.2f} ms{theirs}", target)
        say(f"{name}: predictions/s, {CLIENTS} clients", f"{rate:,.0f}{times}", "1 x")
    print(json.dumps({"alone_ms": alone, "rates": rates}))
