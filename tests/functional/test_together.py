"""Single predictions that wait for the same version share its passes, and fail alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.servers.penstock import ROOT, Penstock, free_port, until

MODEL = "ann/company"
MOST_S = 120


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    port = str(free_port())
    server = Penstock(tmp_path_factory.mktemp("together"), PENSTOCK_METRICS_PORT=port)
    server.start()
    try:
        server.push(str(ROOT / "tests" / "models" / "company"), MODEL)
        # a batch finds out how many to give at once
        batch = server.submit(MODEL, [row(number) for number in range(64)])
        assert server.ended(batch, MOST_S)["request_counts"]["completed"] == 64
        yield server
    finally:
        server.stop()


def row(number: int) -> dict[str, Any]:
    return {"custom_id": str(number), "input": {"text": "row", "pause_s": 0.1}}


def ask(server: Penstock, **given: Any) -> str:
    body = {"version": MODEL, "input": given}
    id: str = server.call("POST", "/v1/predictions", json=body)["id"]
    return id


def ask_all(server: Penstock, inputs: list[dict[str, Any]]) -> list[str]:
    """Ask for all at once, so that all but the first have to wait."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda given: ask(server, **given), inputs))


def ended(server: Penstock, id: str) -> dict[str, Any]:
    def look() -> Any:
        told = server.call("GET", f"/v1/predictions/{id}")
        return told if told["completed_at"] else None

    told: dict[str, Any] = until(look, MOST_S)
    return told


def test_those_that_wait_share_passes(penstock: Penstock) -> None:
    ids = ask_all(penstock, [{"text": f"number {n}"} for n in range(48)])

    told = [ended(penstock, id) for id in ids]

    assert [one["output"]["text"] for one in told] == [f"number {n}" for n in range(48)]
    passes = sum(1 / one["output"]["company"] for one in told)
    assert passes <= 24
    until(lambda: counted(penstock) >= 48)


def counted(server: Penstock) -> float:
    """How many predictions it has told Prometheus of."""
    port = server.environment["PENSTOCK_METRICS_PORT"]
    text = server.http.get(f"http://127.0.0.1:{port}/metrics").text
    sample = 'penstock_work_seconds_count{outcome="succeeded",work="prediction"} '
    return sum(float(line.removeprefix(sample)) for line in text.split("\n") if sample in line)


def test_what_is_bad_fails_alone(penstock: Penstock) -> None:
    texts = ["a", "raise", "b", "c", "exit", "d"]
    ids = ask_all(penstock, [{"text": text} for text in texts])

    told = [ended(penstock, id) for id in ids]

    assert [one["status"] for one in told] == [
        "failed" if text in ("raise", "exit") else "succeeded" for text in texts
    ]
    assert "as asked" in told[1]["error"]
    assert "exit status 7" in told[4]["error"]


def test_only_who_misspelt_an_input_hears_of_it(penstock: Penstock) -> None:
    inputs = [{"text": "t"} | ({"txet": "x"} if number % 2 else {}) for number in range(32)]

    told = [ended(penstock, id) for id in ask_all(penstock, inputs)]

    said = "left out of the input, since the model does not take it: txet; it takes: "
    assert max(one["output"]["company"] for one in told) > 1
    assert [said in one["logs"] for one in told] == [number % 2 == 1 for number in range(32)]


def test_each_has_its_own_file(penstock: Penstock, tmp_path: Path) -> None:
    data = "data:text/plain;base64,"
    files = [data + text for text in ("YQ==", "Yg==", "Yw==", "!!")]
    ids = ask_all(penstock, [{"text": "t", "file": file} for file in files])

    told = [ended(penstock, id) for id in ids]

    assert [one["output"]["read"] for one in told[:3]] == ["a", "b", "c"]
    assert told[3]["status"] == "failed"
    assert "input.file" in told[3]["error"]


def test_one_that_is_cancelled_ends_at_once_and_the_others_go_on(penstock: Penstock) -> None:
    ids = ask_all(penstock, [{"text": "t"} for _ in range(8)])

    penstock.call("POST", f"/v1/predictions/{ids[-1]}/cancel")

    told = [ended(penstock, id) for id in ids]
    assert {one["status"] for one in told[:-1]} == {"succeeded"}
    assert told[-1]["status"] in ("canceled", "succeeded")  # its pass may have been over


def test_those_of_an_async_model_run_each_for_itself(penstock: Penstock, tmp_path: Path) -> None:
    penstock.push(str(ROOT / "tests" / "models" / "apart"), "ann/apart")

    def begin(name: str, **given: Any) -> str:
        given |= {"folder": str(tmp_path), "name": name}
        body = {"version": "ann/apart", "input": given}
        id: str = penstock.call("POST", "/v1/predictions", json=body)["id"]
        return id

    def state(id: str) -> str:
        return str(penstock.call("GET", f"/v1/predictions/{id}")["status"])

    (tmp_path / "first").touch()
    ended(penstock, begin("first"))  # now it is known how long they take
    try:
        ids = {name: begin(name) for name in "abc"}
        until(lambda: all((tmp_path / f"{name}.begun").exists() for name in "abc"))
        penstock.call("POST", f"/v1/predictions/{ids['b']}/cancel")
        assert ended(penstock, ids["b"])["status"] == "canceled"
        until((tmp_path / "b.stopped").exists)
        (tmp_path / "a").touch()
        told = ended(penstock, ids["a"])
        assert (told["output"], told["logs"]) == ("this was a", "begin a\n")
        assert state(ids["c"]) == "processing"
        # one whose process dies through another's fault is run once more, alone
        dying = begin("d", dies=True)
        until((tmp_path / "d.begun").exists)
        (tmp_path / "c.begun").unlink()
        (tmp_path / "d").touch()
        until((tmp_path / "c.begun").exists)
        (tmp_path / "c").touch()
        assert ended(penstock, ids["c"])["output"] == "this was c"
        told = ended(penstock, dying)
        assert (told["status"], "exit status 5" in told["error"]) == ("failed", True)
    finally:
        for name in "abcd":
            (tmp_path / name).touch()
