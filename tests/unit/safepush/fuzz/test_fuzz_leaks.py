"""What grows in a model's process, as a server tells it: found where it goes on, and only there."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from safepush.answers import Answer, Prediction, Usage
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.process import leaks
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task

MB = 1_000_000
SCHEMA = {
    "components": {
        "schemas": {
            "Input": {"properties": {"text": {"type": "string", "default": "a"}}},
            "Output": {"type": "string"},
        }
    }
}
Told = Callable[[str], Usage | None]


def fuzz(told: Told, budget: int = 40) -> Outcome:
    """What is found where the server tells this of the process after each prediction."""

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        text = inputs.get("text", "a")
        return Prediction(id="p", status="succeeded", output=text, took_s=0.01, usage=told(text))

    runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
    code = Source((("predict.py", ""),))
    task = Task(schema=SCHEMA, fields=fields_of(SCHEMA), source=code, budget=budget)
    return Campaign(task, runs).run()


def grown(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.rule, one.cause) for one in outcome.found if one.rule in leaks.RULES]


def memory(each_bytes: Callable[[int, str], float]) -> Told:
    """A process whose memory is so much after its n-th prediction, of this text."""
    count = itertools.count(1)
    return lambda text: Usage(host="h", memory_bytes=int(each_bytes(next(count), text)))


def kept_by_text(most: int) -> Callable[[int, str], float]:
    """One megabyte for each text, and the last few alone are kept."""
    seen: dict[str, None] = {}

    def size(n: int, text: str) -> float:
        seen.pop(text, None)
        seen[text] = None
        if len(seen) > most:
            del seen[next(iter(seen))]
        return MB * len(seen)

    return size


@pytest.mark.parametrize("budget", [20, 40])
def test_memory_that_grows_with_each_prediction_is_found(budget: int) -> None:
    outcome = fuzz(memory(lambda n, text: 50 * MB + n * 2 * MB), budget)

    assert grown(outcome) == [("fuzz-memory-growth", "memory, with the same inputs")]
    (one,) = outcome.found
    assert one.detail == (
        "each prediction with the same inputs adds 2.0 MB (over 28 of them in one process)"
    )


def test_memory_that_was_freed_before_hides_growth_for_a_while_only() -> None:
    """The first of a series use what others left, and what comes to an end then is let be."""

    def grows(each_bytes: Callable[[int, str], float]) -> bool:
        told = memory(each_bytes)

        def predict(inputs: Any, *, limit_s: float) -> Prediction:
            return Prediction(id="p", status="succeeded", output="a", took_s=0.01, usage=told("a"))

        runs = Runs(predict, lambda one: one.output, parallel=1, longest_s=60)
        return any(leaks.same(runs, {"text": "a"}).suspicions())

    assert grows(lambda n, text: 50 * MB + max(8, n) * 2 * MB)
    assert not grows(lambda n, text: 50 * MB + min(16, max(8, n)) * 2 * MB)


def test_memory_that_grows_with_each_new_input_is_found() -> None:
    outcome = fuzz(memory(kept_by_text(10**6)))

    assert grown(outcome) == [("fuzz-memory-growth", "memory, with new inputs each time")]


@pytest.mark.parametrize(
    "size",
    [
        lambda n, text: 90 * MB,
        lambda n, text: 90 * MB + 5 * MB * min(n, 9),  # warms up
        lambda n, text: 90 * MB + 5 * MB * (n % 7),  # until it is collected
        lambda n, text: 90 * MB + 9 * MB * (len(text) > 100),  # as the input is
        lambda n, text: 90 * MB + 1_000 * n,  # less than an allocator's habits
        kept_by_text(20),  # a cache with an end
    ],
)
def test_memory_that_comes_to_an_end_is_fine(size: Callable[[int, str], float]) -> None:
    assert grown(fuzz(memory(size))) == []


def test_files_that_are_left_each_time_are_found_and_the_same_file_is_not() -> None:
    count = itertools.count()
    each = fuzz(lambda text: Usage(host="h", temp_files=next(count) // 2 * 2, temp_bytes=10))
    once = fuzz(lambda text: Usage(host="h", temp_files=3, temp_bytes=MB))

    assert grown(each) == [("fuzz-temp-growth", "temporary files, with the same inputs")]
    assert grown(once) == []


def test_one_file_that_grows_is_found() -> None:
    count = itertools.count()
    outcome = fuzz(lambda text: Usage(host="h", temp_files=1, temp_bytes=MB * next(count)))

    assert grown(outcome) == [("fuzz-temp-growth", "temporary files, with the same inputs")]


@pytest.mark.parametrize(
    ("processes", "each_bytes", "found"), [(2, 0, 0), (2, MB, 1), (3, 0, 0), (9, MB, 0)]
)
def test_processes_are_not_mixed_up(processes: int, each_bytes: int, found: int) -> None:
    """Several take turns, one larger than the other; with too many of them nobody can tell."""
    count = itertools.count()

    def told(text: str) -> Usage:
        n, which = divmod(next(count), processes)
        return Usage(host=f"h{which}", memory_bytes=50 * MB + 40 * MB * which + each_bytes * n)

    outcome = fuzz(told)

    assert len(grown(outcome)) == found
    assert [note for note in outcome.notes if "not exercised" in note] == [
        "not exercised: growth of memory and of temporary files (no process was met often enough, "
        "or not all predictions succeeded)"
    ] * (processes == 9)


def test_a_server_that_does_not_tell_is_reported() -> None:
    (note,) = (note for note in fuzz(lambda text: None).notes if "growth" in note)

    assert note == (
        "not exercised: growth of memory and of temporary files (the server does not tell them)"
    )


@pytest.mark.parametrize(
    ("metrics", "usage"),
    [
        (
            {"host": "h", "memory_bytes": 7, "temp_files": 0},
            Usage(host="h", memory_bytes=7, temp_files=0),
        ),
        ({"host": "h", "memory_bytes": "7", "temp_bytes": True}, Usage(host="h")),
        ({"memory_bytes": 7}, None),
        ([], None),
        (None, None),
    ],
)
def test_usage_is_read_from_metrics(metrics: Any, usage: Usage | None) -> None:
    answer = Answer("GET p", {"id": "p", "status": "succeeded", "metrics": metrics})

    assert answer.prediction().usage == usage


def test_what_shared_a_pass_is_made_alone_too() -> None:
    """A server that tells of a process what was made alone; the flaw is in that code only."""
    calls: dict[str, int] = {}

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        text = inputs.get("text", "a")
        calls[text] = calls.get(text, 0) + 1
        alone = text == "a" or calls[text] > 1
        if alone and not text.isascii():
            return Prediction(id="p", status="failed", error="UnicodeEncodeError: no")
        usage = Usage(host="h", memory_bytes=MB) if alone else None
        return Prediction(id="p", status="succeeded", output=text, took_s=0.01, usage=usage)

    runs = Runs(predict, lambda one: one.output, parallel=4, longest_s=60)
    code = Source((("predict.py", ""),))
    task = Task(schema=SCHEMA, fields=fields_of(SCHEMA), source=code, budget=20)

    assert "fuzz-crash" in {one.rule for one in Campaign(task, runs).run().found}


def test_a_budget_below_a_series_says_that_growth_was_not_looked_at() -> None:
    outcome = fuzz(memory(lambda n, text: 50 * MB + n * 2 * MB), 8)

    assert grown(outcome) == []
    assert any("not exercised: growth of memory" in note for note in outcome.notes)
