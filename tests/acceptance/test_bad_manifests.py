"""Each kind of bad manifest, through a real server: named by line and field, and nothing runs.

With BAD_MANIFESTS_TABLE=FILE the messages that the server gave are written there as a table.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance import bad_manifests
from tests.acceptance.bad_manifests import GOOD, KINDS, Kind, problems, row
from tests.servers.penstock import Penstock

MODEL = "demo/many-inputs"
BUNDLE = Path(__file__).parents[1] / "models" / "many-inputs"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    started = Penstock(tmp_path_factory.mktemp("bad-manifests"))
    started.start()
    done = started.cli("push", str(BUNDLE), MODEL)
    assert done.returncode == 0, done.stderr
    yield started
    started.stop()


@pytest.fixture(scope="module")
def told() -> Iterator[list[tuple[str, str, str]]]:
    """What the server said, in the order of the tests."""
    rows: list[tuple[str, str, str]] = []
    yield rows
    place = os.environ.get("BAD_MANIFESTS_TABLE")
    if place:
        Path(place).write_text(bad_manifests.markdown(rows))


def submitted(server: Penstock, content: bytes, name: str = "rows.jsonl") -> dict[str, Any]:
    """The batch of these bytes, once it has ended."""
    file = server.call("POST", "/v1/files", files={"content": (name, content)})
    body = {"model": MODEL, "input_file_id": file["id"]}
    return server.ended(server.call("POST", "/v1/batches", json=body)["id"], 90)


def shards(server: Penstock, batch: str) -> int:
    """How many shards were ever cut of a batch, by the database itself."""
    connection = sqlite3.connect(server.data / "penstock.db")
    try:
        query = "select count(*) from shards where batch = ?"
        return int(connection.execute(query, (batch,)).fetchone()[0])
    finally:
        connection.close()


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 50
    assert len({kind.what for kind in KINDS}) == len(KINDS)
    assert len({told[3] for kind in KINDS for told in kind.told}) >= 30


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)
def test_a_bad_manifest_is_refused_with_its_place_and_nothing_runs(
    server: Penstock, told: list[tuple[str, str, str]], kind: Kind
) -> None:
    batch = submitted(server, kind.content, kind.name)

    assert batch["status"] == "failed"
    assert batch["errors"]["data"] == problems(kind)
    text = server.call("GET", f"/v1/batches/{batch['id']}/results/validation-errors.jsonl")
    assert [json.loads(line) for line in text.splitlines()] == problems(kind)
    assert shards(server, batch["id"]) == 0
    assert batch["request_counts"]["total"] == 0
    assert (batch["output_file_id"], batch["error_file_id"]) == (None, None)
    first = batch["errors"]["data"][0]
    told.append((kind.what, first["code"], first["message"]))


@pytest.mark.parametrize(
    ("what", "fields", "code", "detail"),
    [
        (
            "a manifest in a bucket that was not granted",
            {"input_url": "s3://other/rows.jsonl"},
            "forbidden",
            "this token may not use s3://other/…;"
            " grant it with `penstock token create --bucket`",
        ),
        (
            "a manifest's address with ..",
            {"input_url": "s3://bucket/../rows.jsonl"},
            "forbidden",
            "'..' is not allowed in an s3:// address",
        ),
        (
            "a manifest on the web",
            {"input_url": "https://example.com/rows.jsonl"},
            "invalid_request",
            "must be an s3://bucket/key address",
        ),
        (
            "a manifest that was never uploaded",
            {"input_file_id": "file_00"},
            "not_found",
            "there is no file 'file_00'",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_when_it_is_submitted(
    server: Penstock,
    told: list[tuple[str, str, str]],
    what: str,
    fields: dict[str, Any],
    code: str,
    detail: str,
) -> None:
    token = (server.data / "token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    body = {"model": MODEL} | fields
    answer = httpx.post(f"{server.url}/v1/batches", json=body, headers=headers)

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["detail"]) == (code, detail)
    told.append((what, code, detail))


def test_the_first_hundred_problems_are_on_the_batch_and_all_in_the_file(
    server: Penstock,
) -> None:
    # 3,000 bad lines among 6,000, in the file's order, those of other kinds among them
    lines = [row(f"r{n}", steps=0) if n % 2 else row(f"r{n}") for n in range(6000)]
    lines[4000] = row("r0")
    lines[5998] = b"oops"

    batch = submitted(server, b"\n".join(lines))

    text = server.call("GET", f"/v1/batches/{batch['id']}/results/validation-errors.jsonl")
    found = [json.loads(line) for line in text.splitlines()]
    assert len(found) == 3002
    assert batch["errors"]["data"] == found[:100]
    assert [one["line"] for one in found] == sorted(one["line"] for one in found)
    codes = {one["line"]: one["code"] for one in found}
    assert (codes[4001], codes[5999]) == ("duplicate_custom_id", "invalid_json")
    assert codes[2] == codes[6000] == "too_small"


def test_every_problem_of_a_line_is_told(server: Penstock) -> None:
    line = row(7, steps=0, size="medium", extra=1)

    batch = submitted(server, line)

    codes = [one["code"] for one in batch["errors"]["data"]]
    assert codes == ["invalid_custom_id", "too_small", "not_a_choice", "unknown_field"]


def test_an_input_s_value_is_never_repeated(server: Penstock) -> None:
    secret = "sk-do-not-print"
    lines = [
        row("a", steps=secret),
        row("b", size=secret),
        row("c", code=secret),
        row("d", image=f"ftp://{secret}"),
        row("e", scale=[secret]),
        f'{{"custom_id": "f", "input": {{"prompt": "{secret}'.encode(),
    ]

    batch = submitted(server, b"\n".join(lines))

    assert len(batch["errors"]["data"]) == len(lines)
    assert secret not in json.dumps(batch)
    assert secret not in Path(server.log.name).read_text()


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not-ended"])
def test_a_good_manifest_runs_whatever_its_line_ends(
    server: Penstock, end: bytes, last: bool
) -> None:
    content = end.join([GOOD, row("b", code="XYZ", tags=["x"], image="data:,hi")])

    batch = submitted(server, content + (end if last else b""))

    assert batch["status"] == "completed"
    assert batch["request_counts"]["completed"] == 2
    assert shards(server, batch["id"]) == 1
