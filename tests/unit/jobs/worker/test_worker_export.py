"""Results at their destination: whole, once more after a kill, or told why not."""

import json
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.core.batch import Batch, Shard
from jobs.core.errors import BlobError, BlobRefused, Fenced
from jobs.ports import BlobStat, Stored
from jobs.worker.export import Export, OwnStoreFailed, Results
from jobs.worker.leases import Lease
from jobs.worker.patience import Patience

FOLDER = "mine/batch_1/"
LINE = '{{"custom_id":"{0}","output":"http://h/v1/batches/batch_1/files/{1}/{0}/a.png"}}\n'


class Bucket(DiskBlobs):
    """A bucket that can fail; `puts` are the keys that were written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.puts: list[str] = []
        self.fail: Callable[[str], BlobError | None] = lambda key: None

    def put(self, key: str, chunks: Iterable[bytes], *, content_type: str = "x/y") -> Stored:
        error = self.fail(key)
        if error is not None:
            raise error
        stored = super().put(key, chunks, content_type=content_type)
        self.puts.append(key)
        return stored


class World:
    """A finished batch of two shards with four files, and the bucket of who asked for it."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.theirs = DiskBlobs(folder / "ours"), Bucket(folder / "theirs")
        at = datetime.now(UTC)
        self.batch = Batch(
            id="batch_1", owner="me", model="m/n", version="v", created_at=at, expires_at=at,
            destination="s3://b/mine/",
        )  # fmt: skip
        shards = [self.shard(0, 1), self.shard(2, 3)]
        lines = [LINE.format(row, f"{first:012d}.{token}") for row, first, token in ROWS]
        self.ours.put("results/output.jsonl", ["".join(lines).encode()])
        self.ours.put("results/errors.jsonl", [])
        self.results = Results(shards, "results/", {"batch": "batch_1"})
        self.export = Export(self.ours, lambda name: self.theirs, patience_s=0.2)

    def shard(self, first: int, token: int) -> Shard:
        prefix = f"shards/{first:012d}.{token}/"
        self.ours.put(f"{prefix}output.jsonl", [b"not to be sent"])
        for row in (first, first + 1):
            self.ours.put(f"{prefix}{row}/a.png", [f"picture {row}".encode()])
        return Shard(batch="batch_1", first=first, rows=2, output=prefix)

    def run(self) -> tuple[dict[str, Any], ...]:
        with Lease(lambda: "go") as lease:
            return self.export.run(self.batch, self.results, lease)

    def sent(self) -> dict[str, bytes]:
        listed = self.theirs.list("")
        return {one.key.removeprefix(FOLDER): b"".join(self.theirs.open(one.key)) for one in listed}


ROWS = [(0, 0, 1), (1, 0, 1), (2, 2, 3), (3, 2, 3)]
FILES = {f"files/{row}/a.png": f"picture {row}".encode() for row in range(4)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def assert_whole(sent: dict[str, bytes]) -> None:
    index = json.loads(sent.pop("index.json"))
    lines = [json.loads(line) for line in sent.pop("output.jsonl").splitlines()]
    assert sent.pop("errors.jsonl") == b""
    assert sent == FILES
    assert [line["output"] for line in lines] == [f"s3://b/{FOLDER}{name}" for name in FILES]
    assert index["output_files"] == {"count": 4, "size": 36}
    assert index["files"]["errors.jsonl"]["size"] == 0


def test_everything_is_sent_and_the_index_last(world: World) -> None:
    assert world.run() == ()
    assert world.theirs.puts[-1] == FOLDER + "index.json"
    assert_whole(world.sent())


def test_without_a_destination_nothing_is_sent(world: World) -> None:
    world.batch = Batch(**vars(world.batch) | {"destination": None})
    assert world.run() == ()
    assert world.sent() == {}


def test_what_was_sent_before_a_kill_is_not_sent_again(world: World) -> None:
    for row, body in ((0, b"picture 0"), (1, b"half")):
        DiskBlobs.put(world.theirs, f"{FOLDER}files/{row}/a.png", [body])
    assert world.run() == ()
    assert FOLDER + "files/0/a.png" not in world.theirs.puts
    assert FOLDER + "files/1/a.png" in world.theirs.puts
    assert_whole(world.sent())


@pytest.mark.parametrize("name", ["index.json", "output.jsonl", "files/2/a.png"])
def test_a_refusal_is_told_and_is_final(world: World, name: str) -> None:
    tries: list[str] = []

    def fail(key: str) -> BlobError | None:
        if key == FOLDER + name:
            tries.append(key)
            return BlobRefused(f"the object store did not write {key!r}: AccessDenied")
        return None

    world.theirs.fail = fail
    (problem,) = world.run()
    assert problem["code"] == "export_failed"
    assert problem["field"] == "destination"
    assert "AccessDenied" in problem["message"]
    assert "penstock batch results" in problem["message"]
    assert len(tries) == 1
    assert "index.json" not in world.sent()


def test_what_fails_for_a_while_is_tried_again(world: World) -> None:
    world.export = Export(world.ours, lambda name: world.theirs, patience_s=30)
    seen: set[str] = set()

    def fail(key: str) -> BlobError | None:
        again = key in seen
        seen.add(key)
        return None if again else BlobError("SlowDown")

    world.theirs.fail = fail
    assert world.run() == ()
    assert_whole(world.sent())


def test_what_fails_for_good_is_given_up(world: World) -> None:
    world.theirs.fail = lambda key: BlobError("SlowDown")
    (problem,) = world.run()
    assert "SlowDown" in problem["message"]


def test_our_own_store_is_not_their_fault(world: World) -> None:
    world.ours.delete(["results/output.jsonl"])
    with pytest.raises(OwnStoreFailed, match=r"output\.jsonl"):
        world.run()


def test_a_lost_lease_ends_it(world: World) -> None:
    with Lease(lambda: "go") as lease:
        lease.lost.set()
        with pytest.raises(Fenced):
            world.export.run(world.batch, world.results, lease)
    assert world.sent() == {}


def test_threads_lose_their_patience_together() -> None:
    patience = Patience(0.3, lambda: None)
    errors: list[BaseException] = []

    def fail() -> None:
        raise BlobError("SlowDown")

    def run() -> None:
        with pytest.raises(BlobError) as caught:
            patience.with_(fail)
        errors.append(caught.value)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(errors) == 8


def test_memory_does_not_grow_with_the_results(tmp_path: Path) -> None:
    class Endless(DiskBlobs):
        def open(self, key: str, **where: Any) -> Iterator[bytes]:
            piece = "".join(LINE.format(row, "000000000000.1") for row in range(2000)).encode()
            return iter([piece] * 40)

        def list(self, prefix: str) -> Iterator[BlobStat]:
            return iter(())

    world = World(tmp_path)
    world.export = Export(Endless(tmp_path / "endless"), lambda name: world.theirs)
    tracemalloc.start()
    try:
        assert world.run() == ()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert world.theirs.stat(FOLDER + "output.jsonl").size_bytes > 5_000_000
    assert peak < 3_000_000, f"{peak:,}"
