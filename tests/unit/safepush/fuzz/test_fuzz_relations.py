"""What several predictions have to say together."""

import base64
import io
import random
import wave
from typing import Any

import pytest
from PIL import Image

from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.relations import hindsight
from safepush.fuzz.runs import Runs
from safepush.fuzz.sent import file_of
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_elsewhere import Elsewhere, found
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST, Made, fuzz, picture, told
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT, source_of

SEED = {"type": "integer", "default": 1}
CHANCE = "import random"
NUMBERS = {"type": "array", "items": {"type": "integer"}}
MANY = {"type": "integer", "minimum": 1, "maximum": 20, "default": 5}
PICTURE = {**FILE, "description": "A picture."}
SOUND = {**FILE, "description": "A WAV sound."}


def causes(model: Any, inputs: dict[str, Any], output: Any, code: str = "") -> list[str]:
    return [one.cause for one in fuzz(model, inputs, output, 100, code).found]


def given(**inputs: Any) -> dict[str, Any]:
    return {name: {**TEXT, "default": value} for name, value in inputs.items()}


# Seeds, numbers and kinds of files


@pytest.mark.parametrize("used", [True, False])
def test_a_seed_that_changes_nothing_is_found(used: bool) -> None:
    def model(text: str = "a", seed: int = 1) -> str:
        return f"{text} {random.Random(seed if used else 7).random()}"

    made = causes(model, {**given(text="a"), "seed": SEED}, TEXT, CHANCE)

    assert made == ([] if used else ["'seed' changes nothing, whatever else is sent"])


def test_a_seed_that_matters_with_other_inputs_alone_is_let_be() -> None:
    def model(text: str = "a", warm: bool = False, seed: int = 1) -> str:
        return f"{text} {seed if warm else 0}"

    warm = {"type": "boolean", "default": False}

    assert causes(model, {**given(text="a"), "warm": warm, "seed": SEED}, TEXT, CHANCE) == []


@pytest.mark.parametrize("first", [True, False])
def test_the_best_of_few_that_are_not_the_best_of_all_are_found(first: bool) -> None:
    top = {**MANY, "default": 3, "description": "How many, the best first."}

    def model(text: str = "pear fig nut plum date kiwi", top_k: int = 3) -> list[str]:
        words = text.split()
        best = lambda some: sorted(some, key=lambda one: (len(one), one))  # noqa: E731
        return best(words)[:top_k] if first else best(words[:top_k])

    inputs = {**given(text="pear fig nut plum date kiwi"), "top_k": top}

    assert any("there are others" in one for one in causes(model, inputs, LIST)) is not first


def test_a_number_that_is_about_each_item_is_not_one_of_items() -> None:
    """Two lines, and the first number that says so many happens to be two."""

    def model(texts: str = "pear fig nut\nplum date kiwi", top_k: int = 3) -> list[str]:
        return [" ".join(one.split()[:top_k]) for one in texts.split("\n")]

    inputs = {**given(texts="pear fig nut\nplum date kiwi"), "top_k": {**MANY, "default": 3}}

    assert causes(model, inputs, LIST) == []


def shown(colour: tuple[int, int, int], kind: str) -> Made:
    content = io.BytesIO()
    Image.new("RGB", (16, 8), colour).save(content, kind)
    return f"out.{kind}", content.getvalue()


@pytest.mark.parametrize(("colour", "is_other"), [((220, 20, 9), False), ((9, 20, 220), True)])
def test_another_picture_in_another_kind_of_file_is_found(colour: Any, is_other: bool) -> None:
    kinds = {"type": "string", "enum": ["png", "jpeg"], "default": "png"}

    def model(output_format: str = "png") -> Made:
        return shown(colour if output_format == "jpeg" else (220, 20, 10), output_format)

    made = causes(model, {"output_format": kinds}, FILE)

    assert made == ["the output shows something else with another 'output_format'"] * is_other


@pytest.mark.parametrize("apart", [0, 40])
def test_several_pictures_that_are_one_are_found(apart: int) -> None:
    def model(num_outputs: int = 2, seed: int = 1) -> list[Made]:
        tones = [(seed * 20 + at * apart) % 255 for at in range(num_outputs)]
        files = [shown((tone, 9, 9), "png")[1] for tone in tones]
        return [(f"{at}.png", file) for at, file in enumerate(files)]

    inputs = {"num_outputs": {**MANY, "default": 2}, "seed": SEED}
    made = causes(model, inputs, {"type": "array", "items": FILE})

    assert any("all outputs are one" in one for one in made) is not apart


# There and back, one and many


@pytest.mark.parametrize("sound", [True, False])
def test_what_does_not_come_back_as_it_was_is_found(sound: bool) -> None:
    def model(text: str = "abc", mode: str = "encode") -> str:
        more = 1 if mode == "encode" else -1
        return "".join(chr(ord(c) + more) if sound or not c.isdigit() else "_" for c in text)

    modes = {"type": "string", "enum": ["encode", "decode"], "default": "encode"}
    made = causes(model, {**given(text="abc"), "mode": modes}, TEXT)

    assert any("is not made it again" in one for one in made) is not sound


@pytest.mark.parametrize("foot", [0.3048, 0.305])
def test_a_unit_that_does_not_come_back_is_found(foot: float) -> None:
    units = {"type": "string", "enum": ["metre", "foot", "mile"]}

    def model(value: float = 2000, from_unit: str = "metre", to_unit: str = "foot") -> float:
        there = {"metre": 1.0, "foot": 0.3048, "mile": 1609.344}
        back = {"metre": 1.0, "foot": 0.3048 if foot < 0.305 else 0.32, "mile": 1609.344}
        return value * there[from_unit] / back[to_unit]

    inputs = {
        "value": {"type": "number", "minimum": -1e6, "maximum": 1e6, "default": 2000},
        "from_unit": {**units, "default": "metre"},
        "to_unit": {**units, "default": "foot"},
    }

    assert any("and back" in one for one in causes(model, inputs, {})) is (foot > 0.3048)


@pytest.mark.parametrize("padded", [True, False])
def test_an_item_that_depends_on_those_beside_it_is_found(padded: bool) -> None:
    def model(texts: list[str] = ["one", "two"]) -> list[float]:  # noqa: B006
        long = max(map(len, texts), default=0)
        lengths = [long if padded and len(texts) > 3 else len(one) for one in texts]
        return [len(one) / (1 + more) for one, more in zip(texts, lengths, strict=True)]

    inputs = {"texts": {**LIST, "default": ["one", "two"]}}
    made = causes(model, inputs, {"type": "array", "items": {"type": "number"}})

    assert made == ["an item of 'texts' gives something else than by itself"] * padded


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (lambda names: names, False),
        (sorted, False),
        (lambda names: sorted(names)[::-1], False),
        (lambda names: names if len(names) < 4 else names[::-1], True),
    ],
)
def test_items_that_change_places_where_they_did_not_are_found(order: Any, found: bool) -> None:
    def model(names: list[str] = ["cy", "ada", "bo"]) -> list[str]:  # noqa: B006
        return [one.upper() for one in order(names)]

    made = causes(model, {"names": {**LIST, "default": ["cy", "ada", "bo"]}}, LIST)

    assert any("gives something else than by itself" in one for one in made) is found


@pytest.mark.parametrize("rest", [True, False])
def test_items_that_are_lost_between_two_batches_are_found(rest: bool) -> None:
    def model(texts: list[str] = ["one", "two"]) -> list[int]:  # noqa: B006
        lost = not rest and 4 < len(texts) < 17
        return [len(one) for one in texts][: len(texts) // 4 * 4 if lost else None]

    made = causes(model, {"texts": {**LIST, "default": ["one", "two"]}}, NUMBERS)

    assert any("as many items as 'texts' says" in one for one in made) is not rest


@pytest.mark.parametrize("convert", [True, False])
def test_a_picture_that_is_another_one_when_stored_so_is_found(convert: bool) -> None:
    def model(image: str) -> int:
        with Image.open(io.BytesIO(base64.b64decode(image.partition(",")[2]))) as picture:
            made = picture.convert("L") if convert or picture.mode != "P" else picture
            pixels = made.tobytes()
        return sum(pixels) // len(pixels)

    made = causes(model, {"image": PICTURE}, {"type": "integer"})

    assert any("with a palette gives something else" in one for one in made) is not convert


# What is kept of a file


def heard(audio: str, *, channels: int | None) -> Made:
    content = io.BytesIO()
    with wave.open(io.BytesIO(base64.b64decode(audio.partition(",")[2]))) as sound:
        frames, about = sound.readframes(sound.getnframes()), sound.getparams()
    with wave.open(content, "wb") as made:
        made.setparams(about._replace(nchannels=channels or about.nchannels))
        made.writeframes(frames)
    return "out.wav", content.getvalue()


@pytest.mark.parametrize("channels", [None, 1])
def test_two_channels_that_are_written_as_one_are_found(channels: int | None) -> None:
    made = causes(lambda audio: heard(audio, channels=channels), {"audio": SOUND}, FILE)

    assert any("as long as the sound that was sent" in one for one in made) is bool(channels)


@pytest.mark.parametrize("said", ["", "The first 4 seconds of it are taken."])
def test_a_sound_of_which_the_first_seconds_are_taken_may_be_shorter(said: str) -> None:
    def model(audio: str) -> Made:
        content = io.BytesIO()
        with wave.open(io.BytesIO(base64.b64decode(audio.partition(",")[2]))) as sent:
            about, frames = sent.getparams(), sent.readframes(4 * sent.getframerate())
        with wave.open(content, "wb") as made:
            made.setparams(about._replace(nframes=0))
            made.writeframes(frames)
        return "out.wav", content.getvalue()

    made = causes(model, {"audio": SOUND}, FILE, f"TOLD = {said!r}")

    assert any("as long as the sound that was sent" in one for one in made) is (said == "")


@pytest.mark.parametrize(
    ("size", "found"),
    [
        (lambda width, height, scale: (width * scale, height * scale), None),
        (lambda width, height, scale: (width * min(scale, 3), height * scale), "'scale' says"),
    ],
)
def test_a_picture_that_is_not_so_many_times_larger_is_found(size: Any, found: str | None) -> None:
    def model(image: str, scale: int = 2) -> Made:
        with Image.open(io.BytesIO(base64.b64decode(image.partition(",")[2]))) as sent:
            sent.load()
        if max(sent.size) > 2000:  # what comes of it would be unpacked again and again
            raise OSError("too large")
        return picture(*size(*sent.size, scale))

    scale = {"type": "integer", "minimum": 1, "maximum": 4, "default": 2}
    made = causes(model, {"image": PICTURE, "scale": scale}, FILE)

    assert any("has not the size that 'scale' says" in one for one in made) is (found is not None)


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda count, rate: {"duration": count / rate}, None),
        (lambda count, rate: {"duration": count / 16000}, "another length than the sound"),
        (lambda count, rate: [{"text": "a", "start": 0, "end": count / rate}], None),
        (lambda count, rate: count / 16000, None),  # nobody says what it is
        (lambda count, rate: [{"text": "a", "end": count / min(rate, 16000)}], "after the end"),
    ],
)
def test_what_is_said_of_a_sound_is_of_that_sound(say: Any, found: str | None) -> None:
    def model(audio: str) -> Any:
        with wave.open(io.BytesIO(base64.b64decode(audio.partition(",")[2]))) as sound:
            return say(sound.getnframes(), sound.getframerate())

    made = causes(model, {"audio": SOUND}, {})

    assert (made == []) if found is None else any(found in one for one in made)


@pytest.mark.parametrize(
    ("say", "found"),
    [
        (lambda width, height: {"width": width, "box": [0, 0, width, height]}, None),
        (lambda width, height: {"width": height if width < 64 else width}, "'width' in the"),
        (lambda width, height: [{"box": [0, 0, width, 48 if width > 32 else 40]}], "a box in"),
    ],
)
def test_what_is_said_of_a_picture_is_of_that_picture(say: Any, found: str | None) -> None:
    def model(image: str) -> Any:
        with Image.open(io.BytesIO(base64.b64decode(image.partition(",")[2]))) as picture:
            return say(*picture.size)

    made = causes(model, {"image": PICTURE}, {})

    assert (made == []) if found is None else any(found in one for one in made)


def test_a_picture_that_is_beyond_a_bound_may_be_made_smaller() -> None:
    def model(image: str, max_side: int = 512) -> Made:
        with Image.open(io.BytesIO(base64.b64decode(image.partition(",")[2]))) as sent:
            scale = min(1.0, max_side / max(sent.size))
            return picture(*(max(1, round(side * scale)) for side in sent.size))

    side = {**MANY, "minimum": 16, "maximum": 2048, "default": 512}
    inputs = {"image": PICTURE, "max_side": side}

    assert causes(model, inputs, FILE) == []


def test_a_ratio_with_nothing_in_it_is_let_be() -> None:
    def model(aspect_ratio: str = "16:9") -> Made:
        return shown((1, 2, 3), "png") if "9" not in aspect_ratio else picture(32, 18)

    assert causes(model, given(aspect_ratio="16:9"), FILE) in (
        [],
        ["the output has not the shape that 'aspect_ratio' says"],
    )


@pytest.mark.parametrize("address", ["data:image/png;base64,abc", "data:image/png,abc", "http://a"])
def test_an_address_that_holds_no_file_is_none(address: str) -> None:
    assert file_of(address) is None


# What an answer is to be without, and its parts


@pytest.mark.parametrize(
    ("name", "cut", "found"),
    [
        ("stop", lambda text, stop: text.partition(stop)[0] if stop else text, False),
        ("stop", lambda text, stop: text.partition(f"{stop}.")[0] if stop else text, True),
        ("exclude", lambda text, word: text.replace(word, "") if word else text, False),
        ("exclude", lambda text, word: text.replace(f" {word} ", " "), True),
        ("exclude", lambda text, word: f"{text}, without {word}", False),  # a prompt
    ],
)
def test_what_an_answer_is_to_be_without_is_found_in_it(name: str, cut: Any, found: bool) -> None:
    def model(text: str = "the cat sat on the mat", **more: str) -> str:
        return cut(f"{text} for ever and a day", more.get(name, ""))

    inputs = given(**{"text": "the cat sat on the mat", name: ""})
    if name == "stop":
        inputs[name]["description"] = "The answer ends before this."
    made = causes(model, inputs, TEXT)

    assert any(name in one for one in made) is found


@pytest.mark.parametrize("begin", [0, 1])
def test_parts_that_are_not_the_whole_are_found(begin: int) -> None:
    def model(offset: int = 0, limit: int = 5) -> list[str]:
        return list("abcdefgh"[max(0, offset - begin) :][:limit])

    offset = {"type": "integer", "minimum": 0, "maximum": 8, "default": 0}
    made = causes(model, {"offset": offset, "limit": MANY}, LIST)

    assert any("are not the whole" in one for one in made) is bool(begin)


@pytest.mark.parametrize("greedy", [True, False])
def test_chance_where_nothing_is_left_to_it_is_found(greedy: bool) -> None:
    def model(temperature: float = 1, seed: int = 1) -> str:
        return "a" if greedy and not temperature else str(random.Random(seed).random())

    about = {"type": "number", "minimum": 0, "default": 1, "description": "0 is greedy."}
    made = causes(model, {"temperature": about, "seed": SEED}, TEXT, CHANCE)

    assert any("though 'temperature' is 0" in one for one in made) is not greedy


# What somebody else sent


@pytest.mark.parametrize("shown", [True, False])
def test_what_somebody_else_sent_is_found_in_a_refusal(shown: bool) -> None:
    last = [""]

    def predict(text: str = "a few words") -> int:
        if len(text) < 3:
            raise ValueError(f"text is too short, unlike {last[0] if shown else 'others'}")
        last[0] = text
        return len(text)

    bench = Bench(predict)
    runs = Runs(bench.predict, lambda one: one.output, parallel=1, longest_s=60)
    for inputs in ({}, {"text": "a"}):
        runs.one(Probe(inputs=inputs, layer="awkward", changed=tuple(inputs)))
    schema = {"components": {"schemas": {"Input": {"properties": given(text="a few words")}}}}

    made = hindsight.suspicions(fields_of(schema), runs, source_of(""), {}, None)

    assert [one.rule for one in made] == ["fuzz-state-leak"] * shown


@pytest.mark.parametrize("part", [lambda text: text, lambda text: text.lower()])
def test_what_is_kept_by_too_little_of_a_text_is_found(part: Any) -> None:
    """In another process the text that is nearly the same comes first."""

    def keeper() -> Any:
        kept: dict[str, str] = {}
        return lambda text="one two three": kept.setdefault(part(text), text[::-1])

    code = "KEPT = {}\ndef predict(text): KEPT[text] = 1"
    made, _ = found(keeper(), Elsewhere(keeper()), code)

    assert [rule for rule, _ in made] == ["fuzz-nondeterministic"] * (part("A") == "a")


def test_a_text_that_is_made_again_of_itself_is_no_word_of_somebody_else() -> None:
    """Both were sent by us: what one makes of the other is no leak."""

    def model(text: str = "abc", mode: str = "encode") -> str:
        return text[::-1]

    modes = {"type": "string", "enum": ["encode", "decode"], "default": "encode"}

    assert told(fuzz(model, {**given(text="abc"), "mode": modes}, TEXT, 100)) == []


def test_words_of_items_are_not_counted_as_items() -> None:
    """With items of one word each there are as many of both."""
    inputs = {"tags": {**LIST, "default": ["one", "two"]}}

    made = causes(lambda tags=("one", "two"): " ".join(tags), inputs, TEXT)

    assert not any("as many words" in one for one in made)
