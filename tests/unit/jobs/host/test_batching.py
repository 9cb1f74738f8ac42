"""Items share passes where they may, and one bad item costs one item."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.host import batching
from jobs.host.batching import Batcher, WrongNumber
from jobs.host.pace import Pace


class Model:
    """Doubles `x`; remembers the passes; fails by choice."""

    def __init__(self, room: int = 10**6) -> None:
        self.passes: list[list[dict[str, Any]]] = []
        self.room = room

    def __call__(self, inputs: list[dict[str, Any]]) -> list[Any]:
        self.passes.append(inputs)
        if len(inputs) > self.room:
            raise MemoryError
        if any(item.get("bad") for item in inputs):
            raise ValueError("a bad item")
        return [item["x"] * 2 for item in inputs]


def run(batcher: Batcher, items: list[dict[str, Any]]) -> list[Any]:
    found = {number: output for number, output, _ in batcher(items)}
    assert sorted(found) == list(range(len(items)))
    return [found[number] for number in range(len(items))]


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 64))
def test_exactly_the_bad_items_fail(bad: list[bool], size: int) -> None:
    items = [{"x": number, "bad": flag} for number, flag in enumerate(bad)]
    batcher = Batcher(Model())
    batcher.pace.size = size
    for number, output in enumerate(run(batcher, items)):
        if bad[number]:
            assert isinstance(output, ValueError)
        else:
            assert output == number * 2


def test_a_bad_item_costs_a_few_passes_not_one_for_each() -> None:
    model = Model()
    batcher = Batcher(model, most=64)
    batcher.pace.size = 64
    run(batcher, [{"x": number, "bad": number == 17} for number in range(64)])
    assert len(model.passes) <= 2 * 6 + 1


def test_only_like_items_share_a_pass() -> None:
    model = Model()
    batcher = Batcher(model, batchable=["x"])
    batcher.pace.size = 8
    items = [{"x": n, "steps": n % 3, "tags": ["a"] * (n % 2)} for n in range(24)]
    assert run(batcher, items) == [n * 2 for n in range(24)]
    assert len(model.passes) == 6
    for one in model.passes:
        assert len({(item["steps"], len(item["tags"])) for item in one}) == 1


def test_items_of_like_length_are_neighbours() -> None:
    model = Model()
    batcher = Batcher(model)
    batcher.pace.told(4, 4)
    run(batcher, [{"x": 0, "text": "w" * (n * 7 % 16)} for n in range(16)])
    spans = [[len(item["text"]) for item in one] for one in model.passes]
    assert spans == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]


def test_out_of_memory_halves_and_is_remembered() -> None:
    model = Model(room=5)
    batcher = Batcher(model)
    batcher.pace.size = 16
    assert run(batcher, [{"x": n} for n in range(40)]) == [n * 2 for n in range(40)]
    assert batcher.pace.size == 4
    assert [len(one) for one in model.passes[:4]] == [16, 8, 4, 4]
    assert max(len(one) for one in model.passes[5:]) == 4


def test_an_item_too_large_by_itself_fails_alone() -> None:
    model = Model(room=0)
    [output] = run(Batcher(model), [{"x": 1}])
    assert isinstance(output, MemoryError)


def test_another_number_of_outputs_is_an_error_of_the_item() -> None:
    [output] = run(Batcher(lambda inputs: []), [{"x": 1}])
    assert isinstance(output, WrongNumber)
    assert "0 outputs for 1 inputs" in str(output)


@pytest.mark.parametrize(
    ("cost", "most", "expected"),
    [
        (lambda n: 1.0, 64, 64),  # a pass costs the same however large: as large as it may be
        (lambda n: float(n), 64, 1),  # nothing is gained: one at a time
        (lambda n: max(8.0, n), 64, 8),  # gains end at eight
        (lambda n: 1.0, 1, 1),
    ],
)
def test_the_size_is_found_by_doubling(cost: Any, most: int, expected: int) -> None:
    pace = Pace(most)
    for _ in range(40):
        pace.measured(pace.size, cost(pace.size))
    assert pace.size == expected


def test_passes_of_another_size_say_nothing() -> None:
    pace = Pace()
    for _ in range(10):
        pace.measured(3, 1.0)
    assert pace.size == 1


def test_items_that_get_quicker_do_not_move_the_size() -> None:
    """As sorted texts do, from the beginning of each lot to its end."""
    pace, sizes = Pace(256), []
    for number in range(4000):
        pace.measured(pace.size, pace.size * 0.985 ** (number % 64))
        sizes.append(pace.size)
    assert sorted(sizes)[len(sizes) // 2] == 1
    assert max(sizes[500:]) <= 4


def settled(pace: Pace, cost: Any, passes: int = 40) -> int:
    for _ in range(passes):
        pace.measured(pace.size, cost(pace.size))
    return pace.size


def test_one_size_that_is_slow_does_not_end_the_search() -> None:
    """A bend at two, as convolutions have it, or a moment in which the machine was busy."""
    assert settled(Pace(64), lambda n: 3.0 if n == 2 else 1.0) == 64


def test_sizes_are_compared_as_if_their_texts_were_of_one_length() -> None:
    """Short texts come first: each larger pass has longer ones, and fewer rows per second."""
    pace = Pace(64)
    for width in (1.5**number for number in range(40)):
        pace.measured(pace.size, width * (pace.size + 8), width)
    assert pace.size == 64


def test_a_size_found_in_a_bad_moment_is_left_again() -> None:
    pace = Pace(16)
    assert settled(pace, lambda n: float(n)) == 1
    assert settled(pace, lambda n: 1.0, 1000) == 16


def test_a_size_that_ran_out_of_memory_is_not_tried_again() -> None:
    pace = Pace(64)
    settled(pace, lambda n: 1.0, 6)
    pace.too_many(8)
    sizes = set()
    for _ in range(500):
        pace.measured(pace.size, 1.0)
        sizes.add(pace.size)
    assert max(sizes) == 4


def test_a_host_begins_where_the_one_before_it_ended() -> None:
    pace = Pace(64)
    pace.told(16, 0)
    assert pace.size == pace.found == 16
    assert settled(pace, lambda n: 1.0, 100) == 64  # and its neighbours are tried
    pace.told(16, 0)
    assert pace.size == 64


def test_what_brought_a_host_down_is_not_tried_again() -> None:
    pace, sizes = Pace(64), set()
    for _ in range(300):
        pace.told(64, 8)
        sizes.add(pace.size)
        pace.measured(pace.size, 1.0)
    assert sizes == {4, 8}


def test_a_size_that_was_told_is_halved_when_memory_runs_out() -> None:
    model = Model(room=5)
    batcher = Batcher(model)
    batcher.pace.told(16, 0)
    assert run(batcher, [{"x": n} for n in range(40)]) == [n * 2 for n in range(40)]
    assert batcher.pace.found == 4


class Texts:
    """A clock, and a model whose passes are as wide as their longest text.

    The machine may let it wait, for `waits` times as long as it computes.
    """

    def __init__(self, cost_s: Callable[[int, int], float]) -> None:
        """`cost_s`: of a pass of so many items, so wide."""
        self.cost_s = cost_s
        self.now_s = self.waited_s = 0.0
        self.waits = 0.0

    def perf_counter(self) -> float:
        return self.now_s

    def __call__(self, inputs: list[dict[str, Any]]) -> list[Any]:
        took_s = self.cost_s(len(inputs), max(len(item["text"]) for item in inputs))
        self.waited_s += self.waits * took_s
        self.now_s += (1 + self.waits) * took_s
        return inputs

    def batcher(self, monkeypatch: pytest.MonkeyPatch) -> Batcher:
        """What runs it, by its clock."""
        monkeypatch.setattr(batching, "time", self)
        monkeypatch.setattr(batching, "waited_s", lambda: self.waited_s)
        return Batcher(self)


def encoder_s(items: int, width: int) -> float:
    return 0.003 + 1e-5 * items * width


def generator_s(items: int, width: int) -> float:
    """Of a T5 on a CPU: much for a pass, little for the text; some sizes it does not like."""
    return (0.085 + items * (0.0042 + 1.7e-5 * width)) * (1.35 if 3 <= items <= 11 else 1)


def lengths_of(chance: random.Random, count: int) -> list[int]:
    """Of so many texts, most of them short."""
    return [int(chance.lognormvariate(5, 0.9)) for _ in range(count)]


def texts(lengths: list[int]) -> list[dict[str, Any]]:
    return [{"text": "x" * length} for length in lengths]


def test_padding_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """In lots of few texts the larger pass does more, and most of that for nothing."""
    model, chance = Texts(encoder_s), random.Random(1)
    batcher = model.batcher(monkeypatch)
    lots = [lengths_of(chance, 80) for _ in range(60)]
    for lot in lots:
        run(batcher, texts(lot))
    best_s = min(by_hand_s(encoder_s, lots, size) for size in (1, 2, 4, 8, 16))
    assert model.now_s < 1.25 * best_s


@pytest.mark.parametrize("seed", [2, 8, 13])
def test_a_long_text_alone_is_not_quick_for_its_length(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass that costs much by itself costs it for one long text or for many short ones."""
    model, lengths = Texts(generator_s), lengths_of(random.Random(seed), 300)
    batcher, at = model.batcher(monkeypatch), 0
    while at < len(lengths):  # two passes at a time, as workers give them
        lot = lengths[at : at + 2 * batcher.pace.size]
        run(batcher, texts(lot))
        at += len(lot)
    in_their_order = [lengths[at : at + 32] for at in range(0, 300, 32)]
    assert model.now_s < 1.1 * by_hand_s(generator_s, in_their_order, 32)


def test_one_long_text_does_not_make_all_others_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Texts(generator_s)
    batcher = model.batcher(monkeypatch)
    for _ in range(9):
        run(batcher, texts([100] * 63 + [5000]))
    assert batcher.pace.size > 8
    before_s = model.now_s
    run(batcher, texts([100] * 63 + [5000]))
    assert model.now_s - before_s < generator_s(64, 5000) / 4


def test_a_wait_for_the_machine_is_not_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others come just as the size grows; it would seem to be slower for that."""
    model = Texts(lambda items, width: 1.0)
    batcher = model.batcher(monkeypatch)
    run(batcher, texts([1] * 21))
    assert batcher.pace.size > 4
    model.waits = 30.0
    run(batcher, texts([1] * 4096))
    assert batcher.pace.size == 1024


def test_plain_gains_are_taken_in_few_passes() -> None:
    pace, sizes = Pace(256), []
    for _ in range(5):
        sizes.append(pace.size)
        pace.measured(pace.size, 1.0)
    assert sizes == [1, 4, 16, 64, 256]


def by_hand_s(cost_s: Callable[[int, int], float], lots: list[list[int]], size: int) -> float:
    """What all lots cost in passes of one size."""
    model = Texts(cost_s)
    for lot in map(sorted, lots):
        for at in range(0, len(lot), size):
            model(texts(lot[at : at + size]))
    return model.now_s
