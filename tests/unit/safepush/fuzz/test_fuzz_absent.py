"""A text that ends the output, and never comes."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from safepush.fuzz.relations.absent import Absent
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_rows import held

TALE = "The boat left the harbour before dawn. By nightfall all were home, and the lamps were lit."
SAID = "The tale ends right before this text."


def cut(stop: str) -> str:
    return TALE.split(stop)[0] if stop else TALE


def cut_where_it_is(stop: str) -> str:
    """-1 of a text that is not there is the last letter."""
    return TALE[: TALE.find(stop)] if stop else TALE


def with_held_back(stop: str, *, flushed: bool) -> list[str]:
    sent, held_back = [], ""
    for word in re.findall(r"\S+\s*", TALE):
        held_back += word
        at = held_back.find(stop) if stop else -1
        if at >= 0:
            return [*sent, held_back[:at]]
        safe = max(0, len(held_back) - max(0, len(stop) - 1))
        sent.append(held_back[:safe])
        held_back = held_back[safe:]
    return [*sent, held_back] if flushed else sent


def with_the_beginning_held_back(stop: str) -> str:
    """What the tale ends with may be how the stop begins."""
    whole = cut(stop)
    longest = max((n for n in range(len(stop)) if whole.endswith(stop[:n])), default=0)
    return whole[: len(whole) - longest] if whole == TALE else whole


def causes(
    model: Callable[[str], Any], name: str = "stop", said: str = SAID, default: Any = ""
) -> list[str]:
    shape = {"type": "string", "default": default, "description": said}
    return held(Absent, lambda **sent: model(sent.get(name) or ""), {name: shape})


TOLD = "a text in 'stop' that never comes cuts the output"


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (lambda stop: with_held_back(stop, flushed=False), True),
        (cut_where_it_is, True),
        (with_the_beginning_held_back, True),
        (lambda stop: {"text": cut_where_it_is(stop), "stopped": bool(stop)}, True),
        (lambda stop: with_held_back(stop, flushed=True), False),
        (cut, False),
        (lambda stop: cut(stop).rstrip(), False),
        (lambda stop: f"{cut(stop)}\n", False),
        (lambda stop: cut(stop) if stop else TALE.replace(" ", "  "), False),
        (lambda stop: cut_where_it_is(stop) if stop else TALE.replace(" ", "  "), True),
        (lambda stop: [f"{cut(stop)}\n"] if stop else [TALE, "\n"], False),
        # by default it ends somewhere, and a text of one's own is there instead
        (lambda stop: cut(stop or "By"), False),
        # no text that ends it: the words are left out, or it is an hour
        (lambda stop: TALE.replace(stop, "") if stop else TALE.replace("the ", ""), False),
        (lambda stop: TALE if stop <= "m" else TALE[:20], False),
    ],
)
def test_an_end_that_never_comes_and_cuts_is_found(
    model: Callable[[str], Any], found: bool
) -> None:
    assert causes(model) == [TOLD] * found


@pytest.mark.parametrize(
    ("name", "said", "default", "found"),
    [
        ("stop_sequence", "Where to end.", "", True),
        ("until_text", "", "", True),
        ("end_token", "", "", True),
        ("until", "Ends before this phrase.", "", True),
        ("stop", "Name of the place at which the trip is over.", "", False),
        ("prefix", SAID, "", False),
        ("stop", SAID, "home", False),
        ("stop", "The text to stop at. If it is not there, nothing comes.", "", False),
        ("stop", "The text to stop at. One that never comes is refused.", "", False),
    ],
)
def test_names_and_words_tell_of_an_end(name: str, said: str, default: Any, found: bool) -> None:
    assert bool(causes(cut_where_it_is, name, said, default)) is found


@pytest.mark.parametrize("found", [True, False])
def test_each_of_several_ends_is_one(found: bool) -> None:
    def model(stop_words: Any = None) -> str:
        ends = [TALE.find(one) for one in stop_words or ()]
        reached = ends if found else [at for at in ends if at >= 0]
        return TALE[: min(reached)] if reached else TALE

    shape = {"type": "array", "items": {"type": "string"}, "default": [], "description": "Ends it."}

    assert bool(held(Absent, model, {"stop_words": shape})) is found


def test_an_output_that_is_another_one_by_now_says_nothing_of_an_end() -> None:
    lost = 0

    def model(stop: str = "") -> str:
        nonlocal lost
        lost += stop.startswith(("zq", "lit."))
        whole = cut(stop)
        return whole[: len(whole) - lost]

    shape = {"type": "string", "default": "", "description": SAID}

    assert held(Absent, model, {"stop": shape}) == []


@pytest.mark.parametrize(("model", "found"), [(cut_where_it_is, True), (cut, False)])
def test_a_whole_run_asks_for_it(model: Callable[[str], str], found: bool) -> None:
    shape = {"type": "string", "default": "", "description": SAID}
    outcome, _ = fuzz(lambda stop="": model(stop), {"stop": shape}, budget=100)

    assert (TOLD in [one.cause for one in outcome.found]) is found
