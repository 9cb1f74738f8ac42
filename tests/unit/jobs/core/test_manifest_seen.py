"""Repeated ids are found, in line order, however many went to disk."""

import random
from pathlib import Path

import pytest

from jobs.core.seen import SeenIds


def test_duplicates_name_line_and_first_line(tmp_path: Path) -> None:
    seen = SeenIds(tmp_path)
    for line, id in enumerate("abcabda", start=1):
        seen.add(id, line)
    assert list(seen.duplicates()) == [(4, 1), (5, 2), (7, 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("repeats", [0, 1, 5000])
def test_many_ids_go_to_disk(tmp_path: Path, repeats: int) -> None:
    seen, count = SeenIds(tmp_path), 300_000
    for line in range(1, count + 1):
        seen.add(f"id-{line}", line)
    again = sorted(random.Random(1).sample(range(1, count), repeats))
    for line, first in enumerate(again, start=count + 1):
        seen.add(f"id-{first}", line)
    assert len(list(tmp_path.iterdir())) == 256
    assert list(seen.duplicates()) == list(enumerate(again, start=count + 1))
    seen.close()
    assert list(tmp_path.iterdir()) == []
