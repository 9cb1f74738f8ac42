"""Sentences of descriptions, held against each output: what breaks them is found, and no more."""

import ast
import io
import math
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from safepush.fuzz.code.source import Source
from safepush.fuzz.promises.said import bare
from tests.unit.safepush.fuzz import test_fuzz_promises as files
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

LIST_OF_TEXTS = {"type": "array", "items": {"type": "string"}}
LIST_OF_NUMBERS = {"type": "array", "items": {"type": "number"}}
ANY = {"title": "Output"}


def text(description: str, default: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"type": "string", "description": description, **more}
    return told if default is None else {**told, "default": default}


def whole(description: str, default: int, low: int, high: int) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return {**kind, "description": description}


def listed(description: str, default: list[Any], kind: str = "string") -> dict[str, Any]:
    items = {"type": kind}
    return {"type": "array", "items": items, "default": default, "description": description}


def found(
    model: Callable[..., Any], inputs: dict[str, Any], output: Any = ANY, head: str = ""
) -> list[str]:
    """The causes of what is found; `head` is what the code begins with."""
    code = f'"""{head}"""\n\n\ndef predict():\n    pass\n'
    source = Source((("predict.py", code),), (ast.parse(code),))
    outcome, _ = fuzz(model, inputs, output=output, source=source, budget=60)
    return [one.cause for one in outcome.found]


# Figures


@pytest.mark.parametrize(
    ("said", "ratio", "broken"),
    [
        ("The ratio is from 1 to 21.", lambda a, b: (a + 1) / (b + 1), True),
        ("The ratio is from 1 to 21.", lambda a, b: max(a, b) / 10 + 1, False),
        ("The ratio is between 0 and one.", lambda a, b: a / 90, True),
        ("The ratio is never below zero.", lambda a, b: a - b, True),
        ("The ratio is never negative.", lambda a, b: a - b, True),
        ("The ratio is never above 3.", lambda a, b: a / 10, True),
        ("A number from 1 to 21.", lambda a, b: a - b, False),  # of which, nobody says
    ],
)
def test_a_member_that_leaves_the_range_that_is_told_is_found(
    said: str, ratio: Callable[[int, int], float], broken: bool
) -> None:
    inputs = {"high": whole("One.", 20, 0, 99), "low": whole(said, 5, 0, 99)}

    causes = found(lambda high=20, low=5: {"ratio": ratio(high, low)}, inputs)

    told = "'ratio' is not in the range that the description tells"
    assert causes == [told] * broken


def test_the_range_of_an_input_is_not_one_of_the_output() -> None:
    inputs = {"values": listed("Two values or more, from 0 to 5.", [1, 2], "number")}

    assert found(lambda values=(1, 2): {"values": [abs(one) + 9 for one in values]}, inputs) == []


@pytest.mark.parametrize(
    ("head", "broken"),
    [
        ("Return the largest level in each stretch, all channels together, from 0 to 1.", []),
        ("Return the level over all channels, from 0 to 1.", []),
        (
            "Return channels, from 0 to 1.",
            ["'channels' is not in the range that the description tells"],
        ),
    ],
)
def test_what_something_is_told_over_is_not_what_is_told(head: str, broken: list[str]) -> None:
    inputs = {"text": text("Some words.", "one")}

    causes = found(
        lambda text="one": {"channels": len(text.split()), "peaks": [0.5]}, inputs, head=head
    )

    assert causes == broken


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Gives an SRT file; it is empty where nobody speaks.", True),
        ("Returns an empty file for a text without numbers.", True),
        ("The text must not be empty.", False),
        ("Empty lines are skipped.", False),
        ("An empty text raises an error.", False),
    ],
)
def test_it_is_read_that_there_may_be_nothing_in_a_file(head: str, said: bool) -> None:
    source = source_of(f'"""{head}"""\n\n\ndef predict():\n    pass\n')

    assert bare.is_told((), source) is said


@pytest.mark.parametrize(
    ("head", "broken"),
    [
        ("How readable a text is, as a grade from 1 to 12.", True),
        ("How readable a text is, from 1 to 12.", True),
        ("Squeezes a text from 1 to 12 words.", False),
        ("How many of the texts from 1 to 12 are long.", False),
    ],
)
def test_the_range_of_all_that_comes_out_is_told_by_the_head_of_the_code(
    head: str, broken: bool
) -> None:
    inputs = {"text": text("Some words.", "one two three")}

    causes = found(
        lambda text="one two three": len(text.split()), inputs, {"type": "integer"}, head=head
    )

    assert causes == ["the output is not in the range that the description tells"] * broken


def test_two_texts_of_one_form_are_sent_the_other_way_round() -> None:
    colour = "^#[0-9a-f]{6}$"
    inputs = {
        "front": text("The colour.", "#ffffff", pattern=colour),
        "back": text("Its ground. The ratio is from 1 to 21.", "#003366", pattern=colour),
    }

    def model(front: str = "#ffffff", back: str = "#003366") -> Any:
        return {"ratio": (int(front[1:3], 16) + 13) / (int(back[1:3], 16) + 13)}

    assert "'ratio' is not in the range that the description tells" in found(model, inputs)


@pytest.mark.parametrize(
    ("said", "made", "broken"),
    [
        ("A code has 6 digits in all.", lambda n: f"{n:06}", True),
        ("A code has 6 digits in all.", lambda n: f"{n % 10**6:06}", False),
        ("A code has six characters.", lambda n: f"K{n:05}", True),
        ("A plate of one letter and six digits.", lambda n: f"K{n:06}", True),
        ("A plate of one letter and six digits.", lambda n: f"K{n % 10**6:06}", False),
        ("A code has at most 6 digits.", lambda n: f"{n:06}", False),
        ("An article has 5 digits.", lambda n: str(n), False),  # that is the input
    ],
)
def test_a_text_of_another_length_than_is_told_is_found(
    said: str, made: Callable[[int], str], broken: bool
) -> None:
    number = whole(said, 12345, 0, 9_999_999)
    causes = found(lambda number=12345: made(number), {"number": number})

    assert [one.split(" has not")[0] for one in causes] == ["the output"] * broken


@pytest.mark.parametrize(("places", "broken"), [(2, False), (4, True)])
def test_more_decimals_than_are_told_are_found(places: int, broken: bool) -> None:
    share = whole("A share; it is rounded to two decimals.", 4, 1, 99)

    causes = found(lambda share=4: round(1 / share, 2 if share == 4 else places), {"share": share})

    assert bool(causes) is broken


@pytest.mark.parametrize("cut_first", [True, False])
def test_a_vector_that_has_not_the_length_that_is_told_is_found(cut_first: bool) -> None:
    switch = {"type": "boolean", "default": False, "description": "Give it a length of 1."}
    inputs = {"size": whole("How many numbers.", 8, 2, 8), "unit": switch}

    def model(size: int = 8, unit: bool = False) -> list[float]:
        row = [1.0 / at for at in range(1, 9)]
        row = row[:size] if cut_first else row
        norm = math.hypot(*row) if unit else 1
        return [one / norm for one in row][:size]

    told = "a vector has not the length of 1 that is told"
    # with the switch on and the usual size it is as told, so both have to be other than usual
    assert found(model, inputs, LIST_OF_NUMBERS) == [told] * (not cut_first)


@pytest.mark.parametrize(("rest", "broken"), [(0.0, False), (0.3, True)])
def test_numbers_that_do_not_add_up_are_found(rest: float, broken: bool) -> None:
    inputs = {"names": listed("What to weigh; the numbers add up to 1.", ["a", "b"])}

    def model(names: Any = ("a", "b")) -> list[float]:
        return [(1 - rest * (len(names) > 2)) / len(names) for _ in names]

    assert bool(found(model, inputs, LIST_OF_NUMBERS)) is broken


@pytest.mark.parametrize(
    ("said", "order", "broken"),
    [
        ("What to rank, the longest first.", lambda names: sorted(names, key=len)[::-1], False),
        ("What to rank, the longest first.", lambda names: names[:2], True),
        ("What to rank.", lambda names: names[:2], False),
    ],
)
def test_an_order_that_is_told_and_not_kept_is_found(
    said: str, order: Callable[[Any], Any], broken: bool
) -> None:
    inputs = {"names": listed(said, ["bbb", "a"])}

    def model(names: Any = ("bbb", "a")) -> Any:
        return [{"name": one, "length": len(one)} for one in order(list(names))]

    told = "the output is not in the order that the description tells"
    assert found(model, inputs) == [told] * broken


@pytest.mark.parametrize(
    ("said", "found_out"), [("From z to a.", False), ("With more care.", True)]
)
def test_a_switch_that_asks_for_another_order_is_not_held_against_it(
    said: str, found_out: bool
) -> None:
    inputs = {
        "names": listed("What to list; they are in the order of the alphabet.", ["b", "a"]),
        "down": {"type": "boolean", "default": False, "description": said},
    }
    if found_out:
        inputs["careful"] = inputs.pop("down")

    causes = found(
        lambda names=("b", "a"), down=False, careful=False: sorted(names)[
            :: -1 if down | careful else 1
        ],
        inputs,
        LIST_OF_TEXTS,
    )

    told = "the output is not in the order of the alphabet, as is told"
    assert causes == [told] * found_out


@pytest.mark.parametrize(("clean", "broken"), [(True, False), (False, True)])
def test_what_is_there_twice_though_that_is_denied_is_found(clean: bool, broken: bool) -> None:
    inputs = {"names": listed("Names to draw from; no two of them are alike after.", ["b", "a"])}

    causes = found(
        lambda names=("b", "a"): list(dict.fromkeys(names)) if clean else list(names),
        inputs,
        LIST_OF_TEXTS,
    )

    assert ["twice" in one for one in causes] == [True] * broken


# How much there is


@pytest.mark.parametrize(
    ("said", "unit", "broken"),
    [
        ("It never has more words than this.", "whole sentences", True),
        ("It never has more words than this.", "words", False),
        ("At most so many sentences of it.", "words", False),
        ("Words that are looked at, at most.", "whole sentences", False),  # of the input
        ("About so many words.", "whole sentences", False),
    ],
)
def test_more_of_a_kind_than_there_ever_is_is_found(said: str, unit: str, broken: bool) -> None:
    inputs = {
        "text": text("What to sum up.", "It rained. The river rose."),
        "most": whole(said, 40, 5, 200),
    }

    def model(text: str = "It rained. The river rose.", most: int = 40) -> str:
        if unit == "words":
            return " ".join(text.split()[:most])
        first, *rest = text.split(". ")
        return ". ".join([first, *rest]) if len(text.split()) <= most else first

    assert found(model, inputs, {"type": "string"}) == (
        ["the output has more words than 'most' allows"] * broken
    )


def animation(frames: int, merged: bool) -> files.Made:
    pictures = [Image.new("L", (8, 8), 0 if merged else 9 * at) for at in range(frames)]
    content = io.BytesIO()
    pictures[0].save(content, "GIF", save_all=True, append_images=pictures[1:])
    return "out.gif", content.getvalue()


@pytest.mark.parametrize(
    ("said", "broken"),
    [("How many frames the GIF has.", True), ("How many frames are looked at.", False)],
)
def test_a_film_of_fewer_frames_than_it_says_is_found(said: str, broken: bool) -> None:
    inputs = {"frames": whole(said, 4, 2, 9), "speed": whole("From one to the next.", 3, 0, 9)}

    outcome = files.fuzz(lambda frames=4, speed=3: animation(frames, speed == 0), inputs)

    told = "fuzz-output-count: the output file has not as many frames as 'frames' says"
    assert files.told(outcome) == [told] * broken


@pytest.mark.parametrize(("guarded", "broken"), [(True, False), (False, True)])
def test_a_window_longer_than_the_list_makes_no_more_of_it(guarded: bool, broken: bool) -> None:
    said = "How many values a mean is of. There are window - 1 values less after."
    inputs = {
        "values": listed("The series.", [1, 2, 3, 4], "number"),
        "window": whole(said, 3, 1, 30),
    }

    def model(values: Any = (1, 2, 3, 4), window: int = 3) -> list[float]:
        count = len(values) - window + 1
        return [1.0] * (max(0, count) if guarded else max(count, window - len(values) + 1))

    told = "there are not as many outputs as items, less 'window', as is told"
    assert found(model, inputs, LIST_OF_NUMBERS) == [told] * broken


@pytest.mark.parametrize(
    ("said", "cuts", "broken"),
    [
        ("No line is longer than this.", False, True),
        ("No line is longer than this.", True, False),
        ("How wide it is.", False, False),
    ],
)
def test_a_line_longer_than_any_is_found(said: str, cuts: bool, broken: bool) -> None:
    inputs = {"text": text("What to break.", "one two"), "size": whole(said, 40, 5, 80)}

    def model(text: str = "one two", size: int = 40) -> str:
        return text[:size] if cuts else text.split("\n")[0]

    told = "a line of the output has more characters than 'size' allows"
    assert found(model, inputs, {"type": "string"}) == [told] * broken


def test_more_items_than_at_most_are_found_by_the_words_for_it() -> None:
    inputs = {
        "text": text("Words.", "a b"),
        "best": whole("How many to show at most.", 5, 1, 50),
    }

    causes = found(lambda text="a b", best=5: text.split()[: max(2, best)], inputs, LIST_OF_TEXTS)

    assert causes == ["the output has more items than 'best' allows"]
