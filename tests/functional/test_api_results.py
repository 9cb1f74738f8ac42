"""What a batch gives: its result files, and what may be done once it has ended."""

import json

import pytest

from jobs.worker import validate
from tests.functional.conftest import Owner


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


def test_a_batch_of_which_no_row_ran_is_submitted_again_and_not_retried(ann: Owner) -> None:
    model = ann.push("hello")
    refused = ann.finished(model, input_file_id=ann.upload(b'{"custom_id": "a", "input": {}}'))
    stopped = ann.batch(model)
    ann.ask("POST", f"/v1/batches/{stopped['id']}/cancel")

    assert refused["status"] == "failed"
    for id, told in (
        (refused["id"], "manifest, no row ran; correct it and submit it again"),
        (stopped["id"], "was cancelled before a row ran; submit it again"),
    ):
        answer = ann.ask("POST", f"/v1/batches/{id}/retry-failed")
        assert answer.status_code == 409
        assert told in answer.json["detail"]


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
