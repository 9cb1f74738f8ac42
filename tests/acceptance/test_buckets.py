"""What a batch reads from buckets and the web, and what it writes to a bucket of its caller's."""

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.ports.stores import new_database
from tests.servers import web
from tests.servers.fleet import Fleet
from tests.servers.penstock import ROOT, Penstock
from tests.servers.s3 import S3Server

MAX_INPUT_BYTES = 20_000


@dataclass(frozen=True)
class World:
    """A fleet with a worker and a model that takes pictures, and a site on the web."""

    fleet: Fleet
    api: Penstock
    site: str

    def submit(self, rows: Any, headers: dict[str, str], url: str, **fields: Any) -> str:
        """Put a manifest where `url` says and submit it; the batch's id."""
        self.fleet.put(url, "\n".join(map(json.dumps, rows)).encode())
        body = {"model": "demo/tint", "input_url": url, **fields}
        id: str = self.api.call("POST", "/v1/batches", json=body, headers=headers)["id"]
        return id

    def refused(self, headers: dict[str, str], **body: Any) -> tuple[int, str, str]:
        """(status, field, detail) of a submission that is not taken."""
        body = {"model": "demo/tint"} | body
        answer = httpx.post(f"{self.api.url}/v1/batches", json=body, headers=headers, timeout=60)
        told = answer.json()
        return answer.status_code, told.get("field", ""), told["detail"]


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_url: str,
    redis_url: str,
    s3_server: S3Server,
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("buckets")
    tls = web.certificate(folder)
    files = {"/a.png": picture(), "/large.png": bytes(MAX_INPUT_BYTES + 1)}
    with new_database(postgres_url) as database, web.serving(files, *tls) as site:
        fleet = Fleet(folder, database, redis_url, s3_server)
        fleet.environment["SSL_CERT_FILE"] = str(tls[0])
        fleet.environment["PENSTOCK_MAX_INPUT_MB"] = str(MAX_INPUT_BYTES / 10**6)
        api = fleet.api()
        fleet.worker()
        api.push(str(ROOT / "tests" / "models" / "tint"), "demo/tint")
        yield World(fleet, api, site)
        fleet.stop()


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3, 2), (9, 8, 7)).save(file, "PNG")
    return file.getvalue()


def rows(images: dict[str, str]) -> list[dict[str, Any]]:
    return [{"custom_id": name, "input": {"image": image}} for name, image in images.items()]


def upload(world: World, headers: dict[str, str]) -> str:
    files = {"content": ("a.png", picture())}
    id: str = world.api.call("POST", "/v1/files", files=files, headers=headers)["id"]
    return id


def test_each_input_that_cannot_be_had_costs_its_row(world: World) -> None:
    fleet, site = world.fleet, world.site
    mine, theirs = fleet.new_bucket("mine"), fleet.new_bucket("theirs")
    for place in ("in/a.png", "in/ü b+c.png", "in/file_1.png", "in-evil/a.png", "out/a.png"):
        fleet.put(f"s3://{mine}/{place}", picture())
    fleet.put(f"s3://{mine}/in/large.png", bytes(MAX_INPUT_BYTES + 1))
    fleet.put(f"s3://{theirs}/a.png", picture())
    headers, others = fleet.token(f"{mine}/in"), fleet.token(theirs, owner="somebody-else")
    data = base64.b64encode(picture()).decode()
    good = {
        "s3": f"s3://{mine}/in/a.png",
        "odd key": f"s3://{mine}/in/ü b+c.png",
        "relative": "a.png",
        "looks like an id": "file_1.png",
        "web": f"{site}/a.png",
        "redirect": f"{site}/to/{site}/a.png",
        "data": f"data:image/png;base64,{data}",
        "upload": upload(world, headers),
    }
    no_grant, too_large = "no grant of the token covers", f"larger than {MAX_INPUT_BYTES} bytes"
    bad = {
        "another bucket": (f"s3://{theirs}/a.png", no_grant),
        "beside the prefix": (f"s3://{mine}/in-evil/a.png", no_grant),
        "another prefix": (f"s3://{mine}/out/a.png", no_grant),
        "missing": (f"s3://{mine}/in/no.png", "there is no such object"),
        "missing beside": ("pictures/no.png", "there is no such object"),
        "too large": (f"s3://{mine}/in/large.png", too_large),
        "somebody else's upload": (upload(world, others), "there is no such file"),
        "no upload": ("file_0", "there is no such file"),
        "web 404": (f"{site}/no.png", "the server answered 404"),
        "web too large": (f"{site}/large.png", too_large),
        "private": ("https://169.254.169.254/latest/meta-data", "may not be dialled"),
        "redirect to private": (f"{site}/to/https://10.0.0.1/", "may not be dialled"),
        "redirect to a file": (f"{site}/to/file:///etc/passwd", "scheme that is not allowed"),
        "redirect to http": (f"{site}/to/http://127.0.0.1/", "scheme that is not allowed"),
        "bad data": ("data:;base64,not~base64", "is not base64"),
    }
    images = good | {name: uri for name, (uri, _) in bad.items()}

    id = world.submit(rows(images), headers, f"s3://{mine}/in/manifest.jsonl")
    batch = world.api.ended(id, 90)

    assert batch["status"] == "completed"
    assert [row["custom_id"] for row in world.api.lines(id, "output.jsonl")] == list(good)
    errors = world.api.lines(id, "errors.jsonl")
    assert [row["custom_id"] for row in errors] == list(bad)
    for row in errors:
        assert row["error"]["code"] == "input_unavailable"
        message = row["error"]["message"]
        assert message.startswith("input.image: ")
        assert bad[row["custom_id"]][1] in message, row
        assert "penstock token create --bucket" in message or no_grant not in message


def test_addresses_that_nobody_may_name_refuse_the_batch(world: World) -> None:
    mine = world.fleet.new_bucket("mine")
    headers = world.fleet.token(mine)
    images = {
        "dots": f"s3://{mine}/in/../../a.png",
        "dots beside": "../a.png",
        "http": "http://127.0.0.1/a.png",
        "file": "file:///etc/passwd",
    }
    id = world.submit(rows(images), headers, f"s3://{mine}/in/manifest.jsonl")
    batch = world.api.ended(id)
    assert batch["status"] == "failed"
    problems = batch["errors"]["data"]
    assert [(one["line"], one["field"]) for one in problems] == [
        (line, "input.image") for line in (1, 2, 3, 4)
    ]
    assert {one["code"] for one in problems} == {"invalid_uri"}


def test_a_token_gives_its_own_rights_and_no_other(world: World) -> None:
    fleet = world.fleet
    mine, secret = fleet.new_bucket("mine"), fleet.new_bucket("secret")
    fleet.put(f"s3://{secret}/a.png", picture())
    fleet.token(secret)  # the same owner, another token
    images = {"theirs": f"s3://{secret}/a.png"}
    id = world.submit(rows(images), fleet.token(mine), f"s3://{mine}/m.jsonl")
    assert world.api.ended(id)["request_counts"]["failed"] == 1


def test_what_is_wrong_with_an_address_is_told_at_once(world: World) -> None:
    mine = world.fleet.new_bucket("mine")
    world.fleet.put(f"s3://{mine}/in/m.jsonl", b"{}\n")
    headers = world.fleet.token(f"{mine}/in", "no-such-bucket-anywhere")
    good = {"input_url": f"s3://{mine}/in/m.jsonl"}
    for body, status, field, detail in (
        ({"input_url": f"s3://{mine}/in/no.jsonl"}, 422, "input_url", "no such object"),
        ({"input_url": f"s3://{mine}/in"}, 422, "input_url", "no such object"),
        ({"input_url": f"s3://{mine}"}, 422, "input_url", "a bucket and a key"),
        ({"input_url": f"s3://{mine}/other/m.jsonl"}, 403, "", "penstock token create --bucket"),
        ({"input_url": f"s3://{mine}/in/../m.jsonl"}, 403, "", "'..' is not allowed"),
        (good | {"destination": f"s3://{mine}/in/../out"}, 403, "", "'..' is not allowed"),
        (good | {"destination": f"s3://{mine}/in-evil/"}, 403, "", "may not use"),
        (good | {"destination": "results/"}, 422, "destination", "an s3://bucket/key address"),
        (good | {"destination": "s3://no-such-bucket-anywhere/"}, 422, "destination", "policy"),
    ):
        told = world.refused(headers, **body)
        assert told[:2] == (status, field), (body, told)
        assert detail in told[2], (body, told)


@pytest.mark.real_s3
def test_a_place_that_refuses_us_is_told_at_once(world: World) -> None:
    mine = world.fleet.new_bucket("mine")
    world.fleet.put(f"s3://{mine}/m.jsonl", b"{}\n")
    world.fleet.put(f"s3://{mine}/dark/m.jsonl", b"{}\n")
    deny(world.fleet, mine, "s3:PutObject", "shut/*")
    deny(world.fleet, mine, "s3:GetObject", "dark/*")
    headers = world.fleet.token(mine)
    good = {"input_url": f"s3://{mine}/m.jsonl"}
    told = world.refused(headers, **good, destination=f"s3://{mine}/shut")
    assert told[:2] == (422, "destination")
    assert "may not write there" in told[2]
    told = world.refused(headers, input_url=f"s3://{mine}/dark/m.jsonl")
    assert told[:2] == (422, "input_url")
    assert "may not read it" in told[2]


def deny(fleet: Fleet, bucket: str, action: str, place: str) -> None:
    """Take a right away from everybody, the bucket's owner included."""
    try:
        policy = json.loads(fleet.s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except fleet.s3.exceptions.ClientError:
        policy = {"Version": "2012-10-17", "Statement": []}
    resource = f"arn:aws:s3:::{bucket}/{place}"
    rule = {"Effect": "Deny", "Principal": "*", "Action": [action], "Resource": [resource]}
    policy["Statement"].append(rule)
    fleet.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


@pytest.mark.real_s3
def test_results_survive_a_destination_that_went_away(world: World) -> None:
    fleet, api = world.fleet, world.api
    mine = fleet.new_bucket("mine")
    fleet.put(f"s3://{mine}/in/a.png", picture())
    headers = fleet.token(mine)
    slow = [{"custom_id": "a", "input": {"image": "a.png", "seconds": 1}}]
    place = f"s3://{mine}/out"

    id = world.submit(slow, headers, f"s3://{mine}/in/m.jsonl", destination=place)
    deny(fleet, mine, "s3:PutObject", "out/*")
    batch = api.ended(id)

    assert batch["status"] == "completed"
    assert batch["exported_to"] is None
    (problem,) = batch["errors"]["data"]
    assert (problem["code"], problem["field"]) == ("export_failed", "destination")
    assert "AccessDenied" in problem["message"]
    assert [row["custom_id"] for row in api.lines(id, "output.jsonl")] == ["a"]
    assert api.cli("batch", "watch", id).returncode == 5
    assert fleet.keys(place) == []


def test_a_child_batch_lies_beside_its_parent(world: World) -> None:
    fleet, api = world.fleet, world.api
    mine = fleet.new_bucket("mine")
    fleet.put(f"s3://{mine}/in/a.png", picture())
    headers = fleet.token(mine)
    images = {"good": "a.png", "late": "late.png"}
    place = f"s3://{mine}/in"
    id = world.submit(rows(images), headers, f"s3://{mine}/in/m.jsonl", destination=place)
    parent = api.ended(id)
    assert parent["request_counts"]["failed"] == 1
    fleet.put(f"s3://{mine}/in/late.png", picture())

    child = api.ended(api.call("POST", f"/v1/batches/{id}/retry-failed")["id"])

    for batch, name in ((parent, "good"), (child, "late")):
        (row,) = fleet.lines(f"{batch['exported_to']}output.jsonl")
        assert row["custom_id"] == name
        assert fleet.read(row["response"]["body"]["output"]["negative"]).startswith(b"\x89PNG")
        assert batch["exported_to"] == f"{place}/{batch['id']}/"


def test_a_manifest_that_changed_since_it_was_submitted_is_refused(world: World) -> None:
    fleet, api = world.fleet, world.api
    mine = fleet.new_bucket("mine")
    url = f"s3://{mine}/m.jsonl"
    for worker in fleet.workers:
        worker.stop()
    try:
        id = world.submit(rows({"a": "data:,x"}), fleet.token(mine), url)
        fleet.put(url, b'{"custom_id": "b", "input": {"image": "data:,x"}}\n')
    finally:
        fleet.worker()
    batch = api.ended(id)
    assert batch["status"] == "failed"
    (problem,) = batch["errors"]["data"]
    assert problem["code"] == "object_changed"
    assert "submit it again" in problem["message"]
