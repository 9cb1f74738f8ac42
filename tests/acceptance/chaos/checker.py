"""Proves from the outside that nothing was lost: boto3, the receiver's record, and what was asked.

It knows nothing of the database. What it finds is a list of sentences; an empty one is good.
"""

import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from PIL import Image

from tests.acceptance.chaos.ledger import Asked, Ledger

_GOOD = ["batch.created", "batch.in_progress", "batch.completed"]
_STOPPED = (
    [*_GOOD[:2], "batch.cancelled"],
    [_GOOD[0], "batch.cancelled"],
)
_RESULTS = re.compile(r"results\.\d+/output\.jsonl")
_NAMES = ("output.jsonl", "errors.jsonl", "index.json")


class Checker:
    """Everything that can be seen from outside once all work has ended."""

    def __init__(
        self,
        ledger: Ledger,
        arrivals: list[str],
        handled: list[dict[str, Any]],
        s3: Any,
        store: str,
        results: str,
    ) -> None:
        self._ledger = ledger
        self._arrivals = arrivals
        self._handled = handled
        self._s3 = s3
        self._store = store
        self._results = results
        self._by_subject: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for event in handled:
            self._by_subject[event["data"]["id"]].append(event)
        self.redone = 0

    def found(self) -> list[str]:
        """Every violation."""
        wrong = list(self._events())
        for asked in self._ledger.accepted():
            wrong += [f"batch {asked.key} ({asked.id}): {what}" for what in self._batch(asked)]
        wrong += self._predictions()
        for bucket in (self._store, self._results):
            wrong += self._written_once(bucket)
        if self.redone > self._ledger.excused:
            wrong.append(
                f"{self.redone} shards were done again, and faults account for"
                f" {self._ledger.excused}"
            )
        return wrong

    # --- events ---------------------------------------------------------------------------------

    def _events(self) -> Iterator[str]:
        """Each once, numbered without gap, in order; repeats on the wire have the same id."""
        distinct = len(set(self._arrivals))
        if distinct != len(self._handled):
            yield f"{distinct} event ids arrived and {len(self._handled)} events were handled"
        for subject, events in self._by_subject.items():
            numbers = [event["sequence"] for event in events]
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"the events of {subject} came as {numbers}"

    # --- batches --------------------------------------------------------------------------------

    def _batch(self, asked: Asked) -> Iterator[str]:
        events = self._by_subject.get(asked.id or "", [])
        types = [event["type"] for event in events]
        if types != _GOOD and not (asked.cancelled and types in _STOPPED):
            errors = events[-1]["data"].get("errors") if events else None
            yield f"its events are {types}; its errors: {errors}"
            return
        told = events[-1]["data"]
        if told["request_counts"]["total"] == 0 and types == _STOPPED[1]:
            return  # it was stopped before it was read
        files = {name: self._read(f"out/{asked.id}/{name}") for name in _NAMES}
        missing = [name for name, content in files.items() if content is None]
        if missing:
            yield f"{missing} are not at its destination"
            return
        whole = {name: content or b"" for name, content in files.items()}
        index = json.loads(whole["index.json"])
        self.redone += index["shards"]["redone"]
        yield from _sums(index, whole)
        yield from _rows(asked, index, told["request_counts"], whole)
        if asked.pictures:
            yield from self._pictures(asked, whole["output.jsonl"])
            yield from self._attempts(asked)

    def _read(self, key: str, bucket: str | None = None) -> bytes | None:
        try:
            answer = self._s3.get_object(Bucket=bucket or self._results, Key=key)
            body: bytes = answer["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
        return body

    def _pictures(self, asked: Asked, output: bytes) -> Iterator[str]:
        """Each row's file is there and is this row's; none is there that no row names."""
        wanted = dict(asked.rows)
        named = set()
        for line in output.splitlines():
            row = json.loads(line)
            url = row["response"]["body"]["output"]["negative"]
            key = url.removeprefix(f"s3://{self._results}/")
            named.add(key)
            content = self._read(key)
            if content is None or _colour(content) != wanted[row["custom_id"]]:
                yield f"{row['custom_id']} names {url}, which is not its picture"
        prefix = f"out/{asked.id}/"
        there = {version["Key"] for version in self._versions(self._results, prefix)}
        if there - named != {prefix + name for name in _NAMES}:
            yield f"beside its rows' files there are {sorted(there - named)}"

    def _attempts(self, asked: Asked) -> Iterator[str]:
        """In our own store: rows of a shard name the files of one attempt, and these are there."""
        folder = f"penstock/batches/{asked.id}/"
        keys = {version["Key"] for version in self._versions(self._store, folder)}
        for key in sorted(keys):
            if not _RESULTS.fullmatch(key.removeprefix(folder)):
                continue
            attempts: dict[str, set[str]] = defaultdict(set)
            for line in (self._read(key, self._store) or b"").splitlines():
                url = json.loads(line)["response"]["body"]["output"]["negative"]
                place = url.partition("/files/")[2]
                first, _, token = place.partition("/")[0].partition(".")
                attempts[first].add(token)
                if f"{folder}shards/{place}" not in keys:
                    yield f"{key} names {place}, which is not there"
            if any(len(tokens) > 1 for tokens in attempts.values()):
                yield f"{key} mixes attempts: {dict(attempts)}"

    # --- predictions ----------------------------------------------------------------------------

    def _predictions(self) -> Iterator[str]:
        """Each that was answered for came to one end; what failed had its host killed."""
        for id in set(self._ledger.predictions.values()) - {None}:
            if id not in self._by_subject:
                yield f"nothing was ever heard of prediction {id}"
        failed = 0
        for subject, events in self._by_subject.items():
            if subject.startswith("pred"):
                last = events[-1]["data"]
                failed += last["status"] == "failed"
                if last["input"]["text"] not in self._ledger.predictions:
                    yield f"nobody asked for prediction {subject}"
                yield from _one_end(subject, events)
        if failed > self._ledger.hosts_killed:
            yield f"{failed} predictions failed, and {self._ledger.hosts_killed} hosts were killed"

    # --- objects --------------------------------------------------------------------------------

    def _versions(self, bucket: str, prefix: str = "") -> Iterator[dict[str, Any]]:
        pages = self._s3.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Versions", ())

    def _written_once(self, bucket: str) -> Iterator[str]:
        """The buckets keep every version: what was written twice was written with the same bytes.

        A request that was repeated because its answer was lost may do that; nothing else may.
        """
        versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for version in self._versions(bucket):
            versions[version["Key"]].append(version)
        for key, some in versions.items():
            if len({version["ETag"] for version in some}) > 1:
                yield f"{key} was written over with other bytes ({len(some)} times)"


def _one_end(subject: str, events: list[dict[str, Any]]) -> Iterator[str]:
    """A prediction's last event, and no other, says that it is over."""
    types = [event["type"] for event in events]
    last = events[-1]["data"]
    if types.count("prediction.completed") != 1 or types[-1] != "prediction.completed":
        yield f"prediction {subject} has {types}"
    elif last["status"] == "succeeded" and last["output"] != last["input"]["text"]:
        yield f"prediction {subject} gave another's output"


def _sums(index: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    for name, told in index["files"].items():
        content = files[name]
        if told["size"] != len(content):
            yield f"{name} has {len(content)} bytes and the index says {told['size']}"
        if told["sha256"] != hashlib.sha256(content).hexdigest():
            yield f"{name} is not what the index says"


def _rows(
    asked: Asked, index: dict[str, Any], told: dict[str, int], files: dict[str, bytes]
) -> Iterator[str]:
    """Each custom_id once and in order, in the file that it belongs to, with its own answer."""
    good, bad = ([json.loads(line) for line in files[name].splitlines()] for name in _NAMES[:2])
    order = {id: number for number, (id, _) in enumerate(asked.rows)}
    seen = Counter(row["custom_id"] for row in [*good, *bad])
    doubled = [id for id, count in seen.items() if count > 1]
    lost = [id for id in order if id not in seen]
    strange = [id for id in seen if id not in order]
    for what, ids in (("doubled", doubled), ("lost", lost), ("made up", strange)):
        if ids:
            yield f"{len(ids)} rows were {what}: {ids[:5]}"
    for name, rows in (("output.jsonl", good), ("errors.jsonl", bad)):
        places = [order.get(row["custom_id"], -1) for row in rows]
        if places != sorted(places):
            yield f"{name} is not in order"
    wanted = dict(asked.rows)
    yield from _answers(asked, good, wanted)
    yield from _errors(asked, bad, wanted)
    stopped = sum(row["error"]["code"] == "cancelled" for row in bad)
    counts = {"completed": len(good), "failed": len(bad) - stopped, "cancelled": stopped}
    counts["total"] = len(order)
    for where, numbers in (("the index", index["request_counts"]), ("its last event", told)):
        if any(numbers[name] != count for name, count in counts.items()):
            yield f"{where} counts {numbers} and the files {counts}"


def _answers(asked: Asked, good: list[dict[str, Any]], wanted: dict[str, object]) -> Iterator[str]:
    for row in good:
        if row["custom_id"] not in wanted:
            continue
        output, want = row["response"]["body"]["output"], wanted[row["custom_id"]]
        if want is None or (not asked.pictures and output != want):
            yield f"{row['custom_id']} has the answer {output!r}, not {want!r}"


def _errors(asked: Asked, bad: list[dict[str, Any]], wanted: dict[str, object]) -> Iterator[str]:
    for row in bad:
        code = row["error"]["code"]
        if code == "cancelled" and asked.cancelled:
            continue
        if code != "prediction_failed" or wanted.get(row["custom_id"]) is not None:
            yield f"{row['custom_id']} has the error {code}: {row['error']['message'][:200]}"


def _colour(content: bytes) -> tuple[int, ...] | None:
    try:
        with Image.open(io.BytesIO(content)) as opened:
            pixel = opened.convert("RGB").getpixel((0, 0))
    except OSError:
        return None
    return tuple(pixel) if isinstance(pixel, tuple) else None
