"""A deployment's names and bounds, what is wanted, and what a step back leads to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.core.deployment import (
    Demand,
    Release,
    bounds,
    check_name,
    check_ref,
    earlier,
    hardware,
    shards_left,
)
from jobs.core.errors import BadRequest, NotFound

AT = datetime(2026, 1, 1, tzinfo=UTC)


def releases(*versions: str) -> list[Release]:
    """Newest first, as the store gives them, from the order in which they were made."""
    of = {"deployment": "ann/x", "model": "ann/m", "created_at": AT, "created_by": "t"}
    made = [Release(number=n, version=v, **of) for n, v in enumerate(versions, start=1)]  # type: ignore[arg-type]
    return made[::-1]


@pytest.mark.parametrize(
    ("made", "back"),
    [("A", None), ("AAA", None), ("AB", "A"), ("ABB", "A"), ("ABCB", "A"), ("ABA", None)],
)
def test_a_step_back_leads_to_the_version_before(made: str, back: str | None) -> None:
    found = earlier(releases(*made))
    assert (found.version if found else None) == back


@pytest.mark.parametrize(
    ("least", "most", "waiting", "running", "wanted"),
    [(0, 3, 0, 0, 0), (1, 3, 0, 0, 1), (0, 3, 1, 1, 2), (0, 3, 9, 9, 3), (0, 0, 5, 0, 0)],
)
def test_one_instance_for_each_piece_of_work_within_the_bounds(
    least: int, most: int, waiting: int, running: int, wanted: int
) -> None:
    of = {"deployment": "ann/x", "model": "ann/m", "version": "v", "hardware": None}
    demand = Demand(least=least, most=most, waiting=waiting, running=running, **of)  # type: ignore[arg-type]
    assert demand.wanted == wanted


def test_rows_are_counted_in_shards() -> None:
    assert shards_left(0, 1.0) == 0
    assert shards_left(1_000, None) == 1
    assert shards_left(10, 0.001) == 1
    assert shards_left(100, 1.0) == 4


@pytest.mark.parametrize("name", ["greeter", "ann/greeter"])
def test_a_name_is_its_owners(name: str) -> None:
    assert check_name("ann", name) == "ann/greeter"


@pytest.mark.parametrize("name", [None, 5, "", "A", "a b", "bob/greeter", "x" * 101, "a/b/c"])
def test_a_name_that_is_none(name: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        check_name("ann", name)
    assert caught.value.field == "name"


def test_another_owners_is_not_found() -> None:
    assert check_ref("ann", "ann/x") == "ann/x"
    with pytest.raises(NotFound):
        check_ref("ann", "bob/x")
    for ref in (None, 5, "x", "ann/\n"):
        with pytest.raises(BadRequest):
            check_ref("ann", ref)


def test_bounds_that_cannot_be() -> None:
    assert bounds({"min_instances": 1}, 0, 1) == (1, 1)
    for given, field in (
        ({"min_instances": 2}, "min_instances"),
        ({"max_instances": -1}, "max_instances"),
        ({"max_instances": True}, "max_instances"),
        ({"max_instances": "1"}, "max_instances"),
        ({"min_instances": 1001}, "min_instances"),
    ):
        with pytest.raises(BadRequest) as caught:
            bounds(given, 0, 1)
        assert caught.value.field == field


def test_cpu_is_whatever_there_is() -> None:
    assert hardware("cpu") is None
    assert hardware("a100") == "a100"
    with pytest.raises(BadRequest):
        hardware("No Class")
