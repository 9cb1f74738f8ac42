"""What becomes of rows whose model process is lost."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobs.core.errors import HostLost
from jobs.worker.rows import RowRunner
from tests.ports import stores


class Host:
    """Loses its process on some rows, as often as it is told to."""

    lot = 4
    pass_rows = 0

    def __init__(self, reason: str, losses: dict[str, int]) -> None:
        self.reason = reason
        self.losses = losses
        self.tries: list[str] = []

    def run(self, inputs: Sequence[Any], **options: Any) -> Iterator[list[str]]:
        """Each row as its own answer, a lot at a time."""
        for at in range(0, len(inputs), self.lot):
            some = list(inputs[at : at + self.lot])
            for row in some:
                self.tries.append(row)
                if self.losses.get(row):
                    self.losses[row] -= 1
                    raise HostLost(self.reason, "", "was killed")
            yield some


class Warm:
    """Has always the same host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @contextmanager
    def host(self, version: Any, *, first: bool = False) -> Iterator[Host]:
        """That one."""
        yield self._host

    def pass_rows(self, version: Any) -> int:
        """As the host says."""
        return self._host.pass_rows


def given(host: Host, rows: list[str], tmp_path: Path) -> list[object]:
    """What each row gives: itself, or the code of its error."""
    warm: Any = Warm(host)
    runner = RowRunner(warm, stores.a_version("ann/hello", "a" * 64), 1.0, tmp_path)
    lots: Any = runner.run(rows, bool)
    return [one for lot in lots for one in (lot if isinstance(lot, list) else codes(lot))]


def codes(lot: Any) -> list[object]:
    return [failure.code for failure in lot.failures.values()]


@pytest.mark.parametrize("rows", [["a"], ["a", "b", "c"]])
def test_a_process_that_is_killed_once_costs_no_row(tmp_path: Path, rows: list[str]) -> None:
    assert given(Host("crashed", {"a": 1}), rows, tmp_path) == rows


@pytest.mark.parametrize("rows", [["a"], ["a", "b", "c"]])
def test_a_row_that_ends_its_process_again_is_given_up(tmp_path: Path, rows: list[str]) -> None:
    host = Host("crashed", {"a": 9})
    assert given(host, rows, tmp_path) == ["worker_crashed", *rows[1:]]
    assert host.tries.count("a") == 2


def test_a_row_that_hangs_alone_is_not_waited_for_twice(tmp_path: Path) -> None:
    host = Host("timeout", {"a": 9})
    assert given(host, ["a"], tmp_path) == ["timeout"]
    assert host.tries == ["a"]
