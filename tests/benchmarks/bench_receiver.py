"""What verifying costs, beside the bare limit of the same run: one hash of the same bytes."""

import gc
import hmac
import json
import time
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask, request

from tests.benchmarks.figures import middle
from tests.benchmarks.report import say
from webhooks.keys import new_secret
from webhooks.receiver import Receiver
from webhooks.signing import Signer, Verifier

SECRET = new_secret()
ROUNDS = 25


def cpu_s(what: Callable[[], object], times: int) -> float:
    """CPU seconds of one call, of so many without a pause."""
    began = time.process_time()
    for _ in range(times):
        what()
    return (time.process_time() - began) / times


def ratio(first: Callable[[], object], second: Callable[[], object], times: int) -> float:
    """CPU of the first by that of the second: the median of rounds that take turns."""
    gc.disable()
    try:
        rounds = [(cpu_s(first, times), cpu_s(second, times)) for _ in range(ROUNDS)]
    finally:
        gc.enable()
    return middle([ours / theirs for ours, theirs in rounds])


@pytest.mark.parametrize(
    ("size_bytes", "times", "goal"),
    [(1000, 2000, 0.70), (20_000, 400, 0.90), (1_000_000, 10, 0.95)],
)
def test_verifying_beside_a_bare_hash(size_bytes: int, times: int, goal: float) -> None:
    body, now = b"x" * size_bytes, time.time()
    headers = Signer([SECRET]).headers("evt_1", int(now), body)
    verifier, key = Verifier([SECRET]), b"k" * 32
    signed = f"evt_1.{int(now)}.".encode() + body

    part = ratio(
        lambda: hmac.digest(key, signed, "sha256"),
        lambda: verifier.verify(headers, body, now),
        times,
    )

    say(f"verify, of a bare hash's speed, {size_bytes:,} bytes", f"{part:.2f}", f"{goal:.2f}")


def test_a_request_with_verification_beside_one_without() -> None:
    """A whole request in process: both read the body and parse it, and answer with JSON."""
    app, receiver, numbers = Flask("bench"), Receiver([SECRET]), count()
    receiver.init_app(app, "/verified")
    receiver.on("*")(lambda event: None)
    app.post("/bare")(lambda: {"status": "ok", "type": json.loads(request.get_data())["type"]})
    body = json.dumps({"type": "batch.completed", "data": {"note": "x" * 950}}).encode()
    signer, client = Signer([SECRET]), app.test_client()

    def post(path: str, headers: dict[str, str]) -> None:
        answer = client.post(path, data=body, headers=headers, content_type="application/json")
        assert answer.status_code == 200

    def fresh() -> dict[str, str]:
        return signer.headers(f"evt_{next(numbers)}", int(time.time()), body)

    part = ratio(lambda: post("/verified", fresh()), lambda: post("/bare", fresh()), 100)

    say("a Flask request with verification, by one without, 1 kB", f"{part:.2f} x CPU", "1.35 x")
