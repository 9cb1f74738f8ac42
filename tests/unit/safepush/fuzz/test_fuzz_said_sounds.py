"""Parts of a recording, one after the other, are all of it, where that is told."""

import io
import wave
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.said import passages
from safepush.fuzz.promises.said.sentences import sentences
from tests.unit.safepush.fuzz import test_fuzz_promises as files
from tests.unit.safepush.fuzz.test_fuzz_containers import file
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_said import ANY, text

UNLIKE = "fuzz-output-asked: the parts of 'audio' are not all of it together, as is told"
SAID = "A recording. The parts, one after the other, are the whole recording."
SECONDS = {"type": "number", "minimum": 0.2, "maximum": 60, "default": 5}
#: (channels, bytes of a sample, rate) and the bytes of all frames
Sound = tuple[tuple[int, int, int], bytes]


def read(audio: str) -> Sound:
    with wave.open(file(audio)) as sound:
        channels, width, rate, count = sound.getparams()[:4]
        return (channels, width, rate), sound.readframes(count)


def written(kind: tuple[int, int, int], raw: bytes) -> files.Made:
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((*kind, 0, "NONE", ""))
        sound.writeframes(raw)
    return "part.wav", content.getvalue()


def frames_of(sound: Sound) -> int:
    (channels, width, _), raw = sound
    return len(raw) // (channels * width)


def parted(sound: Sound, step: int, count: int) -> list[files.Made]:
    kind, raw = sound
    size = kind[0] * kind[1] * max(1, step)
    return [written(kind, raw[at * size : (at + 1) * size]) for at in range(count)]


def whole(sound: Sound, seconds: float) -> list[files.Made]:
    step = int(seconds * sound[0][2])
    return parted(sound, step, max(1, -(-frames_of(sound) // step)))


def without_the_rest(sound: Sound, seconds: float) -> list[files.Made]:
    step = int(seconds * sound[0][2])
    return parted(sound, step, max(1, frames_of(sound) // step))


def to_the_nearest(sound: Sound, seconds: float) -> list[files.Made]:
    step = int(seconds * sound[0][2])
    return parted(sound, step, max(1, round(frames_of(sound) / step)))


def last_first(sound: Sound, seconds: float) -> list[files.Made]:
    return whole(sound, seconds)[::-1]


def filled_up(sound: Sound, seconds: float) -> list[files.Made]:
    """The last of several is as long as the others."""
    kind, raw = sound
    step = int(seconds * kind[2]) * kind[0] * kind[1]
    return whole((kind, raw + bytes(-len(raw) % step if len(raw) > step else 0)), seconds)


def evenly(sound: Sound, seconds: float) -> list[files.Made]:
    """As many parts, each as long as the others but for a frame."""
    kind, raw = sound
    count = max(1, -(-frames_of(sound) // int(seconds * kind[2])))
    size, all_frames = kind[0] * kind[1], frames_of(sound)
    ends = [all_frames * at // count * size for at in range(count + 1)]
    return [written(kind, raw[a:b]) for a, b in pairwise(ends)]


def by_channel(sound: Sound, seconds: float) -> list[files.Made]:
    (channels, width, rate), raw = sound
    size = channels * width
    frames = [raw[at : at + size] for at in range(0, len(raw), size)]
    return [
        written((1, width, rate), b"".join(one[at * width : (at + 1) * width] for one in frames))
        for at in range(channels)
    ]


Cut = Callable[[Sound, float], list[files.Made]]


def found(cut: Cut, said: str, **more: dict[str, Any]) -> int:
    sent = media.usual("sound").uri

    def model(audio: str = sent, part_seconds: float = 5, **others: Any) -> Any:
        return cut(read(audio), part_seconds, **others)

    audio = {**files.FILE, "default": sent, "description": said}
    outcome = files.fuzz(model, {"audio": audio, "part_seconds": SECONDS, **more}, ANY)
    return files.told(outcome).count(UNLIKE)


@pytest.mark.parametrize(
    ("cut", "broken"),
    [
        (without_the_rest, 1),
        (to_the_nearest, 1),
        (last_first, 1),
        (filled_up, 1),
        (whole, 0),
        (evenly, 0),
        (by_channel, 0),
    ],
)
def test_parts_that_are_not_all_of_a_recording_are_found(cut: Cut, broken: int) -> None:
    assert found(cut, SAID) == broken


@pytest.mark.parametrize(
    "said",
    [
        "A recording to cut.",
        "A recording. The parts are the recording one after the other, but for the rest.",
        f"{SAID} What is left at the end is dropped.",
        f"{SAID} Silent ones are left out.",
    ],
)
def test_what_is_not_told_or_is_taken_back_is_no_loss(said: str) -> None:
    assert found(without_the_rest, said) == 0


def shared(sound: Sound, seconds: float, overlap: float = 0) -> list[files.Made]:
    kind, raw = sound
    size = kind[0] * kind[1]
    step, both = int(seconds * kind[2]) * size, int(overlap * kind[2]) * size
    starts = range(0, max(1, len(raw)), step)
    return [written(kind, raw[at : at + step + both]) for at in starts]


def test_an_overlap_that_is_asked_for_is_no_flaw() -> None:
    kind = {"type": "number", "minimum": 0, "maximum": 1, "default": 0}
    overlap = {**kind, "description": "How much two parts overlap, in seconds."}

    assert found(shared, SAID, overlap=overlap) == 0


def test_as_many_parts_as_there_may_be_are_no_loss() -> None:
    kind = {"type": "integer", "minimum": 1, "maximum": 9, "default": 2}
    most = {**kind, "description": "At most so many parts."}

    def cut(sound: Sound, seconds: float, max_parts: int = 2) -> list[files.Made]:
        return whole(sound, seconds)[:max_parts]

    assert found(cut, SAID, max_parts=most) == 0


@pytest.mark.parametrize(("rounds_up", "broken"), [(True, 0), (False, 1)])
def test_a_number_of_parts_that_does_not_divide_it_is_tried(rounds_up: bool, broken: int) -> None:
    sent = media.usual("sound").uri

    def model(audio: str = sent, parts: int = 2) -> Any:
        sound = read(audio)
        return parted(
            sound, -(-frames_of(sound) // parts) if rounds_up else frames_of(sound) // parts, parts
        )

    audio = {**files.FILE, "default": sent, "description": SAID}
    parts = {"type": "integer", "minimum": 1, "maximum": 20, "default": 2}
    outcome = files.fuzz(model, {"audio": audio, "parts": parts}, ANY)

    assert files.told(outcome).count(UNLIKE) == broken


@pytest.mark.parametrize(("frames", "broken"), [(160_000, 1), (None, 0)])
def test_a_part_whose_length_no_input_gives_is_tried_too(frames: int | None, broken: int) -> None:
    sent = media.usual("sound").uri

    def model(audio: str = sent) -> Any:
        sound = read(audio)
        return without_the_rest(sound, 10) if frames else whole(sound, 10)

    audio = {**files.FILE, "default": sent, "description": SAID}

    assert files.told(files.fuzz(model, {"audio": audio}, ANY)).count(UNLIKE) == broken


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("Cut the recording; the parts, one after the other, are the whole recording.", True),
        ("Segments of at most ten seconds that joined give the recording.", True),
        ("The chunks in order are the input, without gaps or overlaps.", True),
        ("The parts cover the whole recording.", True),
        ("No sample is lost.", True),
        ("Every frame of it is in exactly one part.", True),
        ("Concatenated the pieces restore the original audio.", True),
        ("The recording is cut in parts of at most ten seconds.", False),
        ("The parts together are the recording, unless it is silent.", False),
        ("Each stem is a part; together they are the recording.", False),
        ("Two recordings that are played one after the other.", False),
        ("The parts overlap; one after the other they are the recording.", False),
    ],
)
def test_it_is_told_in_many_words(said: str, is_told: bool) -> None:
    properties = {"audio": {**files.FILE, "description": "A sound."}, "note": text("")}
    properties["audio"]["description"] = said
    fields = fields_of(document(properties, ["audio"]))

    assert (passages.about(sentences(fields, Source()), fields) is not None) is is_told


def test_values_of_other_units_are_read() -> None:
    whole_ms = {"type": "integer", "minimum": 100, "maximum": 60000, "default": 2000}
    fields = fields_of(
        document({"audio": {**files.FILE, "description": SAID}, "chunk_ms": whole_ms}, ["audio"])
    )
    base = {"audio": media.usual("sound").uri, "chunk_ms": 2000}

    made = list(passages.ideas(sentences(fields, Source()), fields, base))

    assert [one["chunk_ms"] for one in made] == [2000, 2000, 100, 100]
    names = [medium.name for one in made if (medium := media.of(one["audio"])) is not None]
    assert [round(float(one.split()[-2]), 1) for one in names] == [4.8, 3.4, 0.2, 0.2]
