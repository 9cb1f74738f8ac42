"""What differs from one process to the next: when it is looked for, and what it is told as."""

import ast
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from safepush.fuzz.code import orders
from safepush.fuzz.code.source import Source
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_campaign import TEXT, Bench, Model, fuzz

LOOSE = "def predict(text): return list(set(text.split()))"


def source_of(text: str) -> Source:
    return Source((("predict.py", text),), (ast.parse(text),))


@pytest.mark.parametrize(
    ("code", "loose"),
    [
        (LOOSE, True),
        ("tags = {word for word in words}\nfor tag in tags: print(tag)", True),
        ("bucket = hash(text) % 8", True),
        ("' '.join({'a', 'b'} | {'c'})", True),
        ("def predict(text): return sorted(set(text.split()))", False),
        ("def predict(text): return len({*text})", False),
        ("def predict(mode): return mode in {'fast', 'slow'}", False),
        ("def predict(text): return list(dict.fromkeys(text.split()))", False),
    ],
)
def test_code_that_may_depend_on_the_process_is_seen(code: str, loose: bool) -> None:
    assert orders.depends_on_process(source_of(code)) is loose


class Elsewhere:
    """Another process, and how often it was asked for."""

    def __init__(self, model: Model) -> None:
        self.bench = Bench(model)
        self.begun = 0

    @contextmanager
    def __call__(self) -> Iterator[Runs]:
        self.begun += 1
        yield Runs(self.bench.predict, lambda one: one.output, parallel=1, longest_s=60)


def found(
    here: Model, there: Elsewhere | None, code: str = LOOSE, **task: Any
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """(rule, cause) of each finding, and the notes."""
    more = {} if there is None else {"elsewhere": there}
    inputs = {"text": {**TEXT, "default": "one two three"}}
    outcome, _ = fuzz(here, inputs, source=source_of(code), **more, **task)
    return [(one.rule, one.cause) for one in outcome.found], tuple(outcome.notes)


def forwards(text: str = "one two three") -> str:
    return " ".join(text.split())


def backwards(text: str = "one two three") -> str:
    return " ".join(reversed(text.split()))


def test_another_output_in_another_process_is_a_finding() -> None:
    there = Elsewhere(backwards)

    told, _ = found(forwards, there)

    assert told == [("fuzz-nondeterministic", "another output in another process")]
    assert there.begun == 1


def test_the_same_output_is_none_and_one_process_is_all_it_takes() -> None:
    there = Elsewhere(forwards)

    told, notes = found(forwards, there)

    assert (told, there.begun) == ([], 1)
    assert not any("process" in note for note in notes)
    assert 2 <= len(there.bench.inputs) <= 14


def test_where_the_code_has_no_reason_to_nobody_looks() -> None:
    there = Elsewhere(backwards)

    told, _ = found(forwards, there, code="def predict(text): return text")
    small, _ = found(forwards, there, budget=10)

    assert (told, small, there.begun) == ([], [], 0)


def test_what_is_of_two_minds_there_by_itself_is_not_told_as_the_process() -> None:
    turn = itertools.count()
    there = Elsewhere(lambda text="one two": f"{text} {next(turn)}")

    told, _ = found(forwards, there)

    assert told == []


def test_a_server_without_another_process_is_told() -> None:
    _, notes = found(forwards, None)

    assert "not exercised: what differs from one process to the next" in notes


def test_what_the_first_prediction_of_a_process_fixes_shows_where_another_was_first() -> None:
    def fresh() -> Model:
        kept: dict[str, int] = {}

        def model(text: str = "one two three") -> str:
            return f"{len(text) / max(1, kept.setdefault('whole', len(text))):.3f}"

        return model

    code = """
class Predictor:
    def predict(self, text):
        if not hasattr(self, "whole"):
            self.whole = len(text)
        return len(text) / self.whole
"""
    told, _ = found(fresh(), Elsewhere(fresh()), code=code)

    assert told == [("fuzz-nondeterministic", "another output in another process")]
