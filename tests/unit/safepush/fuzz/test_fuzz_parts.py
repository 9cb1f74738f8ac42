"""What the parts of an output say of each other, of the texts that were sent, and of machines."""

import html
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.safepush.fuzz.test_fuzz_promises import LIST, SWITCH, fuzz, picture, told
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT

ANY: dict[str, Any] = {}
WORDS = {**TEXT, "default": "wind sun sun sun rain rain"}
NUMBER = {"type": "number", "minimum": 0, "maximum": 10, "default": 1}
COUNT = {"type": "integer", "minimum": 1, "maximum": 40, "default": 6}


def causes(
    say: Callable[..., Any], more: dict[str, Any], output: Any = ANY, code: str = ""
) -> list[str]:
    """Why something is found in what is said of a text and something else."""
    text = more.pop("text", WORDS)

    def model(text: str = text["default"], **others: Any) -> Any:
        return say(text, **others)

    outcome = fuzz(model, {"text": text, **more}, output, 100, code)
    return [one.cause for one in outcome.found]


SCORES = [("sun", 0.5), ("rain", 0.3), ("wind", 0.2)]


def scored(items: Any) -> list[dict[str, Any]]:
    return [{"label": label, "score": score} for label, score in items]


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda text, x=1: {"start": 1, "end": 2 + x}, None),
        (lambda text, x=1: {"start": 1, "end": 2 - x / 5}, "'start' is more than 'end'"),
        (lambda text, x=1: {"min_height": x + 0.5, "max_height": 5.2}, "'min' is more than 'max'"),
        (lambda text, x=1: {"label": "a", "confidence": min(1, x / 2)}, None),
        (lambda text, x=1: {"label": "a", "confidence": x / 2}, "not between 0 and 1"),
        (lambda text, x=1: {"percent": 20 * x}, "not between 0 and 100 percent"),
        (lambda text, x=1: {"duration": 5 - x}, "less than nothing"),
        (lambda text, x=1: {"a": 1 / (1 + x), "b": x / (1 + x), "c": 0.0}, None),
        (lambda text, x=1: {"a": 1 / (1 + x), "b": 0.25, "c": 0.25}, "do not make 1 together"),
        (lambda text, x=1: {"words": text.split(), "count": len(text.split())}, None),
        (lambda text, x=1: {"words": [*{*text.split()}], "count": 3 + (x > 5)}, "'count'"),
        (lambda text, x=1: {"parts": [x, 2], "total": x + 2}, None),
        (lambda text, x=1: {"parts": [x, 2], "total": max(x, 1) + 2}, "'total' is not the sum"),
        (lambda text, x=1: {"in_tokens": 3, "out_tokens": 4, "total_tokens": 6 + x}, "'total_to"),
        (lambda text, x=1: {"labels": ["a", "b"], "scores": [1, 2][: int(x + 1)]}, "one length"),
        (lambda text, x=1: [{"rank": 1}, {"rank": 2 + (x > 5)}], "ranks are not counted"),
        (lambda text, x=1: [{"start": at * (3.5 - x)} for at in range(3)], "order of time"),
        (lambda text, x=1: [math.sin(x), math.cos(x), 0.0, 0.0], None),
        (lambda text, x=1: [math.sin(1), math.cos(x), 0.0, 0.0], "not of length 1"),
    ],
)
def test_parts_that_do_not_go_with_each_other_are_found(say: Any, found: str | None) -> None:
    made = causes(say, {"x": NUMBER})

    assert (made == []) if found is None else any(found in one for one in made)


@pytest.mark.parametrize(
    ("code", "plain", "found"),
    [("sorted(found)", True, True), ("sorted(found)", False, False), ("found", True, False)],
)
def test_scores_that_are_not_the_best_first_are_found(code: str, plain: bool, found: bool) -> None:
    def say(text: str, more: bool = False) -> Any:
        return scored(sorted(SCORES)) if more and plain else scored(SCORES)

    made = causes(say, {"more": SWITCH}, code=code)

    assert any("best first" in one for one in made) is found


@pytest.mark.parametrize(
    ("name", "say", "found"),
    [
        ("max_words", lambda text, n: " ".join(text.split()[:n]), False),
        ("max_words", lambda text, n: " ".join(text.split()[: n // 3 * 3 + 3]), True),
        ("max_length", lambda text, n: text[:n], False),
        ("max_length", lambda text, n: text if len(text) <= n else text[:n] + "...", True),
        ("length", lambda text, n: "a" * n, False),
        ("length", lambda text, n: "a" * min(n, 26), True),
        ("threshold", lambda text, n: scored([("a", n / 40), ("b", 1.0)]), False),
        ("min_frequency", lambda text, n: {"sun": max(6, n)}, False),
        ("min_frequency", lambda text, n: {"sun": 6}, True),
        ("decimals", lambda text, n: round(math.pi, n), False),
        ("decimals", lambda text, n: round(math.pi, min(n, 6)), False),
        ("decimals", lambda text, n: math.pi if n < 3 else round(math.pi, n), True),
        ("max_size", lambda text, n: picture(n, n // 2 + 1), False),
        ("max_size", lambda text, n: picture(n // 2 + 1, n if n == 6 else n + 1), True),
    ],
)
def test_more_or_less_than_a_name_says_is_found(name: str, say: Any, found: bool) -> None:
    about = {"max_length": "Letters at most.", "length": "Letters."}.get(name, "How many.")
    number = {**COUNT, "description": about}
    text = {**TEXT, "default": "one two three four five six"}
    if name == "length":
        text = {**text, "default": "a word"}
    if name == "max_length":
        text, number = {**text, "default": "short"}, {**number, "default": 8}

    made = causes(
        lambda text, **n: say(text, n.get(name, number["default"])), {name: number, "text": text}
    )

    assert any(name in one for one in made) is found


@pytest.mark.parametrize("lost", [False, True])
def test_a_part_of_a_text_that_is_lost_at_some_number_is_found(lost: bool) -> None:
    def say(text: str, size: int = 6) -> Any:
        words = text.split()
        stop = len(words) - (lost and len(words) % size == 1)
        return [" ".join(words[at : at + size]) for at in range(0, stop, size)]

    made = causes(say, {"size": COUNT}, LIST)

    assert [one for one in made if "is lost" in one] == (
        ["a part of 'text' is lost, where with the usual inputs all comes back"] if lost else []
    )


@pytest.mark.parametrize("place", [len, lambda text: len(text.encode())])
def test_a_place_in_a_text_that_is_counted_in_bytes_is_found(place: Any) -> None:
    def say(text: str) -> Any:
        at = text.find("Anna")
        start = place(text[:at])
        return [{"start": start, "end": start + 4, "text": "Anna"}] if at >= 0 else []

    made = causes(say, {"text": {**TEXT, "default": "Call Anna"}})

    assert ("is not where the output says" in " ".join(made)) is (place is not len)


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda x: f"#{int(x * 20):06x}", None),
        (lambda x: f"#a0{int(x * 20):x}ff", "a colour"),
        (lambda x: f"{round(x * 10) // 60}:{round(x * 10) % 60:02}", None),
        (
            lambda x: f"{int(x * 10 // 60)}:{x * 10 % 60:02.0f}:{round(x * 6.4):02}",
            "length of time",
        ),
        (lambda x: f"2024-{int(x) + 1:02}-01", None),
        (lambda x: f"2024-{int(x) * 2 + 1:02}-01", "a date"),
        (lambda x: f"Dear {None if x > 5 else 'you'}", "says `None`"),
        (lambda x: f"It is {type(x) if x > 5 else 'one'}", "part of a program"),
        (lambda x: f"See {'/tmp/abc/x.png' if x > 5 else 'it'}", "a file of the machine"),
    ],
)
def test_a_text_that_loses_its_shape_or_speaks_of_a_program_is_found(
    say: Any, found: str | None
) -> None:
    made = causes(lambda text, x=1: say(x), {"x": NUMBER}, TEXT, "# seconds")

    assert (made == []) if found is None else any(found in one for one in made)


@pytest.mark.parametrize("escape", [html.escape, lambda text: text])
def test_tags_that_somebody_sent_are_none_of_a_page(escape: Any) -> None:
    made = causes(lambda text: f"<p>{escape(text)}</p>", {}, TEXT)

    assert any("tags of an input" in one for one in made) is (escape is not html.escape)


@pytest.mark.parametrize("run", [False, True])
def test_what_somebody_sent_is_not_run(run: bool) -> None:
    say = lambda text: f"* {text.replace('7*7', '49') if run else text}"  # noqa: E731

    assert any("run as a template" in one for one in causes(say, {}, TEXT)) is run


@pytest.mark.parametrize(
    "say", ["2026-11-28T00:27:00.349123+00:00", "00:49", "a49f", "{} has 149 letters", "49 letters"]
)
def test_two_digits_may_be_of_something_else(say: str) -> None:
    made = causes(lambda text: say.format(text.replace("7*7", "7")), {}, TEXT)

    assert not any("run as a template" in one for one in made)


@pytest.mark.parametrize(
    ("format", "say", "found"),
    [
        ("json", lambda text: json.dumps({"text": text}), False),
        ("json", lambda text: f'{{"text": "{text}"}}', True),
        ("csv", lambda text: f"text,length\n{text},{len(text)}", True),
        ("yaml", lambda text: f"text: {json.dumps(text)}", False),
        ("yaml", lambda text: f"text: {text}", True),
        ("toml", lambda text: f'text = "{text}"', True),
    ],
)
def test_a_text_that_is_not_in_the_format_that_was_asked_for_is_found(
    format: str, say: Any, found: bool
) -> None:
    """With the usual inputs another one is asked for, and odd texts alone show it."""
    formats = {"type": "string", "enum": ["plain", format], "default": "plain"}

    made = causes(
        lambda text, output_format="plain": say(text) if output_format == format else f"- {text}",
        {"output_format": formats},
        TEXT,
    )

    assert any("in the format that 'output_format' says" in one for one in made) is found


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda text: f"| text |\n| --- |\n| {' '.join(text.split())} |", True),
        (lambda text: f"| text |\n| --- |\n| {len(text)} |", False),
        (lambda text: f"SELECT * FROM x WHERE y = '{text}'", True),
        (lambda text: "SELECT * FROM x WHERE y = '" + text.replace("'", "''") + "'", False),
    ],
)
def test_a_table_or_a_query_that_odd_texts_break_is_found(say: Any, found: bool) -> None:
    assert any("cannot be read as such" in one for one in causes(say, {}, TEXT)) is found


def test_a_secret_is_known_by_its_name() -> None:
    outcome = fuzz(
        lambda text="a", api_key="": f"{text} {api_key}",
        {"text": {**TEXT, "default": "a"}, "api_key": {**TEXT, "default": ""}},
        TEXT,
    )

    assert "fuzz-secret-shown: the output shows the secret input 'api_key'" in told(outcome)
