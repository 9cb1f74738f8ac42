"""One sound at two rates: what is told to be at a time is there in both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, recordings
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.measured import are_of_any_rate, may_tell_times, times
from safepush.fuzz.relations.relation import Relation

RATE = 16000
#: a part of the sound that is sent, which is silent, then not, twice
PART_S = 0.3
#: in parts of a time, and in seconds: as far as frames and rounding go
NEAR_PART, NEAR_S = 0.05, 0.05
#: later than so many times as long as the sound lasts no number is one of seconds
MOST_TIMES = 4


@dataclass(frozen=True)
class Rates(Relation):
    """A sound that goes on to its end, and the same one with each sample twice, twice as fast."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Times that are twice as late for that, twice."""
        sounds = [one for one in self.fields if one.is_file]
        sent = media.of(self.usual(sounds[0])) if len(sounds) == 1 else None
        if sent is None or sent.kind != "sound" or not may_tell_times(self.first.output):
            return
        if are_of_any_rate(self.fields):
            name = sounds[0].name
            if all(self._is_twice(name) for _ in range(2)):
                told = f"the same sound in {name!a} at twice the rate gives times twice as late"
                yield self.suspicion(told)

    def _is_twice(self, name: str) -> bool:
        one, other = (self.made({name: sound.uri}) for sound in _sounds())
        return are_twice(_times(one), _times(other))


def are_twice(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether times in seconds are twice what they were."""
    most = MOST_TIMES * 4 * PART_S
    if not one or len(one) != len(other) or not PART_S / 4 <= max(one) <= most:
        return False
    if all(float(each).is_integer() for each in one):  # these may well be counted in blocks
        return False
    return all(
        abs(late - 2 * early) <= NEAR_S + NEAR_PART * late
        for early, late in zip(one, other, strict=True)
    )


def _times(made: Tried) -> list[float]:
    return times(made.output) if made.succeeded else []


@lru_cache(1)
def _sounds() -> tuple[media.Medium, media.Medium]:
    """(a sound, the same one at twice the rate)."""
    count = int(PART_S * RATE)
    tone = np.sin(np.arange(count) * 440 * 2 * np.pi / RATE) * 16000
    frames = np.tile(np.concatenate([np.zeros(count), tone]), 2).astype("<i2")
    made = recordings.wav("sound with a pause", frames.tobytes(), RATE, 1, 2)
    often = np.repeat(frames, 2).tobytes()
    other = recordings.wav("sound with a pause, at twice the rate", often, 2 * RATE, 1, 2)
    return media.own(made), media.own(other)
