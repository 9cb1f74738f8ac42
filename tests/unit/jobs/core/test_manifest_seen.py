"""Repeated ids are found, in line order, however many went to disk."""

import random
from pathlib import Path

import pytest

from jobs.core.seen import SeenIds


def test_duplicates_name_line_and_first_line(tmp_path: Path) -> None:
    seen = SeenIds(tmp_path)
    seen.add("ab", 1)
    seen.add("cab", 3)
    seen.add("da", 6)
    assert list(seen.duplicates()) == [(4, 1), (5, 2), (7, 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("repeats", [0, 1, 5000])
def test_many_ids_go_to_disk(tmp_path: Path, repeats: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.core.seen._HELD", 2**16)
    seen, count = SeenIds(tmp_path), 200_000
    for line in range(1, count + 1, 1000):
        seen.add([f"id-{number}" for number in range(line, line + 1000)], line)
    again = sorted(random.Random(1).sample(range(1, count), repeats))
    seen.add([f"id-{first}" for first in again], count + 1)
    assert len(list(tmp_path.iterdir())) == 256
    assert list(seen.duplicates()) == list(enumerate(again, start=count + 1))
    seen.close()
    assert list(tmp_path.iterdir()) == []
