"""What inputs say of the output by their names, held against what comes out."""

import csv
import io
import itertools
import json
import random
import time
import wave
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from safepush.answers import Prediction
from safepush.compare import File
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises import formats
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT, source_of

FILE = {"type": "string", "format": "uri"}
SIDE = {"type": "integer", "minimum": 16, "maximum": 512, "default": 96}
SECONDS = {"type": "number", "minimum": 0.5, "maximum": 8, "default": 1}
SWITCH = {"type": "boolean", "default": False}
WORKERS = {"type": "integer", "minimum": 1, "maximum": 8, "default": 1}
LIST = {"type": "array", "items": TEXT}
#: a file that a model gives: its name and its content
Made = tuple[str, bytes]


def fuzz(
    model: Callable[..., Any],
    properties: dict[str, Any],
    output: Any = FILE,
    budget: int = 60,
    code: str = "",
) -> Outcome:
    """What is found in a model of these inputs; what it gives as (name, content) is a file."""
    made: dict[str, Any] = {}

    def predict(inputs: Any, *, limit_s: float) -> Prediction:
        began = time.monotonic()
        try:
            made["output"] = model(**inputs)
        except (OSError, EOFError, wave.Error):  # as libraries say of damaged files
            return Prediction(id="p", status="failed", error=f"ValueError: {[*inputs]} is damaged")
        took_s = time.monotonic() - began
        count = itertools.count()
        numbered = lambda: f"{at}-" if (at := next(count)) else ""  # noqa: E731 (as a server does)
        raw = _each(made["output"], lambda one: f"http://host/{numbered()}{one[0]}")
        return Prediction(id="p", status="succeeded", output=raw, took_s=took_s)

    files = [name for name, one in properties.items() if one.get("format") == "uri"]
    shape = {"properties": properties, "required": files}
    schema = {"components": {"schemas": {"Input": shape, "Output": output}}}
    opened = lambda one: _each(made["output"], lambda file: File(file[1]))  # noqa: E731
    runs = Runs(predict, opened, parallel=1, longest_s=60)
    source = source_of(code)
    task = Task(schema=schema, fields=fields_of(schema), source=source, budget=budget)
    return Campaign(task, runs).run()


def _each(value: Any, made: Callable[[Made], Any]) -> Any:
    if isinstance(value, tuple):
        return made(value)
    return [_each(one, made) for one in value] if isinstance(value, list) else value


def told(outcome: Outcome) -> list[str]:
    return [f"{one.rule}: {one.cause}" for one in outcome.found]


def picture(width: int, height: int, format: str = "png", name: str = "") -> Made:
    content = io.BytesIO()
    Image.new("L", (width, height)).save(content, format)
    return name or f"out.{format}", content.getvalue()


def sound(seconds: float) -> Made:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * int(8000 * seconds)))
    return "out.wav", content.getvalue()


LARGE = "fuzz-output-asked: the output is not as large as 'width' and 'height' say"


@pytest.mark.parametrize(
    ("size", "about", "found"),
    [
        (lambda width, height, more: (width, height), "", []),
        (lambda width, height, more: (height, width), "", [LARGE]),
        (lambda width, height, more: (height, width) if more else (width, height), "", [LARGE]),
        (lambda width, height, more: (96, 96), "", [LARGE]),
        (lambda width, height, more: (96, 96), "The nearest that there is.", []),
        (lambda width, height, more: (width // 8 * 8, height // 8 * 8), "", []),
        (lambda width, height, more: (width * 2, height * 2) if more else (width, height), "", []),
        (lambda width, height, more: (64, 64), "", []),  # means something else by it
        (lambda width, height, more: (min(width, height),) * 2, "", [LARGE]),
        (lambda width, height, more: (min(width, height),) * 2, "It fits into that.", []),
    ],
)
def test_another_size_than_was_asked_for_is_found(size: Any, about: str, found: list[str]) -> None:
    side = {**SIDE, "description": about}

    def model(width: int = 96, height: int = 96, more: bool = False) -> Made:
        return picture(*size(width, height, more))

    assert told(fuzz(model, {"width": side, "height": side, "more": SWITCH})) == found


@pytest.mark.parametrize(
    ("length", "found"),
    [
        (lambda seconds: seconds, []),
        (lambda seconds: round(seconds * 50) / 50, []),
        (
            lambda seconds: min(seconds, 5),
            ["fuzz-output-asked: the output does not last as long as 'duration' says"],
        ),
    ],
)
def test_another_length_than_was_asked_for_is_found(length: Any, found: list[str]) -> None:
    def model(duration: float = 1) -> Made:
        return sound(length(duration))

    assert told(fuzz(model, {"duration": SECONDS})) == found


@pytest.mark.parametrize(
    ("said", "length", "found"),
    [
        ("How much to keep; a shorter one is kept whole.", lambda seconds: min(seconds, 2), []),
        ("At most so much.", lambda seconds: 0.5, []),
        (
            "At most so much.",
            lambda seconds: seconds * (1 + (seconds > 5)),
            ["fuzz-output-asked: the output lasts longer than 'duration' allows"],
        ),
    ],
)
def test_a_length_that_is_only_the_longest_is_a_limit(said: str, length: Any, found: Any) -> None:
    longest = {**SECONDS, "description": said}

    outcome = fuzz(lambda duration=1: sound(length(duration)), {"duration": longest})

    assert told(outcome) == found


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (lambda kind: picture(8, 8, kind), []),
        (
            lambda kind: picture(8, 8, "png"),
            ["fuzz-output-asked: the output is not of the kind that 'output_format' says"],
        ),
        (
            lambda kind: picture(8, 8, "png", f"out.{kind}"),
            [
                "fuzz-output-file: the output file (.webp) is not image/webp but image/png",
                "fuzz-output-file: the output file (.gif) is not image/gif but image/png",
            ],
        ),
    ],
)
def test_another_kind_of_file_than_was_asked_for_is_found(made: Any, found: list[str]) -> None:
    kinds = {"type": "string", "enum": ["png", "webp", "gif"], "default": "png"}

    outcome = fuzz(lambda output_format="png": made(output_format), {"output_format": kinds})

    assert sorted(told(outcome)) == sorted(found)


def test_a_wave_under_the_name_of_an_mp3_is_no_mp3() -> None:
    outcome = fuzz(lambda text="a": ("out.mp3", sound(1)[1]), {"text": TEXT})

    assert told(outcome) == [
        "fuzz-output-file: the output file (.mp3) is not audio/mpeg but audio/wav"
    ]


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (lambda most: min(most, 3), []),
        (lambda most: 3, ["fuzz-output-count: the output has more items than 'max_results' says"]),
    ],
)
def test_more_results_than_at_most_are_found(count: Any, found: list[str]) -> None:
    most = {"type": "integer", "minimum": 1, "maximum": 9, "default": 5}

    outcome = fuzz(lambda max_results=5: ["a"] * count(max_results), {"max_results": most}, LIST)

    assert told(outcome) == found


@pytest.mark.parametrize(
    ("count", "about", "found"),
    [
        (lambda asked: asked, "", False),
        (lambda asked: asked - (asked % 7 == 0), "", True),
        (lambda asked: min(asked, 6), "", False),  # there are no more
        (lambda asked: min(asked, 6), "At most so many.", False),
        (lambda asked: asked // 2, "", False),  # means something else
    ],
)
def test_a_number_that_the_output_follows_and_once_not_is_found(
    count: Any, about: str, found: bool
) -> None:
    """No name says what it is the number of."""
    lines = {"type": "integer", "minimum": 1, "maximum": 8, "default": 3, "description": about}

    outcome = fuzz(lambda verses=3: ["a"] * count(verses), {"verses": lines}, LIST)

    assert (
        told(outcome)
        == ["fuzz-output-asked: the output has as many items as 'verses' says, but not here"]
        * found
    )


def test_a_number_that_may_be_left_open_is_followed_too() -> None:
    side = {"type": "integer", "nullable": True, "minimum": 16, "maximum": 512, "default": None}

    outcome = fuzz(lambda side=None: picture(side or 64, 8), {"side": side})

    assert told(outcome) == []


# How it is made


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (lambda words: [" ".join(words[:2]), " " + " ".join(words[2:])], []),
        (lambda words: [" ".join(words[:2])], ["'stream', which says how it is made"]),
    ],
)
def test_a_stream_that_loses_its_last_piece_is_found(pieces: Any, found: list[str]) -> None:
    def model(text: str = "one two three", stream: bool = False) -> list[str]:
        words = text.split(" ")
        return pieces(words) if stream and len(words) > 2 else [text]

    outcome = fuzz(model, {"text": {**TEXT, "default": "one two three"}, "stream": SWITCH}, LIST)

    assert [one.cause.partition(",")[0] for one in outcome.found] == [
        one.partition(",")[0] for one in found
    ]


def test_a_switch_that_may_change_things_is_let_be() -> None:
    def model(text: str = "a", raw: bool = False, batch_size: int = 1) -> list[str]:
        return [text if raw else text.upper()] * batch_size

    inputs = {"text": {**TEXT, "default": "a"}, "raw": SWITCH, "batch_size": WORKERS}

    assert told(fuzz(model, inputs, LIST)) == []


def test_a_number_of_workers_that_loses_work_is_found() -> None:
    def model(text: str = "one two three", num_workers: int = 1) -> str:
        words = text.split()
        return " ".join(words[: len(words) // num_workers * num_workers])

    outcome = fuzz(
        model, {"text": {**TEXT, "default": "one two three"}, "num_workers": WORKERS}, TEXT
    )

    assert [one.rule for one in outcome.found] == ["fuzz-output-asked"]


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_that_lets_chance_have_its_way_excuses_another_output(default: bool) -> None:
    chance = random.Random(1)

    def model(seed: int = 0, randomize_seed: bool = default) -> str:
        return str(chance.random()) if randomize_seed else str(seed)

    def broken(seed: int = 0, randomize_seed: bool = default) -> str:
        return str(chance.random())

    inputs = {
        "seed": {"type": "integer", "default": 0},
        "randomize_seed": {**SWITCH, "default": default},
    }

    assert told(fuzz(model, inputs, TEXT)) == []
    assert {one.rule for one in fuzz(broken, inputs, TEXT).found} == {"fuzz-nondeterministic"}


# Files of several items


@pytest.mark.parametrize(
    ("content", "found"), [(lambda name: name, True), (lambda name: name.lower(), False)]
)
def test_a_file_written_over_that_of_another_item_is_found(content: Any, found: bool) -> None:
    """`found` only where each by itself gives another one."""

    def model(names: list[str] = ["one", "two"]) -> list[Made]:  # noqa: B006
        files = {
            f"{name.lower().strip('! ')}.txt": content(name).encode() or b"." for name in names
        }
        files = {name: text.strip(b"! ") or b"." for name, text in files.items()}
        return [(key, files[key]) for key in (f"{one.lower().strip('! ')}.txt" for one in names)]

    names = {"type": "array", "items": TEXT, "default": ["one", "two"]}
    outcome = fuzz(model, {"names": names}, {"type": "array", "items": FILE})

    assert ("fuzz-output-asked" in [one.rule for one in outcome.found]) is found


# What is in them


@pytest.mark.parametrize(
    ("name", "written", "found"),
    [
        ("out.csv", lambda text: f"name,length\n{text},{len(text)}\n", True),
        ("out.csv", lambda text: f"name,length\n{json.dumps(len(text))},1\n", False),
        ("out.txt", lambda text: f"name,length\n{text},{len(text)}\n", False),
        ("out.jsonl", lambda text: f'{{"text": "{text}"}}\n', True),
        ("out.jsonl", lambda text: json.dumps({"text": text}), False),
        ("out.srt", lambda text: f"1\n00:00:00,000 --> 00:00:02,000\n{text}\n", True),
        ("out.srt", lambda text: f"1\n00:00:00,000 --> 00:00:02,000\n{text!a}\n", False),
    ],
)
def test_a_file_that_is_of_a_format_with_usual_inputs_only_is_found(
    name: str, written: Callable[[str], str], found: bool
) -> None:
    outcome = fuzz(
        lambda text="a": (name, written(text).encode()), {"text": {**TEXT, "default": "a"}}
    )

    assert bool(told(outcome)) is found
    assert {one.rule for one in outcome.found} <= {"fuzz-output-text"}


@pytest.mark.parametrize("text", ["a\x85b", "a\u2028b", 'a "b", c', "a\r\nb\n\nc", "a\x00b", " "])
def test_a_table_that_csv_wrote_is_one(text: str) -> None:
    rows = io.StringIO()
    csv.writer(rows).writerows([["name", "length"], [text, len(text)]])

    assert formats.of_file("http://host/out.csv", File(rows.getvalue().encode())) == "csv"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "found"),
    [
        (lambda word, at: word[:99].encode().hex(), "TwoOfOneName"),
        (lambda word, at: f"{at}-{word[:99].replace(chr(0), '')}", "LeadsOut"),
        (lambda word, at: f"{at}.txt", ""),
    ],
)
def test_an_archive_that_nobody_can_unpack_as_it_is_is_found(name: Any, found: str) -> None:
    def model(text: str = "a b") -> Made:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for at, word in enumerate(text.split()[:20]):
                archive.writestr(zipfile.ZipInfo(name(word, at)), word)
        return "out.zip", content.getvalue()

    outcome = fuzz(model, {"text": {**TEXT, "default": "a b"}})

    told_of = f"fuzz-output-file: the output file (.zip) cannot be read ({found})"
    assert told(outcome) == [told_of] * bool(found)


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda text: text, []),
        (
            lambda text: text.encode().decode("latin-1"),
            ["letters of an input come out as others: UTF-8 read as Latin-1"],
        ),
        (lambda text: repr(object()) if "{" in text else text, ["the output says `object at 0x…`"]),
    ],
)
def test_texts_that_no_model_means_to_say_are_found(say: Any, found: list[str]) -> None:
    outcome = fuzz(lambda text="a": say(text), {"text": {**TEXT, "default": "a"}}, TEXT)

    causes = [one.cause for one in outcome.found if one.rule == "fuzz-output-text"]
    assert [one[:30] for one in causes] == [one[:30] for one in found]
