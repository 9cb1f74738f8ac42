"""kill -9 beside many quick predictions: what was answered is there, ends once, and is told."""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.penstock import ROOT, Penstock, until

CLIENTS, KILLS, BETWEEN, MOST_S = 8, 1, 40, 120


@pytest.fixture
def penstock(tmp_path: Path) -> Iterator[Penstock]:
    server = Penstock(tmp_path)
    server.start()
    try:
        server.push(str(ROOT / "tests" / "models" / "quick"), "ann/quick")
        yield server
    finally:
        server.stop()


class Askers:
    """Clients that ask one thing after another, and note what was answered with 201."""

    def __init__(self, server: Penstock) -> None:
        self._server = server
        self._over = threading.Event()
        #: by id, what its output is to be
        self.answered: dict[str, str] = {}
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(CLIENTS)]

    def __enter__(self) -> "Askers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, client: int) -> None:
        token = (self._server.data / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        if client % 2:
            headers["Prefer"] = "wait"
        with httpx.Client(headers=headers, timeout=60) as http:
            number = 0
            while not self._over.wait(0.01):
                number += 1
                text = f"{client}-{number}"
                body = {"version": "ann/quick", "input": {"text": text}}
                try:
                    told = http.post(f"{self._server.url}/v1/predictions", json=body)
                except httpx.TransportError:  # it was killed
                    continue
                if told.status_code == 201:
                    self.answered[told.json()["id"]] = text


def test_what_was_answered_outlives_kills_and_is_told_once(penstock: Penstock) -> None:
    with Askers(penstock) as askers:
        for _ in range(KILLS):
            before = len(askers.answered)
            until(lambda before=before: len(askers.answered) >= before + BETWEEN, MOST_S)
            penstock.kill()
            penstock.start()
        before = len(askers.answered)
        until(lambda: len(askers.answered) >= before + BETWEEN, MOST_S)

    for id, text in askers.answered.items():
        told = until(lambda id=id: _ended(penstock, id), MOST_S)
        assert (told["status"], told["output"]) == ("succeeded", text)
    penstock.stop()
    events = _events(penstock.data)
    for id in askers.answered:
        assert events[id] == [(1, "prediction.start"), (2, "prediction.completed")]


def _ended(server: Penstock, id: str) -> dict[str, str] | None:
    told: dict[str, str] = server.call("GET", f"/v1/predictions/{id}")
    return told if told["completed_at"] else None


def _events(data: Path) -> dict[str, list[tuple[int, str]]]:
    [file] = data.glob("*.db")
    found = defaultdict(list)
    with sqlite3.connect(file) as database:
        query = "SELECT subject, sequence, type FROM events ORDER BY subject, sequence"
        for subject, sequence, type in database.execute(query):
            found[subject].append((sequence, type))
    return found
