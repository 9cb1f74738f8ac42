"""What becomes of rows whose model process is lost."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobs.core.errors import HostLost
from jobs.core.lot import Lot
from jobs.core.prediction import Failed
from jobs.worker import room
from jobs.worker.rows import RowRunner
from jobs.worker.sizes import Sizes
from tests.ports import stores


class Host:
    """Loses its process on some rows, as often as it is told to."""

    lot = 4
    pass_rows = found_rows = 0
    at_once = 1

    def __init__(self, reason: str, losses: dict[str, int]) -> None:
        self.reason = reason
        self.losses = losses
        self.tries: list[str] = []

    def run(self, inputs: Sequence[Any], **options: Any) -> Iterator[Lot]:
        """Each row as its own answer, a lot at a time."""
        for at in range(0, len(inputs), self.lot):
            some = list(inputs[at : at + self.lot])
            for row in some:
                self.tries.append(row)
                if self.losses.get(row):
                    self.losses[row] -= 1
                    raise HostLost(self.reason, "", "was killed")
            yield Lot([row.encode() for row in some], [b"0.0"] * len(some))


class Warm:
    """Has always the same host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.sizes = Sizes()

    @contextmanager
    def host(self, version: Any, *, first: bool = False, of: str = "") -> Iterator[Host]:
        """That one."""
        yield self._host

    def check_room(self) -> None:
        """There is room."""

    def pass_rows(self, version: Any) -> int:
        """As the host says."""
        return self._host.pass_rows


def told(host: Host, rows: list[str], tmp_path: Path, warm: Any = None) -> list[str]:
    """What each row gives, in order: its output, or the code of its error."""
    version = stores.a_version("ann/hello", "a" * 64)
    runner = RowRunner(warm or Warm(host), version, 1.0, tmp_path)
    results = [one for lot in runner.run(rows, bool) for one in lot]
    return [one.code if isinstance(one, Failed) else bytes(one.output).decode() for one in results]


@pytest.mark.parametrize("rows", [["a"], ["a", "b", "c"]])
def test_a_process_that_is_killed_once_costs_no_row(tmp_path: Path, rows: list[str]) -> None:
    assert told(Host("crashed", {"a": 1}), rows, tmp_path) == rows


@pytest.mark.parametrize("rows", [["a"], ["a", "b", "c"]])
def test_a_row_that_ends_its_process_again_is_given_up(tmp_path: Path, rows: list[str]) -> None:
    host = Host("crashed", {"a": 9})
    assert told(host, rows, tmp_path) == ["worker_crashed", *rows[1:]]
    assert host.tries.count("a") == 2


@pytest.mark.parametrize("rows", [["a"], ["a", "b", "c"]])
def test_a_process_that_is_killed_twice_costs_no_row(tmp_path: Path, rows: list[str]) -> None:
    assert told(Host("killed", {"a": 2}), rows, tmp_path) == rows


def test_a_row_whose_process_is_killed_each_time_is_given_up(tmp_path: Path) -> None:
    host = Host("killed", {"a": 9})
    assert told(host, ["a", "b"], tmp_path) == ["worker_crashed", "b"]
    assert host.tries.count("a") == 3


def test_a_row_that_hangs_alone_is_not_waited_for_twice(tmp_path: Path) -> None:
    host = Host("timeout", {"a": 9})
    assert told(host, ["a"], tmp_path) == ["timeout"]
    assert host.tries == ["a"]


def held_after(host: Host, rows: list[str], tmp_path: Path) -> int:
    """The most rows of a pass once these have run."""
    warm = Warm(host)
    told(host, rows, tmp_path, warm)
    return warm.sizes.of(stores.a_version("ann/hello", "a" * 64).id).most


def test_rows_that_do_no_harm_alone_were_too_many(tmp_path: Path) -> None:
    rows = ["a", "b", "c", "d"]
    assert held_after(Host("crashed", {"c": 1}), rows, tmp_path) == 1
    assert held_after(Host("memory", {"c": 1}), rows, tmp_path) == 1


@pytest.mark.parametrize(
    ("reason", "losses", "rows"),
    [
        ("crashed", 9, ["a", "b", "c", "d"]),  # it was the row
        ("killed", 2, ["a", "b", "c", "d"]),  # perhaps
        ("timeout", 1, ["a", "b", "c", "d"]),  # it took long
        ("crashed", 1, ["a"]),  # it was alone
    ],
)
def test_how_many_rows_there_were_is_not_always_to_blame(
    reason: str, losses: int, rows: list[str], tmp_path: Path
) -> None:
    assert held_after(Host(reason, {"a": losses}), rows, tmp_path) == 0


class Crowded(Host):
    """Finds no room on the disk for some rows, as often as it is told to."""

    def run(self, inputs: Sequence[Any], **options: Any) -> Iterator[Lot]:
        """Each row as its own answer, a lot at a time."""
        for at in range(0, len(inputs), self.lot):
            some = list(inputs[at : at + self.lot])
            self.tries += some
            failures = {}
            for place, row in enumerate(some):
                if self.losses.get(row):
                    self.losses[row] -= 1
                    failures[place] = Failed("disk_full", "no room")
            yield Lot([row.encode() for row in some], [b"0.0"] * len(some), "", failures)


def test_who_found_the_disk_full_is_tried_again_once_there_is_room(tmp_path: Path) -> None:
    rows = ["a", "b", "c", "d", "e"]
    host = Crowded("", {"b": 1, "c": 2})
    assert told(host, rows, tmp_path) == rows
    assert host.tries.count("a") == 1  # it had its answer


def test_a_row_that_fills_the_disk_itself_is_given_up(tmp_path: Path) -> None:
    host = Crowded("", {"b": 9})
    assert told(host, ["a", "b", "c"], tmp_path) == ["a", "disk_full", "c"]


@pytest.mark.parametrize("rows", [["b"], ["a", "b", "c"]])
def test_while_the_disk_is_full_no_row_is_to_blame(tmp_path: Path, rows: list[str]) -> None:
    class Full(Warm):
        def check_room(self) -> None:
            raise OSError(28, "No space left on device")

    host = Crowded("", {"b": 2})
    with pytest.raises(OSError, match="No space"):
        told(host, rows, tmp_path, Full(host))


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    assert not room.is_full(tmp_path / "not" / "there" / "yet")
    assert room.is_full(Path("/proc"))  # a file system of no size


class Fed(Host):
    """Asks for more rows as soon as it has sent those that it was given."""

    def run(self, inputs: Sequence[Any], **options: Any) -> Iterator[Lot]:
        """As it does, and then those that came meanwhile."""
        more = options.pop("more")
        while inputs:
            further = more()
            yield from super().run(inputs)
            inputs = further


@pytest.mark.parametrize("losses", [{}, {"a": 1}, {"d": 1}, {"g": 9}])
def test_rows_that_come_later_are_run_too_whatever_becomes_of_the_process(
    tmp_path: Path, losses: dict[str, int]
) -> None:
    host = Fed("crashed", dict(losses))
    warm: Any = Warm(host)
    runner = RowRunner(warm, stores.a_version("ann/hello", "a" * 64), 1.0, tmp_path)
    pieces = iter([["d", "e"], ["f", "g", "h", "i", "j"]])
    lots = runner.run(["a", "b", "c"], bool, lambda: next(pieces, []))
    results = [one for lot in lots for one in lot]
    told = ["!" if isinstance(one, Failed) else bytes(one.output).decode() for one in results]
    assert told == [row if losses.get(row, 0) < 9 else "!" for row in "abcdefghij"]
