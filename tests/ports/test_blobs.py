"""The object port's contract, on a directory and on an S3 server."""

import errno
import hashlib
import itertools
import json
import os
import random
import tempfile
import threading
import tracemalloc
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.response import StreamingBody

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.multipart import PART_BYTES
from jobs.adapters.s3 import S3Blobs, s3_client
from jobs.core.errors import BlobChanged, BlobError, BlobMissing, BlobRefused
from jobs.ports import Blobs
from tests.servers.s3 import S3Server


@pytest.fixture(scope="module")
def shared_client(s3_server: S3Server) -> Any:
    """One for all who leave it as it is: making one takes longer than most of these tests."""
    return s3_server.client()


@pytest.fixture(params=["disk", "s3", "s3-prefix"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "disk":
        return DiskBlobs(tmp_path / "blobs")
    client = request.getfixturevalue("shared_client")
    bucket = f"test-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    return S3Blobs(client, bucket, "some/where/" if request.param == "s3-prefix" else "")


def body(blobs: Blobs, key: str) -> bytes:
    return b"".join(blobs.open(key))


def test_what_was_put_is_read(blobs: Blobs) -> None:
    stored = blobs.put("a/b.txt", [b"hello ", b"", b"world"])
    assert (stored.key, stored.size_bytes) == ("a/b.txt", 11)
    assert stored.sha256 == hashlib.sha256(b"hello world").hexdigest()
    assert body(blobs, "a/b.txt") == b"hello world"


@pytest.mark.parametrize("sizes", [[0], [5], [9 * 2**20 + 1], [5, 0, 9 * 2**20 + 1, 4 * 2**20, 7]])
def test_objects_are_joined_from_their_pieces(blobs: Blobs, sizes: list[int]) -> None:
    parts = [random.Random(size).randbytes(size) for size in sizes]
    for number, part in enumerate(parts):
        blobs.put(f"part{number}", [part])
    keys = [f"part{number}" for number in range(len(parts))]
    stored = blobs.put("whole", (piece for key in keys for piece in blobs.pieces(key)))
    whole = b"".join(parts)
    assert body(blobs, "whole") == whole
    assert (stored.size_bytes, stored.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())


def test_pieces_of_nothing_are_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        blobs.put("whole", blobs.pieces("nothing"))


@pytest.mark.parametrize("size", [0, 5, 9 * 2**20])
def test_a_file_is_taken(blobs: Blobs, tmp_path: Path, size: int) -> None:
    file = tmp_path / "rows"
    file.write_bytes(b"x" * size)
    blobs.put("a/rows.jsonl", [b"old"])
    blobs.take({"a/rows.jsonl": file})
    assert not file.exists()
    assert body(blobs, "a/rows.jsonl") == b"x" * size
    assert blobs.stat("a/rows.jsonl").size_bytes == size


def test_a_taken_file_has_the_type_that_its_key_says(blobs: Blobs, tmp_path: Path) -> None:
    file = tmp_path / "unnamed"
    file.write_bytes(b"x")
    blobs.take({"a/picture.png": file})
    assert blobs.stat("a/picture.png").content_type == "image/png"


def test_a_file_of_another_file_system_is_taken(blobs: Blobs) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        file = Path(folder, "rows")
        file.write_bytes(b"from afar")
        blobs.take({"picture.png": file})
        assert (body(blobs, "picture.png"), file.exists()) == (b"from afar", False)
        assert blobs.stat("picture.png").content_type == "image/png"


@pytest.mark.parametrize("size", [0, 10, 9 * 2**20])
def test_a_copy_is_there_when_the_first_one_goes(blobs: Blobs, size: int) -> None:
    text = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    blobs.put("a/one.jsonl", [text], content_type="application/x-one")
    blobs.put("b/two", [b"what was there before"])
    blobs.copy("a/one.jsonl", "b/two")
    blobs.copy("a/one.jsonl", "b/two")  # once more, as after a crash
    blobs.delete(["a/one.jsonl"])
    assert b"".join(blobs.open("b/two")) == text
    assert blobs.stat("b/two").content_type == "application/x-one"
    assert [found.key for found in blobs.list("")] == ["b/two"]


def test_what_is_not_there_cannot_be_copied(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        blobs.copy("a", "b")
    assert list(blobs.list("")) == []


def test_many_files_are_taken_at_once(blobs: Blobs, tmp_path: Path) -> None:
    files = {}
    for number in range(40):
        file = tmp_path / f"file-{number}"
        file.write_text(f"content {number}")
        files[f"rows/{number}/out.txt"] = file
    blobs.take(files)
    blobs.take({})
    assert {key: body(blobs, key).decode() for key in files} == {
        f"rows/{number}/out.txt": f"content {number}" for number in range(40)
    }
    assert list(tmp_path.glob("file-*")) == []


def test_a_file_that_cannot_be_taken_is_an_error(blobs: Blobs, tmp_path: Path) -> None:
    files = {f"rows/{number}": tmp_path / f"nowhere-{number}" for number in range(20)}
    with pytest.raises((BlobError, OSError)):
        blobs.take(files)


def test_an_empty_object(blobs: Blobs) -> None:
    assert blobs.put("empty", []).size_bytes == 0
    assert body(blobs, "empty") == b""
    assert list(blobs.open("empty", start=5)) == []


def test_stat(blobs: Blobs) -> None:
    blobs.put("k.jsonl", [b"abc"], content_type="application/jsonl")
    stat = blobs.stat("k.jsonl")
    assert (stat.key, stat.size_bytes, stat.content_type) == ("k.jsonl", 3, "application/jsonl")
    assert stat.modified_at.tzinfo is not None
    assert abs(datetime.now(UTC) - stat.modified_at) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/octet-stream", "x/y", "text/html; charset=utf-8"]
)
def test_the_last_content_type_holds(blobs: Blobs, content_type: str) -> None:
    blobs.put("k.png", [b"1"], content_type="image/webp")
    blobs.put("k.png", [b"2"], content_type=content_type)
    assert blobs.stat("k.png").content_type == content_type


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [(0, 4, b"0123"), (3, None, b"3456789"), (2, 5, b"234"), (8, 99, b"89"), (4, 4, b""),
     (10, None, b""), (50, 60, b""), (0, 0, b""), (0, 1, b"0"), (9, 10, b"9"), (10, 11, b""),
     (5, 2, b""), (0, 10, b"0123456789")],
)  # fmt: skip
def test_a_range(blobs: Blobs, start: int, stop: int | None, expected: bytes) -> None:
    blobs.put("digits", [b"0123456789"])
    assert b"".join(blobs.open("digits", start=start, stop=stop)) == expected


def test_missing_objects(blobs: Blobs) -> None:
    for attempt in (lambda: list(blobs.open("no")), lambda: blobs.stat("no")):
        with pytest.raises(BlobMissing, match="'no'") as caught:
            attempt()
        assert caught.value.key == "no"
    with pytest.raises(BlobMissing):
        blobs.open("no")  # at the call, not at the first byte
    with pytest.raises(BlobMissing):
        blobs.open("no", start=3, stop=3)


def test_if_match_follows_the_object(blobs: Blobs) -> None:
    blobs.put("m", [b"first"])
    etag = blobs.stat("m").etag
    assert b"".join(blobs.open("m", start=1, stop=3, if_match=etag)) == b"ir"
    blobs.put("m", [b"later"])
    assert blobs.stat("m").etag != etag
    for stop in (None, 3, 0):
        with pytest.raises(BlobChanged, match="changed"):
            list(blobs.open("m", stop=stop, if_match=etag))
    with pytest.raises(BlobChanged):
        list(blobs.open("m", start=2, if_match=etag))
    blobs.delete(["m"])
    with pytest.raises(BlobMissing):
        list(blobs.open("m", if_match=etag))


ODD_KEYS = [
    "a b.txt", "a+b", "%20", "%2e%2e/x", "a#b", "a?b=1&c=2", "ünï/日本 語.png", "e\u0301", "\u00e9",
    "it's \"quoted\"", "~a", "a;b:c@d,e=f!", ".hidden", "a/.b/..c", "dot./b.", "$HOME", "-",
    "[1]{2}(3)*|<4>", "a/" * 100 + "b", "ä" * 100, "😀",
]  # fmt: skip


def test_keys_are_taken_as_they_are(blobs: Blobs) -> None:
    for key in ODD_KEYS:
        blobs.put(key, [b"old"])
        blobs.put(key, [key.encode()], content_type="image/png")
    for key in ODD_KEYS:
        assert body(blobs, key) == key.encode()
        assert (blobs.stat(key).key, blobs.stat(key).content_type) == (key, "image/png")
        assert key in [stat.key for stat in blobs.list(key)]
    assert [stat.key for stat in blobs.list("")] == sorted(ODD_KEYS)
    blobs.delete(ODD_KEYS[1:])
    assert [stat.key for stat in blobs.list("")] == ODD_KEYS[:1]


def test_a_broken_stream_leaves_the_old_object(blobs: Blobs) -> None:
    def breaking(parts: int) -> Iterator[bytes]:
        yield from itertools.repeat(b"x" * PART_BYTES, parts)
        raise RuntimeError("the source broke")

    blobs.put("k", [b"old"])
    for parts in (0, 1, 3):
        for key in ("k", "new"):
            with pytest.raises(RuntimeError, match="broke"):
                blobs.put(key, breaking(parts))
    assert body(blobs, "k") == b"old"
    assert [stat.key for stat in blobs.list("")] == ["k"]
    assert unfinished(blobs) == []


def test_an_interrupt_leaves_nothing(blobs: Blobs) -> None:
    def interrupted() -> Iterator[bytes]:
        yield b"x" * (PART_BYTES + 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        blobs.put("k", interrupted())
    assert list(blobs.list("")) == []
    assert unfinished(blobs) == []


def unfinished(blobs: Blobs) -> list[str]:
    """Uploads that nobody will end: they cost money and no listing of objects shows them."""
    if not isinstance(blobs, S3Blobs):
        return []
    found = blobs._client.list_multipart_uploads(Bucket=blobs._bucket)
    return [upload["Key"] for upload in found.get("Uploads", ())]


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_large_objects_go_in_parts(blobs: Blobs, extra: int) -> None:
    size = 2 * PART_BYTES + extra
    data = (bytes(range(251)) * (size // 251 + 1))[:size]
    chunks = (data[at : at + 1_000_003] for at in range(0, size, 1_000_003))
    stored = blobs.put("large", chunks, content_type="image/png")
    assert (stored.size_bytes, stored.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert body(blobs, "large") == data
    assert blobs.stat("large").content_type == "image/png"
    middle = blobs.open("large", start=PART_BYTES - 3, stop=PART_BYTES + 3)
    assert b"".join(middle) == data[PART_BYTES - 3 : PART_BYTES + 3]


def test_listing_is_in_key_order_and_by_prefix(blobs: Blobs) -> None:
    keys = ["a", "b-c", "b/c", "b/c.d", "b/c0", "b.d/x", "bé", "c/d/e/f", "b/ünder", "b/z/1"]
    for key in keys:
        blobs.put(key, [key.encode()])
    assert [stat.key for stat in blobs.list("")] == sorted(keys)
    for prefix in ("b", "b/", "b/c", "c/d/", "c/d/e/f", "nothing", "b/z/1/2"):
        expected = sorted(key for key in keys if key.startswith(prefix))
        assert [stat.key for stat in blobs.list(prefix)] == expected, prefix
    assert [stat.size_bytes for stat in blobs.list("b/c")] == [3, 5, 4]


def test_listing_more_than_a_page(blobs: Blobs, request: pytest.FixtureRequest) -> None:
    if isinstance(blobs, S3Blobs):
        blobs._client = request.getfixturevalue("s3_server").client()
        blobs._client.meta.events.register(
            "before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=7)
        )
    keys = [f"many/{number:03}" for number in range(40)]
    for key in keys:
        blobs.put(key, [b""])
    assert [stat.key for stat in blobs.list("many/")] == keys


def test_delete(blobs: Blobs) -> None:
    for key in ("d/1", "d/2", "e"):
        blobs.put(key, [b"x"], content_type="text/plain")
    blobs.delete(key for key in ("d/1", "d/2", "never/was", "e/below"))
    assert [stat.key for stat in blobs.list("")] == ["e"]
    blobs.delete([])
    blobs.delete(["e"])
    assert list(blobs.list("")) == []


@pytest.mark.parametrize("key", ["../out", "a/../../out", "/etc/passwd", "a/..", "nul\0"])
def test_keys_that_leave_the_store(blobs: Blobs, key: str) -> None:
    with pytest.raises(BlobError, match="cannot be a key"):
        blobs.put(key, [b"x"])
    with pytest.raises(BlobError):
        list(blobs.open(key))
    with pytest.raises(BlobError):
        blobs.stat(key)
    with pytest.raises(BlobError):
        blobs.delete([key])


def test_readers_see_whole_objects_while_writers_replace_them(blobs: Blobs) -> None:
    size = 300_000
    blobs.put("hot", [b"0" * size])
    writers = [
        threading.Thread(target=lambda d=digit: [blobs.put("hot", [d * size]) for _ in range(8)])
        for digit in (b"1", b"2")
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        seen = body(blobs, "hot")
        assert len(seen) == size
        assert len(set(seen)) == 1
    for writer in writers:
        writer.join()


def test_whether_a_place_takes_objects_is_found_out_and_leaves_nothing(blobs: Blobs) -> None:
    blobs.check_writable("a/b/c.txt")
    assert list(blobs.list("")) == []
    assert unfinished(blobs) == []


def test_conditional_writes_are_probed_and_leave_nothing(blobs: Blobs) -> None:
    assert blobs.conditional_writes() is True
    assert list(blobs.list("")) == []


# --- only one of them ---------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path)


def test_disk_says_when_a_file_is_where_a_folder_should_be(disk: DiskBlobs) -> None:
    disk.put("a", [b"x"])
    with pytest.raises(BlobError, match="another key"):
        disk.put("a/b", [b"x"])
    disk.put("c/d", [b"x"])
    with pytest.raises(BlobError, match="another key"):
        disk.put("c", [b"x"])
    with pytest.raises(BlobMissing):
        disk.stat("c")
    disk.delete(["c", "c/d"])
    disk.put("c", [b"now free"])
    assert [stat.key for stat in disk.list("")] == ["a", "c"]


def test_disk_says_where_it_takes_nothing(disk: DiskBlobs) -> None:
    disk.put("a", [b"x"])
    with pytest.raises(BlobRefused, match="cannot be written to"):
        disk.check_writable("a/b/c")


def test_disk_copies_where_a_file_has_one_name(
    disk: DiskBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    disk.put("a", [b"one"])
    disk.copy("a", "b")
    assert b"".join(disk.open("b")) == b"one"
    assert not list((tmp_path / ".tmp").rglob("*"))


def test_disk_leaves_no_temporary_files(disk: DiskBlobs, tmp_path: Path) -> None:
    disk.put("a", [b"x"], content_type="x/y")
    with pytest.raises(BlobError):
        disk.put("a/b", [b"x"])
    assert list((tmp_path / ".tmp").iterdir()) == []
    for key in (".tmp/x", ".types/x"):
        with pytest.raises(BlobError, match="taken"):
            disk.put(key, [b"x"])


def test_disk_notices_an_editor(disk: DiskBlobs, tmp_path: Path) -> None:
    disk.put("m", [b"x" * 1_000_000])
    reading = disk.open("m", if_match=disk.stat("m").etag)
    next(reading)
    with (tmp_path / "m").open("r+b") as file:
        file.write(b"changed in place")
    with pytest.raises(BlobChanged):
        list(reading)


def test_disk_reads_on_in_the_old_object(disk: DiskBlobs) -> None:
    disk.put("m", [b"old" * 200_000])
    reading = disk.open("m", if_match=disk.stat("m").etag)
    first = next(reading)
    disk.put("m", [b"new" * 200_000])
    assert (first + b"".join(reading)) == b"old" * 200_000


def test_s3_names_a_missing_bucket(s3_server: S3Server) -> None:
    blobs = S3Blobs(s3_server.client(), "no-such-bucket")
    with pytest.raises(BlobRefused, match="there is no bucket 'no-such-bucket'"):
        blobs.put("a", [b"x"])
    with pytest.raises(BlobRefused, match="there is no bucket 'no-such-bucket'"):
        blobs.check_writable("a")
    with pytest.raises(BlobRefused):
        S3Blobs(s3_server.client(), "No Such Name!").check_writable("a")


def test_s3_that_nobody_answers_is_our_error() -> None:
    client = s3_client("http://127.0.0.1:9", access_key="a", secret_key="s3cret")
    with pytest.raises(BlobError, match="EndpointConnectionError") as caught:
        S3Blobs(client, "b").stat("a")
    assert "s3cret" not in str(caught.value)


@pytest.mark.real_s3
def test_s3_that_refuses_us_is_our_error(s3_server: S3Server) -> None:
    client = s3_client(s3_server.endpoint, access_key=s3_server.access_key, secret_key="wrong")
    with pytest.raises(BlobRefused, match="SignatureDoesNotMatch"):
        S3Blobs(client, "b").put("a", [b"x"])


@pytest.mark.real_s3
def test_s3_that_is_shut_says_so(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="shut")
    rule = {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:GetObject"]}
    rule["Resource"] = "arn:aws:s3:::shut/in/*"
    policy = {"Version": "2012-10-17", "Statement": [rule]}
    client.put_bucket_policy(Bucket="shut", Policy=json.dumps(policy))
    blobs = S3Blobs(client, "shut")
    blobs.check_writable("out/a")
    for attempt in (
        lambda: blobs.check_writable("in/a"),
        lambda: blobs.put("in/a", [b"x"]),
        lambda: blobs.put("in/a", [b"x" * (PART_BYTES + 1)]),
    ):
        with pytest.raises(BlobRefused, match="AccessDenied"):
            attempt()
    assert unfinished(blobs) == []


@pytest.mark.real_s3
@pytest.mark.parametrize("hours", [-1, 1])
def test_s3_that_does_not_like_our_clock_may_be_asked_again(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Nothing is wrong with the object or the rights: a batch must not be refused for it."""
    client = s3_server.client()
    bucket = f"test-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    blobs = S3Blobs(client, bucket)
    blobs.put("k", [b"abc"])
    wrong = lambda: datetime.now(UTC) + timedelta(hours=hours)  # noqa: E731
    monkeypatch.setattr("botocore.auth.get_current_datetime", wrong)
    for ask in (lambda: blobs.stat("k"), lambda: blobs.put("k", [b"x"]), lambda: body(blobs, "k")):
        with pytest.raises(BlobError, match="the clock of this host is wrong") as caught:
            ask()
        assert type(caught.value) is BlobError


@pytest.mark.real_s3
def test_s3_is_asked_again_when_our_clock_was_wrong_for_a_moment(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused HEAD gives no reason: by the time we look at the clock it may be right again."""
    client = s3_server.client()
    bucket = f"test-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    blobs = S3Blobs(client, bucket)
    blobs.put("k", [b"abc"])
    times = iter([datetime.now(UTC) + timedelta(hours=13)])
    monkeypatch.setattr(
        "botocore.auth.get_current_datetime", lambda: next(times, datetime.now(UTC))
    )
    assert blobs.stat("k").size_bytes == 3
    assert next(times, None) is None


def test_s3_takes_up_a_broken_download(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="broken")
    blobs = S3Blobs(client, "broken")
    data = bytes(range(250)) * 8000
    blobs.put("a", [data])
    whole = StreamingBody.iter_chunks
    opened: list[int] = []

    def breaking(body: StreamingBody, size: int) -> Iterator[bytes]:
        opened.append(1)
        for number, chunk in enumerate(whole(body, size)):
            if number == 2 and len(opened) < 4:
                raise ReadTimeoutError(endpoint_url="http://somewhere")
            yield chunk

    monkeypatch.setattr(StreamingBody, "iter_chunks", breaking)
    assert b"".join(blobs.open("a", start=7, stop=len(data) - 3)) == data[7:-3]
    assert len(opened) == 4


def test_s3_notices_another_object_when_it_takes_up_a_download(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="replaced")
    blobs = S3Blobs(client, "replaced")
    blobs.put("a", [bytes(2_000_000)])
    whole = StreamingBody.iter_chunks

    def breaking(body: StreamingBody, size: int) -> Iterator[bytes]:
        yield next(whole(body, size))
        blobs.put("a", [b"\1" * 2_000_000])
        raise ReadTimeoutError(endpoint_url="http://somewhere")

    monkeypatch.setattr(StreamingBody, "iter_chunks", breaking)
    with pytest.raises(BlobChanged):
        list(blobs.open("a"))


@pytest.mark.parametrize("call", ["UploadPart", "CompleteMultipartUpload"])
def test_s3_leaves_no_upload_when_a_part_of_it_fails(s3_server: S3Server, call: str) -> None:
    client = s3_server.client()
    bucket = f"parts-{call.lower()}"
    client.create_bucket(Bucket=bucket)
    blobs = S3Blobs(client, bucket)

    def failing(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://somewhere")

    client.meta.events.register(f"before-call.s3.{call}", failing)
    with pytest.raises(BlobError, match="EndpointConnectionError"):
        blobs.put("a", [b"x" * (2 * PART_BYTES)])
    assert list(blobs.list("")) == []
    assert unfinished(blobs) == []


@pytest.mark.parametrize(("size", "parts"), [(PART_BYTES, 0), (PART_BYTES + 1, 2)])
def test_s3_sends_parts_only_when_it_must(s3_server: S3Server, size: int, parts: int) -> None:
    client = s3_server.client()
    bucket = f"sizes-{size}"
    client.create_bucket(Bucket=bucket)
    S3Blobs(client, bucket).put("a", [b"x" * size])
    etag = client.head_object(Bucket=bucket, Key="a")["ETag"].strip('"')
    assert etag.partition("-")[2] == (str(parts) if parts else "")


def test_s3_lists_and_deletes_over_a_thousand_in_order(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="thousand")
    blobs = S3Blobs(client, "thousand", "in/")
    keys = [f"{number % 7}/{number}" for number in range(1003)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: blobs.put(key, [b""]), keys))
    client.put_object(Bucket="thousand", Key="in-another", Body=b"")
    assert [stat.key for stat in blobs.list("")] == sorted(keys)
    blobs.delete(stat.key for stat in blobs.list(""))
    assert list(blobs.list("")) == []
    assert client.list_objects_v2(Bucket="thousand")["KeyCount"] == 1


def test_s3_streams_in_bounded_memory(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="memory")
    blobs = S3Blobs(client, "memory")
    tracemalloc.start()
    try:
        blobs.put("a", itertools.repeat(b"x" * 1_000_000, 80))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * 1024 * 1024, f"{peak:,}"
    assert blobs.stat("a").size_bytes == 80_000_000
    blobs.delete(["a"])


def test_s3_keeps_the_sha256_of_small_objects(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.create_bucket(Bucket="sums")
    stored = S3Blobs(client, "sums").put("a", [b"abc"])
    assert client.head_object(Bucket="sums", Key="a")["Metadata"] == {"sha256": stored.sha256}
