"""What is drawn where there is nothing left to draw from."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from safepush.fuzz.relations.greedy import Greedy
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_rows import held

WORDS = ("sea", "boat", "dawn", "lamp", "road", "tree")
SEED = {"type": "integer", "minimum": 0, "maximum": 999, "default": 0}
TOP_K = {"type": "integer", "minimum": 1, "maximum": len(WORDS), "default": 4}
HEAT = {"type": "number", "minimum": 0, "maximum": 2, "default": 1}
LIKELIEST = "Only the this many likeliest words are ever chosen."


def drawn(top_k: int, temperature: float, seed: int) -> list[str]:
    dice = random.Random(seed)
    if temperature == 0:
        return [WORDS[0]] * 12
    weights = [1 / (1 + at / temperature) for at in range(top_k)]
    return dice.choices(WORDS[:top_k], weights, k=12)


def told(top_k: int, temperature: float, seed: int) -> str:
    return " ".join(drawn(top_k, temperature, seed))


def heedless(top_k: int, temperature: float, seed: int) -> str:
    return told(len(WORDS), temperature, seed)


def one_more(top_k: int, temperature: float, seed: int) -> str:
    return told(min(top_k + 1, len(WORDS)), temperature, seed)


def never_cold(top_k: int, temperature: float, seed: int) -> str:
    return told(top_k, max(temperature, 0.5), seed)


def with_an_opening(top_k: int, temperature: float, seed: int) -> str:
    """The seed has something else to choose as well."""
    return f"{WORDS[seed % len(WORDS)]}: {told(top_k, temperature, seed)}"


def causes(
    model: Callable[..., Any], top_k: str = LIKELIEST, seed: str = "", heat: str | None = "Heat."
) -> list[str]:
    def predict(top_k: int = 4, temperature: float = 1, seed: int = 0) -> Any:
        return model(top_k, temperature, seed)

    properties: dict[str, Any] = {"top_k": {**TOP_K, "description": top_k}}
    if heat is not None:
        properties["temperature"] = {**HEAT, "description": heat}
    return held(Greedy, predict, {**properties, "seed": {**SEED, "description": seed}})


TOLD = "the output is another one with another seed, though 'top_k' is 1"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("With 1 the text is the same for every seed.", True),
        ("1 is greedy.", True),
        ("Words to choose from; deterministic at 1.", True),
        ("With one, the seed makes no difference.", True),
        ("Words to choose from.", False),
        ("From 1 to 6, lower is greedy.", False),
        ("1 is more deterministic than 6.", False),
        ("With 1 it is the same for every seed, unless the first word is left open.", False),
        ("10 is greedy.", False),
        ("Greedy search takes the best one.", False),
        ("With 1 it is not deterministic either.", False),
    ],
)
@pytest.mark.parametrize("model", [heedless, one_more])
def test_a_seed_that_matters_though_it_is_told_not_to_is_found(
    model: Callable[..., Any], said: str, found: bool
) -> None:
    assert causes(model, said, heat=None) == [TOLD] * found


@pytest.mark.parametrize(
    ("seed", "heat", "model", "found"),
    [
        ("Makes no difference: with top_k 1 the seed has no effect.", None, heedless, TOLD),
        ("With top_k 1 the seed has no effect.", None, told, None),
        (
            "With temperature 0, no matter: the same for all seeds.",
            "How daring.",
            never_cold,
            TOLD.replace("top_k", "temperature").replace("1", "0"),
        ),
        ("With temperature 0, the same for all seeds.", "How daring.", told, None),
        ("What is drawn.", "Between 0 and 2; lower is more deterministic.", never_cold, None),
    ],
)
def test_the_seed_itself_may_tell_so(
    seed: str, heat: str | None, model: Callable[..., Any], found: str | None
) -> None:
    assert causes(model, "", seed, heat) == ([] if found is None else [found])


def test_a_seed_that_does_not_matter_where_it_is_told_is_sound() -> None:
    said = "With 1 the text is the same for every seed."

    assert causes(told, said) == []
    assert causes(lambda *sent: {"text": told(*sent), "seed": sent[-1]}, said) == []
    assert causes(lambda *sent: f"{told(*sent)} (seed {sent[-1]})", said) == []


@pytest.mark.parametrize(
    ("model", "count"),
    [
        (heedless, 1),
        (one_more, 1),
        (told, 0),
        (with_an_opening, 0),
        (lambda top_k, temperature, seed: f"{told(top_k, 1, seed)} at {temperature}", 0),
        (lambda top_k, temperature, seed: told(4, 1, seed), 0),  # of neither anything comes
        (lambda top_k, temperature, seed: [seed * temperature, top_k], 1),
        (lambda top_k, temperature, seed: {"a": heedless(top_k, temperature, seed), "b": "x"}, 0),
    ],
)
def test_where_nothing_is_told_only_what_is_daring_tells(
    model: Callable[..., Any], count: int
) -> None:
    at_one = "'temperature' and the seed change the output, though 'top_k' is 1"
    assert [one for one in causes(model) if one == at_one] == [at_one] * count


@pytest.mark.parametrize(
    ("top_k", "count"),
    [
        (LIKELIEST, 1),
        ("How many of the rows come out.", 0),
        ("The likeliest ones are drawn from, except the first.", 0),
    ],
)
def test_a_temperature_of_nothing_at_which_more_to_draw_from_matters_is_found(
    top_k: str, count: int
) -> None:
    found = "'top_k' and the seed change the output, though 'temperature' is 0"
    assert causes(never_cold, top_k) == [found] * count


def test_what_differs_by_itself_is_no_matter_of_the_seed() -> None:
    dice = random.Random(1)

    def model(top_k: int, temperature: float, seed: int) -> str:
        return told(len(WORDS), temperature, dice.randrange(99))

    assert causes(model, "With 1 the text is the same for every seed.") == []


@pytest.mark.parametrize("sound", [True, False])
def test_a_whole_run_asks_for_it(sound: bool) -> None:
    def model(top_k: int = 4, temperature: float = 1, seed: int = 0) -> str:
        return (told if sound else heedless)(top_k, temperature, seed)

    top_k = {**TOP_K, "description": "With 1 the text is the same for every seed."}
    inputs = {"top_k": top_k, "temperature": HEAT, "seed": SEED}
    outcome, _ = fuzz(model, inputs, budget=100)

    assert (TOLD in [one.cause for one in outcome.found]) is not sound
