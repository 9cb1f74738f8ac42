"""Batches through the API: what may be asked for, and what is answered."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.functional.conftest import Owner, World


def test_the_answer_to_a_submit_says_what_it_will_cost(ann: Owner, world: World) -> None:
    model = ann.model()

    batch = ann.batch(model, input_file_id=ann.manifest(250))

    size = batch["estimate"]["bytes"]
    assert size > 250 * 30
    assert batch["estimate"] == {"items": 250, "exact": True, "bytes": size, "seconds": None}
    world.made.store.models.measured(model, batch["version"], 0.5)
    estimate = ann.ask("GET", f"/v1/batches/{batch['id']}").json["estimate"]
    assert estimate["seconds"] == 125.0


def test_a_long_manifest_is_judged_by_its_beginning(ann: Owner) -> None:
    rows = 20_000
    lines = (json.dumps({"custom_id": f"{n:06}", "input": {"text": "x" * 20}}) for n in range(rows))

    batch = ann.batch(ann.model(), input_file_id=ann.upload("\n".join(lines).encode()))

    estimate = batch["estimate"]
    assert estimate["exact"] is False
    assert abs(estimate["items"] - rows) < rows / 100
    # its model cannot be run: whoever next has the queue worked off would wait for all its rows
    ann.ask("POST", f"/v1/batches/{batch['id']}/cancel")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"model": None}, "model"),
        ({"model": 5}, "model"),
        ({"model": "no-slash"}, "model"),
        ({"model": "Owner/Name"}, "model"),
        ({"version": "not-a-digest"}, "model"),
        ({"version": 5}, "version"),
        ({"modle": "a/b"}, "modle"),
        ({"endpoint": "/v1/chat/completions"}, "endpoint"),
        ({"input_file_id": None}, "input_file_id"),
        ({"input_file_id": 5}, "input_file_id"),
        ({"input_file_id": ["file_1"]}, "input_file_id"),
        ({"input_file_id": "../../etc/passwd"}, "input_file_id"),
        ({"input_file_id": "file_batch_0a_output"}, "input_file_id"),
        ({"input_url": "s3://granted/rows.jsonl"}, "input_file_id"),
        ({"input_file_id": None, "input_url": "https://example.com/rows"}, "input_url"),
        ({"input_file_id": None, "input_url": "s3://granted"}, "input_url"),
        ({"input_file_id": None, "input_url": "s3://granted/\0"}, "input_url"),
        ({"input_file_id": None, "input_url": "s3://granted/" + "k" * 3000}, "input_url"),
        ({"input_file_id": None, "input_url": {"url": "s3://a/b"}}, "input_url"),
        ({"destination": "/tmp/results"}, "destination"),
        ({"destination": 7}, "destination"),
        ({"completion_window": "25"}, "completion_window"),
        ({"completion_window": "0h"}, "completion_window"),
        ({"completion_window": "721h"}, "completion_window"),
        ({"completion_window": "9" * 5000 + "h"}, "completion_window"),
        ({"completion_window": "²h"}, "completion_window"),
        ({"completion_window": 24}, "completion_window"),
        ({"metadata": "text"}, "metadata"),
        ({"metadata": []}, "metadata"),
        ({"metadata": False}, "metadata"),
        ({"metadata": {str(n): "x" for n in range(17)}}, "metadata"),
        ({"metadata": {"k": 5}}, "metadata.k"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k"),
        ({"metadata": {"k" * 65: "v"}}, "metadata"),
        ({"metadata": {"": "v"}}, "metadata"),
        ({"webhook": "ftp://example.com"}, "webhook"),
        ({"webhook": "https://"}, "webhook"),
        ({"webhook": "https://user:secret@example.com/"}, "webhook"),
        ({"webhook": "https://example.com:99999/"}, "webhook"),
        ({"webhook": "https://example.com:port/"}, "webhook"),
        ({"webhook": "https://[::1/"}, "webhook"),
        ({"webhook": "https://example.com/ x"}, "webhook"),
        ({"webhook": "https://example.com/\r\nHost: x"}, "webhook"),
        ({"webhook": "https://ex\u00e4mple.com/"}, "webhook"),
        ({"webhook": "https://example.com/" + "x" * 2000}, "webhook"),
        ({"webhook": 5}, "webhook"),
        ({"webhook": ["https://example.com"]}, "webhook"),
        ({"webhook_events_filter": "completed"}, "webhook_events_filter"),
        ({"webhook_events_filter": {}}, "webhook_events_filter"),
        ({"webhook_events_filter": ["batch.finished"]}, "webhook_events_filter[0]"),
        ({"webhook_events_filter": ["completed", 5]}, "webhook_events_filter[1]"),
        ({"webhook_events_filter": ["completed"] * 21}, "webhook_events_filter"),
    ],
)
def test_a_bad_request_is_refused_by_the_name_of_its_field(
    world: World, change: dict[str, Any], field: str
) -> None:
    owner = world.owner("granted")
    body = {"model": owner.model(), "input_file_id": owner.manifest()} | change

    answer = owner.ask("POST", "/v1/batches", json=body)

    assert answer.status_code == 422
    assert answer.json["field"] == field
    assert owner.ask("GET", "/v1/batches").json["data"] == []


def test_what_fits_the_limits_is_kept_as_it_is(ann: Owner) -> None:
    metadata = {f"{n:064}": "v" * 512 for n in range(16)}
    url = "https://example.com:8443/hook?token=a%20b"

    batch = ann.batch(
        ann.model(),
        metadata=metadata,
        webhook=url,
        webhook_events_filter=["batch.completed", "completed"],
        completion_window="720h",
        endpoint="/v1/predictions",
    )

    assert batch["metadata"] == metadata
    assert batch["completion_window"] == "720h"
    assert batch["expires_at"] - batch["created_at"] == 720 * 3600


@pytest.mark.parametrize("address", ["s3://other/rows.jsonl", "s3://granted/../other/rows.jsonl"])
@pytest.mark.parametrize("field", ["input_url", "destination"])
def test_a_bucket_that_was_not_granted_is_refused(world: World, address: str, field: str) -> None:
    owner = world.owner("granted/daily")
    body = {"model": owner.model(), "input_url": "s3://granted/daily/rows.jsonl"}

    answer = owner.ask("POST", "/v1/batches", json=body | {field: address})

    assert answer.status_code == 403
    assert answer.json["code"] == "forbidden"


def test_a_model_and_a_digest_may_be_named_side_by_side(ann: Owner) -> None:
    model = ann.model()
    digest = ann.batch(model)["version"]

    batch = ann.batch(model, version=digest)

    assert (batch["model"], batch["version"]) == (model, digest)


def test_a_version_that_is_not_ready_is_a_conflict_with_a_way_out(ann: Owner) -> None:
    model = ann.model()
    digest = "ab" * 32
    from jobs.core.version import Version
    from jobs.wiring import clock

    ann.world.made.store.models.push(Version(id=digest, model=model, created_at=clock()))

    body = {"model": f"{model}:{digest}", "input_file_id": ann.manifest()}
    answer = ann.ask("POST", "/v1/batches", json=body)

    assert answer.status_code == 409
    assert "wait until it is ready" in answer.json["detail"]


# --- Idempotency-Key --------------------------------------------------------------------------


def test_the_same_key_and_request_give_the_same_batch_even_if_the_upload_is_gone(
    ann: Owner,
) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest()}
    headers = {"Idempotency-Key": "once"}
    first = ann.ask("POST", "/v1/batches", json=body, headers=headers)
    ann.ask("DELETE", f"/v1/files/{body['input_file_id']}")

    again = ann.ask("POST", "/v1/batches", json=body, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["id"] == first.json["id"]
    assert len(ann.ask("GET", "/v1/batches").json["data"]) == 1


def test_the_order_of_a_body_s_keys_does_not_make_it_another_request(ann: Owner) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest(), "metadata": {"a": "1", "b": "2"}}
    turned = {name: body[name] for name in reversed(body)}
    headers = {"Idempotency-Key": "order"}

    ids = {
        ann.ask("POST", "/v1/batches", json=one, headers=headers).json["id"]
        for one in (body, turned)
    }

    assert len(ids) == 1


def test_the_same_key_for_another_request_is_a_conflict(ann: Owner, bob: Owner) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest()}
    headers = {"Idempotency-Key": "mine"}
    ann.ask("POST", "/v1/batches", json=body, headers=headers)

    other = ann.ask("POST", "/v1/batches", json=body | {"metadata": {"x": "1"}}, headers=headers)

    assert other.status_code == 409
    assert "Idempotency-Key" in other.json["detail"]
    theirs = {"model": bob.model(), "input_file_id": bob.manifest()}
    assert bob.ask("POST", "/v1/batches", json=theirs, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "sch\u00f6n", "tab\tbed"])
def test_a_key_that_cannot_be_kept_is_refused(ann: Owner, key: str) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest()}

    answer = ann.ask("POST", "/v1/batches", json=body, headers={"Idempotency-Key": key})

    assert answer.status_code == 422
    assert answer.json["field"] == "Idempotency-Key"


def test_many_threads_with_one_key_make_one_batch(ann: Owner) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest()}

    def submit(_: int) -> tuple[int, str]:
        one = Owner(ann.world, ann.name, ann.token)
        answer = one.ask("POST", "/v1/batches", json=body, headers={"Idempotency-Key": "race"})
        return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(submit, range(48)))

    assert len({id for _, id in answers}) == 1
    assert sorted(status for status, _ in answers) == [200] * 47 + [201]
    assert len(ann.ask("GET", "/v1/batches").json["data"]) == 1


# --- lists ------------------------------------------------------------------------------------


def test_a_list_holds_what_is_asked_for_and_its_pages_go_on_with_that(ann: Owner) -> None:
    first, other = ann.model(), ann.model()
    made = [ann.batch(model)["id"] for model in (first, first, other, first)]
    ann.ask("POST", f"/v1/batches/{made[1]}/pause")
    ann.ask("POST", f"/v1/batches/{made[2]}/cancel")

    def page(**query: str) -> tuple[list[str], bool]:
        told = ann.ask("GET", "/v1/batches", query_string=query).json
        return [one["id"] for one in told["data"]], told["has_more"]

    assert page(model=first) == ([made[3], made[1], made[0]], False)
    assert page(status="validating", limit="2") == ([made[3], made[1]], True)
    assert page(status="validating", limit="2", after=made[1]) == ([made[0]], False)
    assert page(status="paused") == ([made[1]], False)
    assert page(status="paused,cancelling,cancelled") == ([made[2], made[1]], False)
    assert page(created_before="2020-01-01") == ([], False)
    assert page(created_after="2020-01-01", model=other) == ([made[2]], False)


# --- results ----------------------------------------------------------------------------------
