"""Several processes say of a manifest what one alone says, whatever becomes of them."""

import json
import os
import random
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from jobs.core import manifest, typed
from jobs.core.checker import compile as compile_checker
from jobs.core.manifest import Problem
from jobs.core.snapshot import Block
from jobs.worker import checkers
from jobs.worker.checkers import ALONE_BYTES, Checkers
from tests.servers import tree
from tests.servers.penstock import until

SCHEMA: dict[str, Any] = {
    "components": {
        "schemas": {
            "Input": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": {"type": "string"}, "steps": {"type": "integer"}},
            }
        }
    }
}
NAMES = ("ann/hello",)
ROWS = 60_000  # some 4 MB


def row(number: int) -> bytes:
    given = {"text": f"some text number {number}", "steps": number}
    return json.dumps({"custom_id": f"row-{number}", "input": given}).encode()


def openai_row(number: int) -> bytes:
    body = {"model": "ann/hello", "input": {"text": f"some text number {number}"}}
    told = {"custom_id": f"row-{number}", "method": "POST", "url": "/v1/responses", "body": body}
    return json.dumps(told).encode()


def bad_row(number: int) -> bytes:
    return json.dumps({"custom_id": f"row-{number}", "input": {"text": number}}).encode()


def lines(*rows: bytes) -> bytes:
    return b"\n".join(rows) + b"\n"


PLAIN = lines(*map(row, range(ROWS)))
SHUFFLED = random.Random(1).sample(range(ROWS), ROWS)
MANIFESTS = {
    "plain": PLAIN,
    "without its last line end": PLAIN.rstrip(b"\n"),
    "with a byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "out of order": lines(*map(row, SHUFFLED)),
    "in OpenAI's form": lines(*map(openai_row, range(ROWS // 3))),
    "of both forms": lines(*map(row, range(ROWS // 2)), *map(openai_row, range(ROWS // 2, ROWS))),
    "some bad": lines(*(bad_row(at) if at % 9_999 == 0 else row(at) for at in range(ROWS))),
    "a long line": lines(*map(row, range(ROWS // 2)), b'"' + b"x" * 2**24, *map(row, range(100))),
    "many long lines": lines(*(row(at)[:-2] + b" " * 10**6 + b"}}" for at in range(20))),
    "not JSON at the end": PLAIN + b"{",
    "blank": (b" " * 100 + b"\n") * 30_000,
    "small": lines(row(1), row(2)),
    "empty": b"",
}


def told(text: bytes, each: Any = manifest.alone, *, gzip: bool = False) -> list[Any]:
    """What there is to say of a manifest; neighbouring blocks are one."""
    found: list[Any] = []
    chunks = (text[at : at + 2**20] for at in range(0, len(text), 2**20))
    judge = typed.judge(SCHEMA)
    assert judge is not None
    check = compile_checker(SCHEMA)
    for one in manifest.read(
        chunks, gzip=gzip, check=check, judge=judge, spellings=NAMES, each=each
    ):
        before = found[-1] if found else None
        if isinstance(one, Problem) or not isinstance(before, list):
            found.append(one if isinstance(one, Problem) else [one.line, *_parts(one)])
        else:
            ids, rows = _parts(one)
            before[1:] = [before[1] + ids, before[2] + rows]
    return found


def _parts(block: Block) -> tuple[list[str], bytes]:
    return block.ids.apart(), block.text


@pytest.fixture(scope="module")
def two() -> Iterator[Checkers]:
    """Two of them, which are there by now."""
    made = Checkers(2)
    warm(made)
    yield made
    made.close()


def warm(made: Checkers) -> None:
    """Use them until all have something to say."""

    def have_all() -> bool:
        told(PLAIN, made.of(SCHEMA, NAMES))
        return all(other._is_ready for other in made._free)

    until(have_all)


@pytest.mark.parametrize("name", MANIFESTS)
def test_they_say_what_one_alone_says(two: Checkers, name: str) -> None:
    text = MANIFESTS[name]
    assert told(text, two.of(SCHEMA, NAMES)) == told(text)


@pytest.mark.parametrize("end", [None, -20, 1_000])
def test_what_cannot_be_unpacked_comes_behind_what_could(two: Checkers, end: int | None) -> None:
    packer = zlib.compressobj(wbits=31)
    packed = (packer.compress(PLAIN) + packer.flush())[:end]
    assert told(packed, two.of(SCHEMA, NAMES), gzip=True) == told(packed, gzip=True)


def test_they_judge_by_the_rules_of_each_manifest(two: Checkers) -> None:
    other = json.loads(json.dumps(SCHEMA).replace('"text"', '"prompt"'))
    [problems] = {type(one) for one in told(PLAIN, two.of(SCHEMA, ()))} - {Problem}
    assert problems is list
    judge, check = typed.judge(other), compile_checker(other)
    entries = manifest.read([PLAIN], gzip=False, check=check, judge=judge, each=two.of(other, ()))
    assert all(isinstance(one, Problem) for one in entries)
    assert told(PLAIN, two.of(SCHEMA, NAMES)) == told(PLAIN)


def test_they_take_part(two: Checkers, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(two)
    mine: list[int] = []
    judging = manifest.judging

    def counted(*rules: Any) -> Any:
        judged = judging(*rules)
        return lambda text: (mine.append(len(text)), judged(text))[1]

    monkeypatch.setattr(manifest, "judging", counted)
    told(PLAIN, two.of(SCHEMA, NAMES))
    assert sum(mine) < len(PLAIN)


def test_a_small_manifest_starts_none() -> None:
    made = Checkers(2)
    told(PLAIN[: PLAIN.index(b"\n", ALONE_BYTES // 2) + 1], made.of(SCHEMA, NAMES))
    assert [other._process for other in made._free] == [None, None]
    assert Checkers(0).of(SCHEMA, NAMES) is manifest.alone


@pytest.mark.parametrize("which", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_is_ended_meanwhile_costs_nothing(which: signal.Signals) -> None:
    made = Checkers(1)
    warm(made)
    [other] = made._free
    process = other._process
    assert process is not None
    each, seen = made.of(SCHEMA, NAMES), 0

    def ended(blocks: Any, judged: Any) -> Any:
        nonlocal seen
        for one in each(blocks, judged):
            seen += 1
            if seen == 15:
                process.send_signal(which)
            yield one

    assert told(PLAIN, ended) == told(PLAIN)
    process.wait(10)
    warm(made)  # another takes its place
    made.close()


@pytest.mark.parametrize("fault", ["says nothing", "says nonsense"])
def test_one_that_does_not_answer_is_ended(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkers, "ANSWER_S", 0.3)
    made = Checkers(1)
    warm(made)
    [other] = made._free
    process = other._process
    assert process is not None
    assert process.stdin is not None
    if fault == "says nothing":
        process.send_signal(signal.SIGSTOP)
    else:
        os.write(process.stdin.fileno(), b"\0\0\0\1\0")  # which it cannot read
    assert told(PLAIN, made.of(SCHEMA, NAMES)) == told(PLAIN)
    assert process.wait(10) != 0
    made.close()


def test_a_manifest_that_is_given_up_leaves_no_answers_behind(two: Checkers) -> None:
    warm(two)
    chunks = (PLAIN[at : at + 2**20] for at in range(0, len(PLAIN), 2**20))
    judge, check = typed.judge(SCHEMA), compile_checker(SCHEMA)
    reading = manifest.read(chunks, gzip=False, check=check, judge=judge, each=two.of(SCHEMA, ()))
    for _ in range(12):
        next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert told(PLAIN, two.of(SCHEMA, NAMES)) == told(PLAIN)


def test_two_manifests_at_once_do_without_each_others(two: Checkers) -> None:
    first, second = two.of(SCHEMA, NAMES), two.of(SCHEMA, NAMES)

    def nested(blocks: Any, judged: Any) -> Any:
        for at, one in enumerate(first(blocks, judged)):
            if at == 12:
                assert told(PLAIN, second) == told(PLAIN)
            yield one

    assert told(PLAIN, nested) == told(PLAIN)


def test_they_end_with_whoever_started_them() -> None:
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.functional.test_checkers import *\n"
        "made = Checkers(1); warm(made); print('there', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "there\n"
    [child] = [pid for pid in tree.tree(parent.pid) if pid != parent.pid]
    with parent.stdout:
        parent.kill()
        parent.wait()
    until(lambda: not _runs(child))


def test_one_that_nobody_asks_goes() -> None:
    code = "from jobs.worker import checkers; checkers.IDLE_S = 0.2; checkers.main()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as idle:
        assert idle.wait(20) == 0


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
