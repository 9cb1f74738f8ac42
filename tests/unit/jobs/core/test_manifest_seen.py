"""Repeated ids are found, in line order, however many went to disk."""

import random
from pathlib import Path

import pytest

from jobs.core.seen import Ids, SeenIds


def test_duplicates_name_line_and_first_line(tmp_path: Path) -> None:
    seen = SeenIds(tmp_path)
    seen.add(Ids.of("ab"), 1)
    seen.add(Ids.of("cab"), 3)
    seen.add(Ids.of("da"), 6)
    assert list(seen.duplicates()) == [(4, 1), (5, 2), (7, 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("repeats", [0, 1, 5000])
def test_many_ids_go_to_disk(tmp_path: Path, repeats: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.core.seen._HELD", 2**16)
    seen, count = SeenIds(tmp_path), 200_000
    for line in range(1, count + 1, 1000):
        seen.add(Ids.of([f"id-{number}" for number in range(line, line + 1000)]), line)
    again = sorted(random.Random(1).sample(range(1, count), repeats))
    if again:
        seen.add(Ids.of([f"id-{first}" for first in again]), count + 1)
    assert len(list(tmp_path.iterdir())) == 256
    assert list(seen.duplicates()) == list(enumerate(again, start=count + 1))
    seen.close()
    assert list(tmp_path.iterdir()) == []


def found(folder: Path, *runs: list[str]) -> list[tuple[int, int]]:
    """(line, first line) of each repeat among runs that follow each other."""
    seen, line = SeenIds(folder), 1
    for ids in runs:
        seen.add(Ids.of(ids), line)
        line += len(ids)
    return list(seen.duplicates())


def test_ids_in_order_are_never_repeats(tmp_path: Path) -> None:
    assert found(tmp_path, ["a-8", "a-9", "a-10"], ["a-11", "b-10"], ["é-100"]) == []
    assert found(tmp_path, ["9"], ["10"]) == []


@pytest.mark.parametrize(("held", "letters"), [(3, 99), (99, 3), (99, 99)])
def test_a_repeat_is_found_wherever_order_ends(
    tmp_path: Path, held: int, letters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.core.seen._HELD", held)
    monkeypatch.setattr("jobs.core.seen._HELD_LETTERS", letters)
    cases = {
        "neighbours": ([["a", "a"]], [(2, 1)]),
        "neighbours in two runs": ([["a", "b"], ["b", "c"]], [(3, 2)]),
        "later": ([["a-9", "a-10", "a-11"], ["a-9"], ["z-99"]], [(4, 1)]),
        "within a run": ([["a-9", "a-10", "a-9", "a-12"], ["a-10", "a-7"]], [(3, 1), (5, 2)]),
        "after a shorter one": ([["aa", "b", "c"], ["aa"]], [(4, 1)]),
        "after a longer one": ([["b", "aa", "c"], ["dd", "aa"]], [(5, 2)]),
    }
    for number, (runs, repeats) in enumerate(cases.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert found(folder, *runs) == repeats
