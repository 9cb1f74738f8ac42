"""Whole numbers that go round at the most of an input."""

from collections.abc import Callable
from typing import Any

import pytest

from safepush.fuzz.relations import overflows
from safepush.fuzz.relations.overflows import Overflows
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_rows import held

PRICE = {"type": "integer", "minimum": 0, "maximum": 100_000_000, "default": 100}
COUNT = {"type": "integer", "minimum": 1, "maximum": 600, "default": 24}


def signed(value: int, bits: int = 32) -> int:
    return (value + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)


def causes(
    model: Callable[[int, int], Any],
    price: Any = PRICE,
    count: Any = COUNT,
    code: str = "",
    name: str = "price",
) -> list[str]:
    def predict(**sent: int) -> Any:
        return model(sent.get(name, price["default"]), sent.get("count", count["default"]))

    return held(Overflows, predict, {name: price, "count": count}, code)


def told(name: str, bits: int, beside: str = "") -> str:
    end = f"goes round at its most{beside}, as if kept in {bits} bits"
    return f"a number that grows with {name!r} {end}"


@pytest.mark.parametrize(
    ("model", "bits"),
    [
        (lambda price, count: signed(price * count), 32),
        (lambda price, count: 5 * price * count % 2**32, 32),
        (lambda price, count: {"final": signed(price * count), "count": count}, 32),
        (lambda price, count: [signed(price * at) for at in range(count)], 32),
        (lambda price, count: signed(price + count, 16), 16),
        (lambda price, count: price * count, None),
        (lambda price, count: {"final": price * count / 7}, None),
        (lambda price, count: min(price * count, 2**31 - 1), None),
        (lambda price, count: min(price, 2**16 - 1), None),
        (lambda price, count: max(-(2**31), -price * count), None),
        (lambda price, count: price * count - 2**16 * (price > 10_000), None),
        (lambda price, count: price * 2**16 if price < 500 else 0, None),
        (lambda price, count: 7 if price == 102 else signed(price, 16), None),  # no line
        (lambda price, count: price * count if price < 500 else price * count * 9 // 10, None),
    ],
)
def test_a_number_that_goes_round_is_found(
    model: Callable[[int, int], Any], bits: int | None
) -> None:
    assert causes(model) == ([] if bits is None else [told("price", bits)])


@pytest.mark.parametrize("width", [16, 32])
def test_a_limit_that_is_a_whole_number_of_rounds_away_is_let_be(width: int) -> None:
    price = {**PRICE, "maximum": 2 ** (width + 4) - 1}

    assert causes(lambda price, count: min(price, 2**width - 1), price) == []
    assert causes(lambda price, count: price % 2**width, price) == [told("price", width)]


@pytest.mark.parametrize("found", [True, False])
def test_all_at_their_most_may_be_too_much_where_each_alone_is_not(found: bool) -> None:
    price, count = {**PRICE, "maximum": 10_000_000}, {**COUNT, "maximum": 5000, "default": 2}

    def model(price: int, count: int) -> int:
        return signed(price * count) if found else price * count

    made = causes(model, price, count)

    assert made == [told("price", 32, " beside the most of others")] * found


def test_a_number_without_a_sign_has_room_for_twice_as_much() -> None:
    count = {**COUNT, "maximum": 42}  # 4,200,000,000 fits, and no sign beside it

    assert causes(lambda price, count: price * count % 2**32, count=count) == []
    assert len(causes(lambda price, count: signed(price * count), count=count)) == 1


def test_a_sum_may_be_too_much_where_each_part_alone_is_not() -> None:
    most = {**PRICE, "maximum": 1_500_000_000}

    assert len(causes(lambda price, count: signed(price + count), most, most)) == 1
    assert causes(lambda price, count: price + count, most, most) == []


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("seed", "", ""),
        ("price", "The result is taken modulo 65536.", ""),
        ("price", "Wraps round like the registers of old machines.", ""),
        ("hash_of", "", ""),
        ("price", "", "def predict(price):\n    return price * 31 & 0xFFFF"),
        ("price", "", "MASK = (1 << 32) - 1\ndef predict(price):\n    return price & MASK"),
        ("price", "", "M: int = 2**32\nclass A:\n    def predict(self, x):\n        x %= M"),
        ("price", "", 'def predict(x):\n    """A checksum of it."""'),
    ],
)
def test_what_is_to_go_round_is_let_be(name: str, said: str, code: str) -> None:
    def model(price: int, count: int) -> int:
        return signed(price * count)

    assert causes(model, {**PRICE, "description": said}, code=code, name=name) == []


def test_other_remainders_in_the_code_are_no_reason() -> None:
    code = "LIMIT = 65536\ndef predict(price):\n    return '%d' % (price % 12)"

    assert causes(lambda price, count: signed(price * count), code=code) == [told("price", 32)]


def test_what_fails_at_its_most_is_not_made_with_all_at_their_most() -> None:
    sent = []

    def model(price: int, count: int) -> int:
        sent.append((price, count))
        if price > 1000:
            raise ValueError("too large for now")
        return price + count

    assert causes(model) == []
    assert (PRICE["maximum"], COUNT["maximum"]) not in sent


@pytest.mark.parametrize("slow", [True, False])
def test_nor_is_what_is_slow(slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overflows, "SHORT_S", -1.0 if slow else 60.0)
    sent = []

    def model(price: int, count: int) -> int:
        sent.append((price, count))
        return price + count

    assert causes(model) == []
    assert ((PRICE["maximum"], COUNT["maximum"]) in sent) is not slow


@pytest.mark.parametrize("sound", [True, False])
def test_a_whole_run_asks_for_it(sound: bool) -> None:
    def model(price: int = 100, count: int = 24) -> int:
        return price * count if sound else signed(price * count)

    integer = {"type": "integer"}
    outcome, _ = fuzz(model, {"price": PRICE, "count": COUNT}, output=integer, budget=100)

    assert [one.cause for one in outcome.found] == [told("price", 32)] * (not sound)
