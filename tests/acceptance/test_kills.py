"""kill -9, again and again, in the middle of the work: every row once, every event there.

`make chaos BROKER=memory` is the long version. PENSTOCK_CHAOS_FAULTS, _ROWS and _SEED choose; the
seed is in the log, and with it the order of things (not their timing) comes again.
"""

import hashlib
import json
import logging
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import tree
from tests.servers.penstock import ENDED, Penstock, Received, until

KILLS = int(os.environ.get("PENSTOCK_CHAOS_FAULTS", "3"))
ROWS = int(os.environ.get("PENSTOCK_CHAOS_ROWS", "160"))
SEED = int(os.environ.get("PENSTOCK_CHAOS_SEED", "1"))
ROW_S = 0.1 if KILLS > 10 else 0.06
#: a life of the server is cut after up to so long
LIFE_S = 6.0 if KILLS > 10 else 1.0
PAUSE_S = 0.4
PATIENCE_S = 120.0
log = logging.getLogger(__name__)

LEASE = "lease_until > (julianday('now') - 2440587.5) * 86400"
SHARDS = f"SELECT first, rows, lease_token, losses FROM shards WHERE state = 'leased' AND {LEASE}"
DELIVERIES = f"SELECT event FROM deliveries WHERE state = 'pending' AND {LEASE}"
OWED = "SELECT count(*) FROM deliveries WHERE state != 'delivered'"
EVENTS = "SELECT id, subject, sequence FROM events"


class Killer:
    """Kills one server over and over, each time at work that is proven to be under way."""

    def __init__(self, penstock: Penstock, webhook: str, random: random.Random) -> None:
        self.penstock = penstock
        self.webhook = webhook
        self.random = random
        self.database = penstock.data / "penstock.db"
        self.landed = {"shard": 0, "delivery": 0}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the database file says, read past the server."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def strike(self, number: int, whole_tree: bool, target: str) -> None:
        """Kill the server while work of the kind `target` is under way."""
        root = self.penstock.process.pid  # type: ignore[union-attr]
        time.sleep(self.random.uniform(0.0, LIFE_S))
        until(lambda: self._frozen_at(target, root), PATIENCE_S)
        shards, deliveries, pids = self.ask(SHARDS), self.ask(DELIVERIES), tree.tree(root)
        hosts = tree.hosts(self.penstock.data)
        # it stands still, so what was just read is how it is at its death
        victims = pids if whole_tree else [root]
        self.random.shuffle(victims)
        tree.signal_all(victims, signal.SIGKILL)
        self.penstock.process.wait()  # type: ignore[union-attr]
        log.info(
            "kill %d: %s %s; leased shards (first, rows, token, losses): %s; hosts: %s;"
            " deliveries in flight: %s",
            *(number, "whole tree" if whole_tree else "parent alone", victims, shards, hosts),
            [event for (event,) in deliveries],
        )
        assert shards if target == "shard" else deliveries
        self.landed["shard"] += bool(shards)
        self.landed["delivery"] += bool(deliveries)
        until(lambda: not tree.hosts(self.penstock.data), PATIENCE_S)

    def _frozen_at(self, target: str, root: int) -> bool:
        """Stop the server for a look; let it go on if it is not at such work now."""
        self._owe()
        tree.signal_all([root], signal.SIGSTOP)
        if target == "delivery":
            found = bool(self.ask(DELIVERIES))
        else:
            found = bool(self.ask(SHARDS) and tree.hosts(self.penstock.data))
        if not found:
            tree.signal_all([root], signal.SIGCONT)
        return found

    def _owe(self) -> None:
        """Have a prediction run beside the batch, so that its events are on their way."""
        if self.ask(OWED) == [(0,)]:
            asked = {"version": "demo/hello", "input": {"text": "x"}, "webhook": self.webhook}
            self.penstock.call("POST", "/v1/predictions", json=asked)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, __name__)
    caplog.set_level(logging.WARNING, "httpx")


@pytest.fixture
def penstock(tmp_path: Path) -> Iterator[Penstock]:
    server = Penstock(tmp_path, PENSTOCK_DRAIN_S="1")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def receiver(penstock: Penstock, tmp_path: Path) -> Iterator[Received]:
    secret = penstock.call("GET", "/v1/webhooks/default/secret")["key"]
    received = Received(tmp_path, secret, pause_s=PAUSE_S)
    yield received
    received.stop()


@pytest.mark.slow
@pytest.mark.timeout(60 * KILLS + 240)
def test_no_kill_costs_a_row_or_an_event(penstock: Penstock, receiver: Received) -> None:
    chance = random.Random(SEED)
    log.info("seed %d, %d kills, %d rows of %s s", SEED, KILLS, ROWS, ROW_S)
    penstock.push("chaos-monkey", "demo/chaos")
    penstock.push("hello", "demo/hello")
    rows = [_row(n) for n in range(ROWS)]
    killer = Killer(penstock, receiver.url, chance)
    began = time.monotonic()
    id = penstock.submit("demo/chaos", rows, webhook=receiver.url)
    until(lambda: _batch(penstock, id)["status"] == "in_progress", PATIENCE_S)

    ways = [n % 2 == 0 for n in range(KILLS)]
    targets = ["delivery" if n % 3 == 2 else "shard" for n in range(KILLS)]
    chance.shuffle(ways)
    chance.shuffle(targets)
    for number, (whole_tree, target) in enumerate(zip(ways, targets, strict=True), start=1):
        killer.strike(number, whole_tree, target)
        penstock.start()
        _check_counts(_batch(penstock, id))
    batch = penstock.ended(id, ROWS * ROW_S * 3 + PATIENCE_S)
    seconds = time.monotonic() - began

    log.info(
        "%d kills: %d at a leased shard, %d at a delivery in flight;"
        " shards done %d, redone %d; %.0f s",
        *(KILLS, killer.landed["shard"], killer.landed["delivery"]),
        *(batch["shards"]["done"], batch["shards"]["redone"], seconds),
    )
    assert batch["shards"]["redone"] > 0
    _check_rows(penstock, batch, rows)
    until(lambda: killer.ask(OWED) == [(0,)], PATIENCE_S)
    _check_events(killer.ask(EVENTS), receiver)
    _check_folders(penstock.data)


def test_a_host_that_hears_nothing_dies_with_its_parent(penstock: Penstock) -> None:
    """It is in native code and holds the interpreter's lock: only the kernel can tell it."""
    penstock.push("chaos-monkey", "demo/chaos")
    asked = {"version": "demo/chaos", "input": {"do": "hang_native"}}
    id = penstock.call("POST", "/v1/predictions", json=asked)["id"]
    until(lambda: _prediction(penstock, id)["status"] == "processing")
    time.sleep(1)  # it is in there by now

    penstock.kill()

    until(lambda: not tree.hosts(penstock.data), PATIENCE_S)


@pytest.mark.slow
def test_asked_to_end_it_hands_its_work_back(penstock: Penstock) -> None:
    """It does not wait for a batch that takes minutes, and what it hands back is no loss."""
    penstock.push("chaos-monkey", "demo/chaos")
    rows = [{"custom_id": str(n), "input": {"seconds": 0.1}} for n in range(600)]
    id = penstock.submit("demo/chaos", rows)
    until(lambda: tree.hosts(penstock.data) and _batch(penstock, id)["status"] == "in_progress")
    running = penstock.call("POST", "/v1/predictions", json=_sleeper())["id"]
    until(lambda: _prediction(penstock, running)["status"] == "processing")

    assert penstock.process is not None
    penstock.process.send_signal(signal.SIGTERM)
    penstock.process.wait(PATIENCE_S)

    assert tree.hosts(penstock.data) == []
    penstock.start()
    assert _batch(penstock, id)["status"] == "in_progress"
    penstock.call("POST", f"/v1/predictions/{running}/cancel")
    until(lambda: _prediction(penstock, running)["status"] == "canceled", PATIENCE_S)
    until(lambda: _batch(penstock, id)["request_counts"]["running"], PATIENCE_S)
    penstock.call("POST", f"/v1/batches/{id}/cancel")
    batch = penstock.ended(id, PATIENCE_S)
    assert (batch["status"], batch["shards"]["redone"]) == ("cancelled", 0)
    assert batch["request_counts"]["failed"] == 0


def _sleeper() -> dict[str, Any]:
    return {"version": "demo/chaos", "input": {"seconds": 600}}


def _prediction(penstock: Penstock, id: str) -> dict[str, Any]:
    prediction: dict[str, Any] = penstock.call("GET", f"/v1/predictions/{id}")
    return prediction


def _check_folders(data: Path) -> None:
    """Nothing is left of those who died: temporary files, half-written objects, hosts' folders."""
    for empty in (data / "scratch", data / "objects" / ".tmp"):
        until(lambda empty=empty: list(empty.iterdir()) == [], PATIENCE_S)
    until(lambda: len(list((data / "hosts").iterdir())) == len(tree.hosts(data)), PATIENCE_S)


def _row(number: int) -> dict[str, Any]:
    do = "fail" if number % 100 == 99 else "succeed"
    return {
        "custom_id": f"row-{number}",
        "input": {"do": do, "seconds": ROW_S, "text": str(number)},
    }


def _batch(penstock: Penstock, id: str) -> dict[str, Any]:
    batch: dict[str, Any] = penstock.call("GET", f"/v1/batches/{id}")
    return batch


def _check_counts(batch: dict[str, Any]) -> None:
    counts = batch["request_counts"]
    parts = ("completed", "failed", "cancelled", "expired", "pending")
    assert sum(counts[part] for part in parts) == counts["total"] == ROWS
    assert batch["status"] not in ENDED or batch["status"] == "completed"


def _check_rows(penstock: Penstock, batch: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Each row once and in order, in the file it belongs to, and the index tells of these files."""
    good, bad = (
        penstock.lines(batch["id"], "output.jsonl"),
        penstock.lines(batch["id"], "errors.jsonl"),
    )
    failing = [row for row in rows if row["input"]["do"] == "fail"]
    assert [row["custom_id"] for row in bad] == [row["custom_id"] for row in failing]
    assert {row["error"]["code"] for row in bad} <= {"prediction_failed"}
    kept = [row for row in rows if row["input"]["do"] != "fail"]
    answers = [(row["custom_id"], row["response"]["body"]["output"]) for row in good]
    assert answers == [(row["custom_id"], row["input"]["text"]) for row in kept]
    assert batch["request_counts"]["completed"] == len(good)
    assert batch["request_counts"]["failed"] == len(bad)
    _check_counts(batch)
    index = json.loads(_text(penstock, batch, "index.json"))
    for name in ("output.jsonl", "errors.jsonl"):
        content = _text(penstock, batch, name).encode()
        assert index["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert index["files"][name]["size"] == len(content)


def _text(penstock: Penstock, batch: dict[str, Any], name: str) -> str:
    answer = penstock.call("GET", f"/v1/batches/{batch['id']}/results/{name}")
    return answer if isinstance(answer, str) else json.dumps(answer)


def _check_events(owed: list[tuple[str, str, int]], receiver: Received) -> None:
    """Every event that the database knows arrived, was verified, was handled once, in order."""
    arrived = receiver.arrivals()
    assert set(arrived) == {id for id, _, _ in owed}
    handled = [(event["data"]["id"], event["sequence"]) for event in receiver.events()]
    assert sorted(handled) == sorted((subject, sequence) for _, subject, sequence in owed)
    for subject in {subject for subject, _ in handled}:
        numbers = [sequence for other, sequence in handled if other == subject]
        assert numbers == sorted(numbers)
    log.info("%d events, %d arrivals at the receiver", len(owed), len(arrived))
