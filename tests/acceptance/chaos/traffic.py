"""Somebody who uses Penstock all the time: many small batches, a slow one, pictures, predictions.

It behaves as a client should: what is not answered is asked again, under the same key.
"""

import io
import itertools
import json
import logging
import random
import threading
import time
from typing import Any

import httpx
from PIL import Image

from tests.acceptance.chaos.ledger import Asked, Ledger
from tests.acceptance.chaos.stack import Stack
from tests.servers.penstock import ROOT

ROWS, SLOW, PICTURES = "demo/rows", "demo/slow", "demo/pictures"
BUNDLES = {
    ROWS: ROOT / "examples" / "models" / "chaos-monkey",
    SLOW: ROOT / "examples" / "models" / "chaos-monkey",
    PICTURES: ROOT / "tests" / "models" / "tint",
}
ENDS = ("batch.completed", "batch.cancelled", "batch.failed", "batch.expired")
GIVE_UP_S = 300.0
log = logging.getLogger(__name__)


class Traffic:
    """Keeps some of each kind under way until it is told to stop."""

    def __init__(
        self, stack: Stack, ledger: Ledger, seed: int, slow_rows: int = 150, most_open: int = 7
    ) -> None:
        """`most_open`: batches that are under way at a time."""
        self._stack = stack
        self._ledger = ledger
        self._chance = random.Random(seed)
        self._slow_rows, self._most_open = slow_rows, most_open
        self._number = itertools.count()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ended: set[str] = set()
        self._read = 0
        #: the request that is being made now
        self.asking: str | None = None
        self.asked_again = 0
        self.error: BaseException | None = None

    def push(self, *models: str) -> None:
        """The models; they are ready when this returns."""
        for name in models or BUNDLES:
            self._stack.client.push(str(BUNDLES[name]), name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for nothing new; what was not answered is asked to its end."""
        self._stop.set()
        self._thread.join(GIVE_UP_S)
        if self.error is not None:
            raise self.error

    def left(self) -> list[str]:
        """What has not ended yet, as far as the receiver was told."""
        self._look()
        waiting = [one.id for one in self._ledger.accepted() if one.id not in self._ended]
        waiting += [id for id in self._ledger.predictions.values() if id not in self._ended]
        return [id for id in waiting if id]

    def _look(self) -> None:
        events = self._stack.events()
        for event in events[self._read :]:
            if event["type"] in ENDS or event["type"] == "prediction.completed":
                self._ended.add(event["data"]["id"])
        self._read = len(events)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._top_up()
                self._stop.wait(0.1)
        except BaseException as error:
            self.error = error
            log.exception("nobody asks for anything any more")

    def _top_up(self) -> None:
        self._look()
        open_ = [one for one in self._ledger.accepted() if one.id not in self._ended]
        if not any(one.key.startswith("slow") for one in open_):
            self.submit("slow", SLOW, self.texts("slow", self._slow_rows, 0.25))
        elif not any(one.pictures for one in open_):
            self.submit("pictures", PICTURES, self._pictures(6))
        elif len(open_) < self._most_open:
            count = self._chance.randint(5, 40)
            made = self.submit("small", ROWS, self.texts("small", count, 0.03))
            if self._chance.random() < 0.08:
                self._cancel(made)
        elif sum(id not in self._ended for id in self._ledger.predictions.values()) < 1:
            self._predict()

    def texts(self, kind: str, count: int, seconds: float) -> list[tuple[dict[str, Any], object]]:
        rows: list[tuple[dict[str, Any], object]] = []
        for number in range(count):
            fails = self._chance.random() < 0.03
            text = f"{kind}-{number}-{self._chance.randrange(10**9)}"
            given = {"do": "fail" if fails else "succeed", "seconds": seconds, "text": text}
            rows.append((given, None if fails else text))
        return rows

    def _pictures(self, count: int) -> list[tuple[dict[str, Any], object]]:
        rows: list[tuple[dict[str, Any], object]] = []
        for _ in range(count):
            url, negative = self._picture(self._chance.randrange(2**24))
            rows.append(({"image": url, "seconds": 0.05}, negative))
        return rows

    def _picture(self, number: int) -> tuple[str, tuple[int, ...]]:
        """A picture of one colour in the bucket, and the colour of its negative."""
        colour = tuple(number >> shift & 255 for shift in (16, 8, 0))
        file = io.BytesIO()
        Image.new("RGB", (4, 4), colour).save(file, "PNG")
        key = f"in/{number:06x}.png"
        self._stack.s3.put_object(Bucket=self._stack.results, Key=key, Body=file.getvalue())
        return f"s3://{self._stack.results}/{key}", tuple(255 - part for part in colour)

    def submit(self, kind: str, model: str, rows: list[tuple[dict[str, Any], object]]) -> Asked:
        """Submit, by upload or from a bucket, and write down what was asked."""
        key = f"{kind}-{next(self._number)}"
        ids = [f"{key}-{number}" for number in range(len(rows))]
        asked = Asked(key, list(zip(ids, (answer for _, answer in rows), strict=True)))
        asked.pictures = model == PICTURES
        lines = [
            json.dumps({"custom_id": id, "input": given})
            for id, (given, _) in zip(ids, rows, strict=True)
        ]
        self._ledger.batches.append(asked)
        body = {
            "model": model,
            "destination": f"s3://{self._stack.results}/out/",
            "webhook": self._stack.receiver.url,  # type: ignore[union-attr]
            **self._source(key, "\n".join(lines).encode()),
        }
        answer = self._ask("POST", "/v1/batches", json=body, headers={"Idempotency-Key": key})
        asked.id = answer["id"]
        return asked

    def _source(self, key: str, text: bytes) -> dict[str, str]:
        if self._chance.random() < 0.5:
            place = f"in/{key}.jsonl"
            self._stack.s3.put_object(Bucket=self._stack.results, Key=place, Body=text)
            return {"input_url": f"s3://{self._stack.results}/{place}"}
        file = self._ask("POST", "/v1/files", files={"content": (f"{key}.jsonl", text)})
        return {"input_file_id": file["id"]}

    def _cancel(self, asked: Asked) -> None:
        time.sleep(self._chance.uniform(0, 1.5))
        asked.cancelled = True
        self._ask("POST", f"/v1/batches/{asked.id}/cancel", fine=(409,))

    def _predict(self) -> None:
        text = f"prediction-{next(self._number)}"
        seconds = round(self._chance.uniform(0.5, 2.0), 2)
        self._ledger.predictions[text] = None
        given = {"seconds": seconds, "text": text}
        url = self._stack.receiver.url  # type: ignore[union-attr]
        # without a key: one that was made though its answer was lost is made again
        answer = self._ask(
            "POST", "/v1/predictions", json={"version": ROWS, "input": given, "webhook": url}
        )
        self._ledger.predictions[text] = answer["id"]

    def _ask(self, method: str, path: str, fine: tuple[int, ...] = (), **options: Any) -> Any:
        """The answer, once there is one that is no trouble of the server's."""
        client = self._stack.client
        headers = {"Authorization": f"Bearer {client.environment['PENSTOCK_TOKEN']}"}
        headers |= options.pop("headers", {})
        end = time.monotonic() + GIVE_UP_S
        while True:
            self.asking = f"{method} {path}"
            try:
                answer = client.http.request(
                    method, f"{client.url}{path}", headers=headers, timeout=20, **options
                )
            except httpx.TransportError:
                answer = None
            finally:
                self.asking = None
            if answer is not None and (answer.is_success or answer.status_code in fine):
                return answer.json()
            if answer is not None and answer.status_code < 500:
                raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
            assert time.monotonic() < end, f"{method} {path} was not answered for long"
            self.asked_again += 1
            time.sleep(0.2)
