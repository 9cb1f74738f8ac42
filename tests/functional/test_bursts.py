"""Quick predictions are claimed and saved together, and each is what it would have been alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.servers.penstock import ROOT, Penstock, until

MODEL = "ann/quick"
MOST_S, PAUSE_S = 120, 20.0


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("bursts"))
    server.start()
    try:
        done = server.cli("push", str(ROOT / "tests" / "models" / "quick"), MODEL)
        assert done.returncode == 0, done.stdout + done.stderr
        for _ in range(3):  # so that it is known to be quick
            assert ended(server, ask(server, text="x"))["output"] == "x"
        yield server
    finally:
        server.stop()


def ask(server: Penstock, **given: Any) -> str:
    body = {"version": MODEL, "input": given}
    id: str = server.call("POST", "/v1/predictions", json=body)["id"]
    return id


def ask_all(server: Penstock, inputs: list[dict[str, Any]]) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda given: ask(server, **given), inputs))


def ended(server: Penstock, id: str) -> dict[str, Any]:
    def look() -> Any:
        told = server.call("GET", f"/v1/predictions/{id}")
        return told if told["completed_at"] else None

    told: dict[str, Any] = until(look, MOST_S)
    return told


def test_each_has_its_own_answer_and_log(penstock: Penstock) -> None:
    texts = [f"number {n}" for n in range(40)]
    texts[7], texts[23] = "raise", "exit"
    ids = ask_all(penstock, [{"text": text, "print_too": True} for text in texts])

    for text, told in zip(texts, [ended(penstock, id) for id in ids], strict=True):
        bad = {"raise": "as asked", "exit": "exit status 7"}.get(text)
        assert told["status"] == ("failed" if bad else "succeeded")
        assert told["logs"].startswith(f"said {text}\n")
        assert told["logs"].count("said") == 1
        if bad:
            assert bad in told["error"]
        else:
            assert told["output"] == text


def test_one_that_takes_long_after_all_can_be_cancelled_and_keeps_no_answer_back(
    penstock: Penstock,
) -> None:
    slow = ask(penstock, text="slow", pause_s=PAUSE_S)
    until(lambda: penstock.call("GET", f"/v1/predictions/{slow}")["status"] == "processing")
    ids = ask_all(penstock, [{"text": "x"} for _ in range(8)])
    penstock.call("POST", f"/v1/predictions/{slow}/cancel")
    assert {ended(penstock, id)["status"] for id in ids} == {"succeeded"}
    assert ended(penstock, slow)["status"] == "canceled"
