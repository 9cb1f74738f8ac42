"""Only strings that are addresses of this batch's files become s3:// addresses."""

import json
from typing import Any

import pytest

from jobs.core.addresses import exported

API = "https://h:8471/penstock/v1/batches/batch_1/files/000000000064.2/70/"
THERE = "s3://b/mine/batch_1/"


def through(value: Any, *, step: int = 7) -> Any:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    text = line + b"\n" + line + b"\n"
    chunks = (text[at : at + step] for at in range(0, len(text), step))
    lines = b"".join(exported(chunks, "batch_1", THERE)).splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
    return json.loads(lines[0])


def test_addresses_of_files() -> None:
    given = {"output": [API + "a.png", {"b": API + "x%20%22%C3%A9%5B1%5D.png"}]}
    folder = f"{THERE}files/70/"
    assert through(given) == {"output": [folder + "a.png", {"b": folder + 'x "é[1].png'}]}


@pytest.mark.parametrize(
    "value",
    [
        f"see {API}a.png",
        f'"{API}a.png"',
        f"\\{API}a.png",
        API.replace("batch_1", "batch_2") + "a.png",
        API + "a/b.png",
        API,
        "/v1/batches/batch_1/files/000000000064.2/70/a.png",
        "ünchanged",
    ],
)
def test_other_strings(value: str) -> None:
    assert through({"output": value}) == {"output": value}


def test_the_last_line_may_end_without_its_end() -> None:
    assert b"".join(exported([b"a\nb", b"c"], "batch_1", THERE)) == b"a\nbc"
    assert b"".join(exported([], "batch_1", THERE)) == b""
