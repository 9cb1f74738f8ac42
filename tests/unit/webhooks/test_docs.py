"""The programs in docs/04-webhooks.md do what the page says."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from webhooks import new_secret
from webhooks.deliveries import RETRY_AFTER_CAP_S, SCHEDULE
from webhooks.handoff import ATTEMPTS, MOST_S, backoff_s
from webhooks.signing import MAX_SIGNATURES, TOLERANCE_S
from webhooks.testing import signed_request

PAGE = (Path(__file__).parents[3] / "docs" / "04-webhooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
BATCH = {"type": "batch.completed", "data": {"id": "batch_1", "request_counts": {"total": 3}}}


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    secret = new_secret()
    monkeypatch.chdir(tmp_path)
    for name in ("PENSTOCK_WEBHOOK_SECRET", "NEW_SECRET", "OLD_SECRET"):
        monkeypatch.setenv(name, secret)
    return secret


def run(block: str, names: dict[str, Any]) -> dict[str, Any]:
    exec(compile(block, "docs/04-webhooks.md", "exec"), names)
    return names


def block(word: str) -> str:
    (found,) = [one for one in BLOCKS if word in one]
    return found


def test_the_first_program_receives(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = BLOCKS[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 10
    names = run(first, {"__name__": "app"})
    run(block("shape="), names)
    run(block("receiver.verified"), names)
    client = names["app"].test_client()
    assert client.post("/hook", **signed_request(secret, BATCH)).status_code == 200
    assert capsys.readouterr().out == "batch_1 {'total': 3}\nbatch_1\n"
    own = client.post("/own/hook", **signed_request(secret, BATCH, id="evt_2"))
    assert own.json == {"thanks for": "batch.completed"}
    run(block("def test_a_batch_is_noted"), names)["test_a_batch_is_noted"](client)


@pytest.mark.parametrize("word", ["until=datetime", "SQLiteReplay", "ThreadHandOff", "Verifier("])
def test_the_other_programs_run(secret: str, word: str) -> None:
    names = run(block(word), run(BLOCKS[0], {"__name__": "app"}))
    if word == "Verifier(":
        asked = signed_request(secret, BATCH)
        assert names["receive"](asked["headers"], asked["data"]).type == "batch.completed"
        assert time.time() > 0


def test_no_program_is_left_out() -> None:
    assert len(BLOCKS) == 8


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    units = {"s": 1, "min": 60, "h": 3600}
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| after another")]
    cells = [cell.split() for cell in row.strip("| ").split(" | ")[1:]]
    assert tuple(int(number) * units[unit] for number, unit in cells) == SCHEDULE
    hours, minutes = divmod(sum(SCHEDULE) // 60, 60)
    assert f"{hours} h {minutes + 1 if sum(SCHEDULE) % 60 else minutes} min" in PAGE
    assert f"up to {RETRY_AFTER_CAP_S / 3600:.0f} hours" in PAGE
    assert f"at most {MAX_SIGNATURES} signatures" in PAGE
    assert f"`tolerance_s` ({TOLERANCE_S})" in PAGE
    assert f"{ATTEMPTS} times over 2 hours" in PAGE
    assert 1.5 * 3600 < sum(backoff_s(n) for n in range(1, ATTEMPTS)) < 3 * 3600
    assert MOST_S < 3600
