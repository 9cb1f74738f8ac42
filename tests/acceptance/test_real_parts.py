"""The same batch on real parts: PostgreSQL, a broker, an S3 bucket, workers of their own."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.ports.stores import new_database
from tests.servers.fleet import Fleet
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.s3 import S3Server

#: of pictures that are described, and of those that are drawn, which takes longer
ROWS, DRAWN = 100, 30


@pytest.fixture
def fleet(
    tmp_path: Path, postgres_url: str, redis_url: str, s3_server: S3Server
) -> Iterator[Fleet]:
    with new_database(postgres_url) as database:
        made = Fleet(tmp_path, database, redis_url, s3_server)
        yield made
        made.stop()


def picture(number: int) -> bytes:
    """A picture that no other number gives."""
    file = io.BytesIO()
    Image.new("RGB", size(number), colour(number)).save(file, "PNG")
    return file.getvalue()


def size(number: int) -> tuple[int, int]:
    return number % 16 + 1, 4


def colour(number: int) -> tuple[int, int, int]:
    return number, 255 - number, 7


def manifest(fleet: Fleet, bucket: str, seconds: float) -> str:
    """A manifest and its pictures: half of the rows name theirs in full, half beside it."""
    rows = []
    for number in range(ROWS):
        place = f"pictures/{number}.png"
        fleet.put(f"s3://{bucket}/in/{place}", picture(number))
        image = f"s3://{bucket}/in/{place}" if number % 2 else place
        given = {"image": image, "seconds": seconds}
        rows.append({"custom_id": f"row-{number}", "input": given})
    url = f"s3://{bucket}/in/manifest.jsonl"
    fleet.put(url, "\n".join(map(json.dumps, rows)).encode())
    return url


def assert_whole(fleet: Fleet, folder: str, file: Any) -> None:
    """Every row once and in order, each with the picture that belongs to it."""
    assert fleet.lines(f"{folder}errors.jsonl") == []
    rows = fleet.lines(f"{folder}output.jsonl")
    assert [row["custom_id"] for row in rows] == [f"row-{number}" for number in range(ROWS)]
    for number, row in enumerate(rows):
        output = row["response"]["body"]["output"]
        assert (tuple(output["size"]), tuple(output["mean"])) == (size(number), colour(number))
        with Image.open(io.BytesIO(fleet.read(file(output["negative"])))) as negative:
            assert negative.getpixel((0, 0)) == tuple(255 - part for part in colour(number))
    index = json.loads(fleet.read(f"{folder}index.json"))
    for name, told in index["files"].items():
        body = fleet.read(f"{folder}{name}")
        assert told == {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def at_work(fleet: Fleet, api: Penstock, id: str) -> str | None:
    """The name of the worker that is in the middle of the batch: it has an attempt on its disk."""
    counts = api.call("GET", f"/v1/batches/{id}")["request_counts"]
    assert counts["completed"] < ROWS, "the batch was over before anybody was killed"
    attempts = fleet.folder.glob("*/workers/*/scratch/shard-*")
    names = [attempt.relative_to(fleet.folder).parts[0] for attempt in attempts]
    return names[0] if counts["running"] and names else None


@pytest.mark.timeout(240)
def test_a_hundred_pictures_though_a_worker_is_killed(fleet: Fleet) -> None:
    api = fleet.api()
    workers = {worker.name: worker for worker in (fleet.worker(), fleet.worker())}
    inputs, results = fleet.new_bucket("inputs"), fleet.new_bucket("results")
    url = manifest(fleet, inputs, seconds=0.1)
    headers = fleet.token(f"{inputs}/in", f"{results}/mine")
    assert [name.partition("@")[0] for name in fleet.answering(2)] == ["w0", "w1"]
    api.push(str(ROOT / "tests" / "models" / "tint"), "demo/tint")

    body = {"model": "demo/tint", "input_url": url, "destination": f"s3://{results}/mine/"}
    submitted = api.call("POST", "/v1/batches", json=body, headers=headers)
    id = submitted["id"]
    estimate = submitted["estimate"]
    assert (estimate["items"], estimate["bytes"]) == (ROWS, len(fleet.read(url)))
    workers[until(lambda: at_work(fleet, api, id), 60)].kill()
    batch = api.ended(id, 120)

    assert batch["status"] == "completed"
    assert batch["request_counts"]["completed"] == ROWS
    assert batch["shards"]["redone"] >= 1
    assert batch["exported_to"] == f"s3://{results}/mine/{id}/"
    assert_whole(fleet, batch["exported_to"], str)
    assert len(fleet.keys(batch["exported_to"])) == ROWS + 3
    ours = f"s3://{fleet.bucket}/penstock/batches/{id}/"
    (folder,) = {found[0] for key in fleet.keys(ours) if (found := re.match(r"results\.\d+/", key))}
    address = f"{api.url}/v1/batches/{id}/files/"
    assert_whole(fleet, ours + folder, lambda file: file.replace(address, f"{ours}shards/"))


@pytest.mark.timeout(300)
def test_digits_begin_with_pictures_in_a_bucket(fleet: Fleet) -> None:
    """The demo's diffusion model, with a picture for each row instead of noise."""
    api = fleet.api()
    fleet.worker()
    inputs = fleet.new_bucket("inputs")
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    rows = []
    for number in range(DRAWN):
        fleet.put(f"s3://{inputs}/in/{number}.png", picture(number))
        given = {"prompt": f"a red {names[number % 10]}", "image": f"{number}.png", "steps": 4}
        rows.append({"custom_id": f"row-{number}", "input": given | {"seed": number}})
    url = f"s3://{inputs}/in/manifest.jsonl"
    fleet.put(url, "\n".join(map(json.dumps, rows)).encode())
    headers = fleet.token(inputs)
    api.push("digits", "demo/digits")

    body = {"model": "demo/digits", "input_url": url, "destination": f"s3://{inputs}/out"}
    id = api.call("POST", "/v1/batches", json=body, headers=headers)["id"]
    batch = api.ended(id, 200)

    assert batch["request_counts"]["completed"] == DRAWN
    lines = fleet.lines(f"{batch['exported_to']}output.jsonl")
    assert [line["custom_id"] for line in lines] == [row["custom_id"] for row in rows]
    drawn = set()
    for line in lines:
        (file,) = line["response"]["body"]["output"]
        with Image.open(io.BytesIO(fleet.read(file))) as opened:
            assert opened.size == (128, 128)
            drawn.add(opened.tobytes())
    assert len(drawn) == DRAWN, "two rows have one picture"
