"""Uploads and downloads through the API."""

import hashlib

import pytest

from tests.functional.conftest import MAX_UPLOAD_BYTES, Owner, multipart

FORM = "multipart/form-data; boundary=limit"


def test_a_file_comes_back_as_it_was_sent(ann: Owner) -> None:
    content = bytes(range(256)) * 5000

    made = ann.ask("POST", "/v1/files", **multipart(content, "a b.bin", kind="image/png"))

    file = made.json
    sha256 = hashlib.sha256(content).hexdigest()
    assert made.status_code == 201
    assert (file["name"], file["content_type"], file["size"]) == ("a b.bin", "image/png", 1280000)
    assert file["checksums"] == {"sha256": sha256}
    assert ann.ask("GET", f"/v1/files/{file['id']}").json == file
    assert file["urls"]["content"] == f"https://penstock.test/v1/files/{file['id']}/content"
    read = ann.ask("GET", f"/v1/files/{file['id']}/content")
    assert read.data == content
    assert read.headers["Content-Length"] == "1280000"
    # whatever it was said to be
    assert read.content_type == "application/octet-stream"
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert ann.ask("HEAD", f"/v1/files/{file['id']}/content").data == b""


@pytest.mark.parametrize("field", ["content", "file"])
def test_both_kinds_of_client_may_upload(ann: Owner, field: str) -> None:
    assert ann.ask("POST", "/v1/files", **multipart(b"x", field=field)).status_code == 201


def test_the_form_fields_name_and_type_win(ann: Owner) -> None:
    # what newer Replicate clients send
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}'
    file = 'Content-Disposition: form-data; name="content"; filename="upload"\r\n\r\nbytes'
    parts = [part.format("filename", "rows.jsonl"), part.format("type", "application/jsonl"), file]
    body = "".join(f"--limit\r\n{one}\r\n" for one in parts) + "--limit--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}

    made = ann.ask("POST", "/v1/files", data=body, headers=headers).json

    assert (made["name"], made["content_type"]) == ("rows.jsonl", "application/jsonl")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x" * 256, "text/plain"), ("a\u0000b", "text/plain"), ("a\u202eb", "text/plain"),
     ("a.txt", "t" * 201)],
)  # fmt: skip
def test_a_name_or_type_that_cannot_be_shown_is_refused(ann: Owner, name: str, kind: str) -> None:
    answer = ann.ask("POST", "/v1/files", **multipart(b"x", name, kind=kind))

    assert answer.status_code == 422
    assert answer.json["field"] in ("filename", "type")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", None),
        (b"just bytes", None),
        (b"{}", "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
        (b"--limit--\r\n", FORM),
        (b"no boundary", FORM),
        (b"--limit\r\nContent-Disposition: form-data; name=file; filename=x", FORM),
        (b"--limit\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--limit--\r\n", FORM),
        (b"--limit\r\n" + b"X: y\r\n" * 5000 + b"\r\n\r\n--limit--", FORM),
    ],
)
def test_what_is_no_upload_is_refused(ann: Owner, body: bytes, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}

    answer = ann.ask("POST", "/v1/files", data=body, headers=headers)

    assert answer.status_code in (413, 422)
    assert ann.ask("GET", "/v1/files").json["data"] == []


def test_an_upload_over_the_limit_is_refused_with_the_limit(ann: Owner) -> None:
    answer = ann.ask("POST", "/v1/files", **multipart(b"x" * MAX_UPLOAD_BYTES))

    assert answer.status_code == 413
    assert f"{MAX_UPLOAD_BYTES:,}" in answer.json["detail"]


def test_a_deleted_file_is_gone_with_its_bytes(ann: Owner) -> None:
    id = ann.upload(b"x")
    key = ann.world.made.store.files.get(id).key

    assert ann.ask("DELETE", f"/v1/files/{id}").status_code == 204

    assert ann.ask("GET", f"/v1/files/{id}").status_code == 404
    assert ann.ask("GET", f"/v1/files/{id}/content").status_code == 404
    assert ann.ask("DELETE", f"/v1/files/{id}").status_code == 404
    assert list(ann.world.made.blobs.list(key)) == []


def test_a_result_cannot_be_deleted_as_a_file(ann: Owner) -> None:
    batch = ann.finished(ann.push("hello"))

    assert ann.ask("DELETE", f"/v1/files/{batch['output_file_id']}").status_code == 409
    assert ann.ask("GET", f"/v1/files/{batch['output_file_id']}/content").status_code == 200


@pytest.mark.parametrize(
    "id",
    ["x", "file_", "file_../x", "file_0", "file_" + "a" * 200, "file_batch_00_output",
     "file_batch_00_index", "%00", "file_%E2%80%AE", "..%2f..%2ftoken"],
)  # fmt: skip
def test_an_id_of_nothing_is_not_found(ann: Owner, id: str) -> None:
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        assert ann.ask(method, f"/v1/files/{id}{path}").status_code in (404, 409)
