"""Two channels that were the same come out as one channel does, and times follow the rate."""

import io
import wave
from typing import Any

import numpy as np
import pytest

from safepush.compare import File
from safepush.fuzz.corpus import media
from safepush.fuzz.relations.containers import Containers
from tests.unit.safepush.fuzz.test_fuzz_containers import file, told_of
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
