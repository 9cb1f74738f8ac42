"""Choices that nobody wrote, days that there are not, samples that change how long a sound is."""

import io
import wave
from collections.abc import Callable
from typing import Any

import pytest

from safepush.compare import File
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.promises import days
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.relations import effects
from safepush.fuzz.relations.choices import Choices
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

#: names a way that the code calls otherwise
CODE = '''
WAYS = {"upper": str.upper, "title": str.title, "swapped": str.swapcase}
class Predictor:
    def predict(self, text: str, way: str = Input(choices=["upper", "title", "swap"])):
        """The text."""
        return WAYS.get(way, str.upper)(text)
'''
TOLD = "The way in which letters are written."


def found(ways: dict[str, Callable[[str], str]], code: str = CODE, said: str = TOLD) -> list[str]:
    """What is said of choices of which each does so."""
    runs = Runs(Bench(model_of(ways)).predict, lambda one: one.output, parallel=1, longest_s=60)
    way = {"type": "string", "enum": list(ways), "default": next(iter(ways)), "description": said}
    fields = fields_of(document({"text": {"type": "string"}, "way": way}, ["text"]))
    first = runs.first(Probe(inputs={"text": "an apple"}, layer="usual"))
    for text in ("pear", "two Pears", ""):
        runs.one(Probe(inputs={"text": text}, layer="awkward", changed=("text",)))
    relation = Choices(fields, first, runs, source_of(code))
    return [one.cause for one in relation.suspicions()]


def model_of(ways: dict[str, Callable[[str], str]]) -> Callable[..., str]:
    def model(text: str, way: str = next(iter(ways))) -> str:
        return ways[way](text)

    return model


WRONG = {"upper": str.upper, "title": str.title, "swap": str.upper}
RIGHT = {"upper": str.upper, "title": str.title, "swap": str.swapcase}


def test_a_choice_that_nobody_wrote_is_found() -> None:
    assert found(WRONG) == ["'way' 'swap' gives what 'upper' does"]


@pytest.mark.parametrize(
    ("ways", "code", "said"),
    [
        (RIGHT, CODE, TOLD),
        (WRONG, CODE.replace('"swapped"', '"swap"'), TOLD),  # the code speaks of it
        (WRONG, CODE, "The way; swap is the same as upper."),
        ({"upper": str.upper, "title": str.title, "none": str.upper}, CODE, TOLD),
        ({"upper": str.upper, "title": str.title, "uppercase": str.upper}, CODE, TOLD),
        # with one input they are alike, with others not
        (
            {**RIGHT, "swap": lambda text: text.upper() if text.islower() else text.swapcase()},
            CODE,
            TOLD,
        ),
        (WRONG, CODE.replace('"title"', '"titled"'), TOLD),  # it speaks of none of them
        ({"upper": str.upper, "swap": str.upper}, CODE, TOLD),
    ],
)
def test_others_may_be_alike(ways: dict[str, Any], code: str, said: str) -> None:
    assert found(ways, code, said) == []


@pytest.mark.parametrize(
    ("output", "is_kept"),
    [
        ("2024-02-29", True),
        ("2100-02-29", False),
        (["2024-05-01", "2024-04-31"], False),
        ({"day": "2024-05-01", "n": 3}, True),
        ("2024-05-01T23:60:00Z", False),
        ("2024-05-01T23:59:00+02:00", True),
        ("not a day: 2100-02-29", None),
        ("2023-02-30", None),  # which was sent
        ("12", None),
    ],
)
def test_an_output_names_days_that_there_are(output: Any, is_kept: bool | None) -> None:
    made = Made(inputs={"start": "2023-02-30"}, changed=frozenset({"start"}), output=output)
    assert [one.kept(made) for one in days.promises()] == [is_kept]


def sound(frames: int, width: int = 2) -> File:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes(bytes(frames * width))
    return File(made.getvalue())


@pytest.mark.parametrize(
    ("frames", "count"), [({16: 4000, 24: 5333}, 1), ({16: 4000, 24: 4000}, 0)]
)
def test_a_sound_lasts_as_long_however_its_samples_are_written(
    frames: dict[int, int], count: int
) -> None:
    (applies, told, unlike) = next(one for one in effects._KINDS if "lasts" in one[1])
    bits = {"type": "integer", "enum": [16, 24], "default": 16}
    (field,) = fields_of(document({"bits": bits}, []))
    assert applies(field)
    made = {width: sound(many, width // 8) for width, many in frames.items()}
    assert unlike(16, made[16], 24, made[24]) is bool(count), told
