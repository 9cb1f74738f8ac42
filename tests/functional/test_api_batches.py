"""Batches through the API: what may be asked for, and what is answered."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs.worker import validate
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


# --- results ----------------------------------------------------------------------------------


def test_the_results_are_files_that_can_be_read(ann: Owner) -> None:
    batch = ann.finished(ann.push("hello"), input_file_id=ann.manifest(5))

    assert batch["status"] == "completed"
    file = ann.ask("GET", f"/v1/files/{batch['output_file_id']}").json
    content = ann.ask("GET", f"/v1/files/{batch['output_file_id']}/content")
    assert batch["error_file_id"] is None
    assert (file["filename"], file["bytes"]) == ("output.jsonl", len(content.data))
    rows = [json.loads(line) for line in content.data.splitlines()]
    assert [row["response"]["body"]["output"] for row in rows] == [f"hello {n}" for n in range(5)]
    same = ann.ask("GET", f"/v1/batches/{batch['id']}/results/output.jsonl")
    assert same.data == content.data
    assert same.headers["Content-Length"] == str(len(content.data))


def test_failed_rows_are_a_file_too_and_can_be_retried_once_per_key(ann: Owner) -> None:
    rows = [
        {"custom_id": "good", "input": {"text": "fine"}},
        {"custom_id": "bad", "input": {"do": "fail"}},
    ]
    upload = ann.upload("\n".join(map(json.dumps, rows)).encode())
    batch = ann.finished(ann.push("chaos-monkey"), input_file_id=upload)

    content = ann.ask("GET", f"/v1/files/{batch['error_file_id']}/content")
    assert [json.loads(line)["custom_id"] for line in content.data.splitlines()] == ["bad"]
    path, headers = f"/v1/batches/{batch['id']}/retry-failed", {"Idempotency-Key": "again"}
    first = ann.ask("POST", path, headers=headers)
    again = ann.ask("POST", path, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]
    assert first.json["estimate"]["items"] == 1
    # a row that failed does not keep the version from being measured by the others
    assert first.json["estimate"]["seconds"] is not None
    assert first.json["parent"] == batch["id"]


def test_nothing_to_retry_and_nothing_to_cancel_are_conflicts(ann: Owner) -> None:
    model = ann.push("hello")
    done, running = ann.finished(model)["id"], ann.batch(model)["id"]

    assert ann.ask("POST", f"/v1/batches/{running}/retry-failed").status_code == 409
    assert ann.ask("POST", f"/v1/batches/{done}/retry-failed").status_code == 409
    assert ann.ask("POST", f"/v1/batches/{done}/cancel").status_code == 409
    assert ann.ask("POST", f"/v1/batches/{running}/cancel").json["status"] == "cancelled"


@pytest.mark.parametrize(
    "path",
    [
        "results/other.jsonl",
        "results/output.jsonl",
        "results/validation-errors.jsonl",
        "results/..%2fmanifest.1.jsonl",
        "files/000000000000.1/0/x.png",
        "files/000000000000.1/../../manifest.1.jsonl",
        "files/x",
        "files//",
    ],
)
def test_what_a_batch_has_not_given_is_not_found(ann: Owner, path: str) -> None:
    id = ann.batch(ann.model())["id"]

    assert ann.ask("GET", f"/v1/batches/{id}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "files/{attempt}/../{attempt}/output.jsonl",
        "files/{attempt}/./output.jsonl",
        "files/{attempt}//output.jsonl",
        "files/{attempt}/0%00",
        "files/{attempt}/..\\..\\manifest.1.jsonl",
        "files/{attempt}/missing.png",
        "files/{attempt}/",
    ],
)
def test_a_path_beside_what_was_committed_is_not_found(ann: Owner, path: str) -> None:
    batch = ann.finished(ann.push("hello"))
    shards = ann.world.made.store.shards.done(batch["id"])
    attempt = shards[0].output.rstrip("/").rpartition("/")[2]

    answer = ann.ask("GET", f"/v1/batches/{batch['id']}/{path.format(attempt=attempt)}")

    assert answer.status_code == 404
    assert "shards" not in answer.json["detail"]


def test_a_file_with_no_end_of_problems_is_given_up(
    ann: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "MOST_PROBLEMS", 150)
    model = ann.model()
    same = b'{"custom_id": "a", "input": {"text": "x"}}\n'

    for content in (b"\n" * 10_000, same * 10_000, same * 100 + b"oops\n" * 10_000):
        batch = ann.finished(model, input_file_id=ann.upload(content))
        path = f"/v1/batches/{batch['id']}/results/validation-errors.jsonl"
        lines = ann.ask("GET", path).data.splitlines()
        assert len(lines) == 151
        assert json.loads(lines[-1])["code"] == "too_many_problems"
        assert len(batch["errors"]["data"]) == 100


def test_the_problems_of_a_refused_manifest_are_all_in_a_file(ann: Owner) -> None:
    upload = ann.upload(b"{}\n" * 250)

    batch = ann.finished(ann.model(), input_file_id=upload)

    assert batch["status"] == "failed"
    assert batch["output_file_id"] is None
    assert len(batch["errors"]["data"]) == 100
    path = f"/v1/batches/{batch['id']}/results/validation-errors.jsonl"
    assert len(ann.ask("GET", path).data.splitlines()) == 500
