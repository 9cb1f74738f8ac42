"""Two channels that were the same come out as one channel does, and times follow the rate."""

import io
import wave
from typing import Any

import numpy as np
import pytest

from safepush.compare import File
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises import measured
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.relations.containers import Containers
from safepush.fuzz.relations.rates import Rates
from tests.unit.safepush.fuzz.test_fuzz_containers import file, told_of
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_rows import held

UNLIKE = "'audio' gives something else as stereo WAV than as sound"
RATE = 16000


def read(audio: str) -> tuple[Any, int]:
    """(samples of 16 bits, a row for each frame; the rate)."""
    with wave.open(file(audio)) as sound:
        channels, width, rate, count = sound.getparams()[:4]
        frames = sound.readframes(count)
    if width != 2:
        raise ValueError("audio is not of 16 bits")
    return np.frombuffer(frames, "<i2").reshape(-1, channels).astype(float), rate


def written(samples: Any, rate: int = RATE) -> File:
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((samples.shape[1], 2, rate, 0, "NONE", ""))
        sound.writeframes(samples.clip(-32768, 32767).astype("<i2").tobytes())
    return File(content.getvalue())


# Two channels that are the same


def swell(count: int) -> Any:
    """Louder from silence for a tenth of a second, and softer to it at the end."""
    edge = np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.1 * RATE)
    return edge.clip(0, 1)


def scrambled(samples: Any) -> Any:
    tracks = samples.reshape(samples.shape[1], -1)  # as if one channel came after the other
    return (tracks * swell(len(samples))).reshape(samples.shape)


def echoed(samples: Any, *, by: int) -> Any:
    """With an echo so many samples, or frames, later."""
    flat = samples.ravel().copy()
    later = by * (samples.shape[1] if by > 4001 else 1)
    flat[later:] -= flat[:-later] * 0.9
    return flat.reshape(samples.shape)


def noisy(samples: Any) -> Any:
    dice = np.random.default_rng(1)
    return samples + dice.normal(0, 300, samples.shape)


def one_louder(samples: Any) -> Any:
    return samples * np.linspace(1, 0.5, samples.shape[1])


def halved(samples: Any) -> Any:
    """As loud in all channels together as in one."""
    return samples / samples.shape[1] ** 0.5


def turned(samples: Any) -> Any:
    """The second channel half a wave later."""
    made = samples.copy()
    made[:, 1:] = np.roll(samples[:, 1:], 18, axis=0)
    return made


@pytest.mark.parametrize(
    ("make", "said", "found"),
    [
        (scrambled, "A recording.", 1),
        (lambda samples: samples * swell(len(samples))[:, None], "A recording.", 0),
        (lambda samples: echoed(samples, by=4001), "A recording.", 1),  # of samples, and not frames
        (lambda samples: echoed(samples, by=4002), "A recording.", 0),
        (noisy, "A recording.", 0),
        (halved, "A recording.", 0),
        (turned, "A recording.", 1),
        (turned, "A recording; two channels sound wider.", 0),
        (turned, "A recording, with a chorus.", 0),
        (lambda samples: samples.mean(axis=1, keepdims=True), "A recording.", 0),
        (one_louder, "A recording.", 0),
        (scrambled, "A mono recording.", 0),
    ],
)
def test_two_channels_that_are_mixed_up_are_found(make: Any, said: str, found: int) -> None:
    def model(audio: str) -> File:
        return written(make(read(audio)[0]))

    assert containers(model, said) == [UNLIKE] * found


@pytest.mark.parametrize("is_drawn", [True, False])
def test_chance_may_have_another_turn_in_each_channel(is_drawn: bool) -> None:
    def model(audio: str, seed: int = 1) -> File:
        samples = read(audio)[0].copy()
        for channel, at in zip(range(samples.shape[1]), (900, 5000), strict=False):
            samples[at : at + 400, channel] = 0  # a gap in each
        return written(samples)

    seed = {"seed": {"type": "integer", "minimum": 0, "maximum": 9, "default": 1}}
    made = containers(model, "A recording.", **(seed if is_drawn else {}))
    assert made == [UNLIKE] * (not is_drawn)


def containers(model: Any, said: str, **more: Any) -> list[str]:
    def relation(fields: Any, first: Any, runs: Any, source: Any) -> Containers:
        return Containers(fields, runs, source, first.probe.inputs)

    sent = {"audio": media.usual("sound").uri}
    return held(relation, model, {"audio": told_of(said), **more}, **sent)


# One sound at two rates


def heard(audio: str, *, rate: int | None = None, frame: int = 320) -> dict[str, Any]:
    """Where there is sound, as if it had that rate."""
    samples, own = read(audio)
    frames = [samples[at : at + frame] for at in range(0, len(samples), frame)]
    loud = [bool(np.abs(one).max() > 1000) for one in frames]
    edges = np.diff(np.array([False, *loud, False]).astype(int))
    starts, ends = (np.flatnonzero(edges == way) * frame / (rate or own) for way in (1, -1))
    return {
        "duration": len(samples) / own,
        "starts": starts.tolist(),
        "ends": ends.tolist(),
    }


def spans(told: dict[str, Any]) -> list[list[float]]:
    return [[*pair] for pair in zip(told["starts"], told["ends"], strict=True)]


@pytest.mark.parametrize(
    ("say", "said", "found"),
    [
        (lambda audio: heard(audio, rate=16000), "A recording.", 1),
        (lambda audio: heard(audio, rate=44100), "A recording.", 1),
        (lambda audio: heard(audio, rate=44100), "A recording at any rate, 44.1 kHz and so.", 1),
        (lambda audio: heard(audio, rate=16000), "A recording of 16 kHz.", 0),
        (lambda audio: heard(audio, rate=16000), "A recording, 16000 samples a second.", 0),
        (heard, "A recording.", 0),
        (lambda audio: heard(audio, frame=1000), "A recording.", 0),
        (lambda audio: spans(heard(audio, rate=16000)), "A recording.", 0),  # of nobody knows what
        (lambda audio: {"pauses": spans(heard(audio, rate=16000))}, "A recording.", 1),
        (
            lambda audio: [{"start": a, "end": b} for a, b in spans(heard(audio, rate=16000))],
            "A recording.",
            1,
        ),
        # counted in samples, and in blocks of them
        (lambda audio: heard(audio, rate=1), "A recording.", 0),
        (lambda audio: heard(audio, rate=4000, frame=4000), "A recording.", 0),
        (lambda audio: {"duration": heard(audio, rate=16000)["ends"][-1]}, "A recording.", 0),
    ],
)
def test_times_that_know_of_one_rate_are_found(say: Any, said: str, found: int) -> None:
    sent = {"audio": media.usual("sound").uri}
    told = "the same sound in 'audio' at twice the rate gives times twice as late"

    assert held(Rates, say, {"audio": told_of(said)}, **sent) == [told] * found


def kept(output: Any, audio: Any = None, said: str = "A recording.") -> set[bool | None]:
    """What the promises that speak of times say."""
    audio = audio or next(one for one in media.corpus("sound") if one.name == "WAV of 44.1 kHz")
    properties = {"audio": told_of(said)}
    fields = fields_of(document(properties, []))
    made = Made(inputs={"audio": audio.uri}, changed=frozenset({"audio"}), output=output)
    told = [one for one in measured.promises(fields) if "a time after" in one.broken]
    return {one.kept(made) for one in told}


@pytest.mark.parametrize(
    ("output", "said", "right"),
    [
        ({"starts": [0.0], "ends": [0.69]}, "A recording.", False),  # of a quarter of a second
        ({"starts": [0.0], "ends": [0.69]}, "A recording of 16 kHz.", None),
        ({"end": 0.69}, "A recording of 16 kHz.", False),
        ({"starts": [0.0], "ends": [0.25]}, "A recording.", True),
        ({"starts": [], "ends": []}, "A recording.", None),
        ({"pauses": [[0.1, 0.7]]}, "A recording.", False),
        ({"pauses": [[0.7, 0.1]]}, "A recording.", None),
        ({"samples": [4000]}, "A recording.", None),
    ],
)
def test_times_in_lists_are_within_the_sound(output: Any, said: str, right: bool | None) -> None:
    assert kept(output, said=said) - {None} == {right} - {None}


@pytest.mark.parametrize(
    ("output", "right"),
    [
        ({"duration": 2.0, "starts": [0.5], "ends": [1.9]}, True),
        ({"duration": 2.0, "starts": [0.5, 2.5], "ends": [1.9, 4.0]}, False),
        ({"duration": 2.0, "starts": [1.0, 4.0], "ends": [2.0, 5.0]}, None),  # all together
        ({"duration": 2.0, "times": []}, None),
        ({"duration": 2.0, "times": ["9"]}, None),
    ],
)
def test_times_in_lists_are_within_the_duration_beside_them(
    output: Any, right: bool | None
) -> None:
    assert kept(output, media.usual("text")) - {None} == {right} - {None}
