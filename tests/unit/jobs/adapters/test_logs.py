"""Log lines for people and for machines."""

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from jobs.adapters import logs
from jobs.core import context

log = logging.getLogger("jobs.test")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level, threading.excepthook = handlers, level, hook
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


Said = pytest.CaptureFixture[str]


def lines(said: Said) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.readouterr().err.splitlines()]


def test_a_line_of_json_says_when_who_what_and_about_what(capsys: Said) -> None:
    logs.configure("json", "info", "worker")
    with context.entered({"batch": "batch_1", "shard": 64}, None):
        log.info("it took %d s", 3, extra={"more": True})
    log.warning("two\nlines")
    first, second = lines(capsys)
    assert first.pop("time").startswith("20")
    assert first == {
        "level": "INFO",
        "logger": "jobs.test",
        "message": "it took 3 s",
        "role": "worker",
        "batch": "batch_1",
        "shard": 64,
        "more": True,
    }
    assert second["message"] == "two\nlines"
    assert "batch" not in second


def test_an_error_is_one_line_too(capsys: Said) -> None:
    logs.configure("json", "warning", "api")
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        log.exception("it failed")
    [line] = lines(capsys)
    assert "ZeroDivisionError" in line["error"]
    assert line["level"] == "ERROR"


def test_a_thread_that_dies_says_so_in_a_line(capsys: Said) -> None:
    logs.configure("json", "warning", "api")
    thread = threading.Thread(target=lambda: 1 / 0, name="some")
    thread.start()
    thread.join()
    [line] = lines(capsys)
    assert (line["level"], line["message"]) == ("CRITICAL", "the thread some died")
    assert "ZeroDivisionError" in line["error"]


def test_text_is_as_it_was_with_what_it_is_about_behind(capsys: Said) -> None:
    logs.configure("text", "warning", "worker")
    log.warning("plain")
    log.info("not asked for")
    with context.entered({"batch": "batch_1"}, None):
        log.warning("failed", extra={"id": "x"})
    assert capsys.readouterr().err.splitlines() == [
        "WARNING jobs.test: plain",
        "WARNING jobs.test: failed [id=x batch=batch_1]",
    ]


def test_others_are_heard_from_warning_on(capsys: Said) -> None:
    logs.configure("text", "info", "worker")
    logging.getLogger("somebody").info("chatter")
    log.info("ours")
    assert capsys.readouterr().err == "INFO jobs.test: ours\n"
