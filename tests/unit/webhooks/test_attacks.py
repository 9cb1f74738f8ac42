"""Each attack comes to what is expected of it.

With WEBHOOK_ATTACKS_TABLE=FILE what was expected and what came is written there as a table.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.webhooks import attacks
from tests.unit.webhooks.attacks import ATTACKS, Attack


@pytest.fixture(scope="module")
def came() -> Iterator[list[tuple[str, str, str, str]]]:
    """What came of each, in the order of the tests."""
    rows: list[tuple[str, str, str, str]] = []
    yield rows
    place = os.environ.get("WEBHOOK_ATTACKS_TABLE")
    if place:
        Path(place).write_text(attacks.markdown(rows), encoding="utf-8")


def test_there_are_attacks_of_every_kind_and_each_once() -> None:
    assert len({(one.group, one.what) for one in ATTACKS}) == len(ATTACKS) >= 150
    kinds = Counter(one.group for one in ATTACKS)
    assert set(kinds) == {
        "timestamp", "secret", "signature", "headers", "body",
        "replay", "oracle", "keys", "ed25519", "flood", "address",
    }  # fmt: skip


def test_the_page_says_how_many() -> None:
    page = (Path(__file__).parents[3] / "docs" / "04-webhooks.md").read_text(encoding="utf-8")
    assert f"What becomes of {len(ATTACKS)} attacks" in page


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: f"{one.group}: {one.what}")
def test_an_attack_comes_to_what_is_expected(
    came: list[tuple[str, str, str, str]], attack: Attack
) -> None:
    got = attack.attempt()
    came.append((attack.group, attack.what, attack.expected, got))
    assert got == attack.expected
