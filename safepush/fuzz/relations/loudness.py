"""What is louder, or brighter, than there is room for is cut off, and not its opposite."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from safepush.compare import File
from safepush.compat.shapes import number
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, recordings
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.alikeness import seen
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files, sound_of
from safepush.fuzz.promises.sounds import heard
from safepush.fuzz.relations.relation import Relation

_LOUD = re.compile(
    r"(?:\w+_)?(?:volume|gain|loudness|amplitude|level|boost|louder|gain_db|volume_db)(?:_db)?"
)
_BRIGHT = re.compile(r"(?:\w+_)?(?:brightness|exposure|gain|lighten|brighten)")
#: then what is high may well become low
_TURNS = re.compile(
    r"\bfold|\bwrap|\boverflow|\binvert|\bphase|\bnegativ|\bopposite|\bsolari[sz]|\bmodulat|\bring\b"
)
#: of full scale: what is loud, and how much of it may come out the other way round
LOUD, FEW, LEAST = 0.3, 0.02, 0.02
#: of 255: what is light, what is dark, and what grows lighter all the same
LIGHT, DARK, MIDDLE = 200.0, 90.0, (70.0, 130.0)
MOST = 2


@dataclass(frozen=True)
class Loudness(Relation):
    """More of it beside the usual amount, and a loud sound beside a soft one."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """What turns into its opposite where there is too much of it, twice."""
        if len([*files(self.first.output)]) != 1:
            return
        if any(_TURNS.search(one.text) for one in sentences(self.fields, self.source)):
            return
        for field in [one for one in self.fields if _is_amount(one)][:MOST]:
            yield from self._more(field)
        yield from self._louder()

    def _more(self, field: Field) -> Iterator[Suspicion]:
        for value in _more_of(field, self.usual(field)):
            loud = self.known({field.name: value})
            if not _turned(self.first.output, loud.output):
                continue
            if _turned(self.first.output, self.runs.one(loud.probe).output):
                told = f"with much of {field.name!a} what is loud, or light, is its opposite"
                yield self.suspicion(told)
                return

    def _louder(self) -> Iterator[Suspicion]:
        """A loud sound in two channels beside a soft one of the same shape."""
        given = [*files(self.first.output)]
        sent = [one for one in self.fields if _is_sound(one, self.usual(one))]
        if not sent or sound_of(given[0]) is None:
            return
        soft, loud = (media.own(one).uri for one in _levels())
        pair = [self.made({one.name: uri for one in sent}) for uri in (soft, loud)]
        if all(one.succeeded for one in pair) and _turned(pair[0].output, pair[1].output):
            again = [self.runs.one(one.probe) for one in pair]
            if _turned(again[0].output, again[1].output):
                told = f"what is loudest in {sent[0].name!a} comes out as its opposite"
                yield self.suspicion(told)


def _is_amount(field: Field) -> bool:
    name = field.name.lower()
    counted = field.numbers is not None and not field.choices
    return counted and bool(_LOUD.fullmatch(name) or _BRIGHT.fullmatch(name))


def _more_of(field: Field, usual: Any) -> list[float]:
    """The most of it, and amounts that are not so much more than usual."""
    found = field.numbers
    if found is None or found.high is None or found.high.open or not is_number(usual):
        return []
    high = number(found.high.value)
    made = [high, 3 * usual if usual > 0 else 10, (usual + high) / 2]
    fitting = [int(one) if found.is_integer else one for one in made]
    return [one for one in dict.fromkeys(fitting) if one > usual and field.takes(one)]


def _is_sound(field: Field, value: Any) -> bool:
    found = media.of(value) if field.is_file else None
    return found is not None and found.kind == "sound"


def _levels() -> tuple[media.Medium, media.Medium]:
    """(a soft sound, the same one loud), in two channels."""
    tone = np.sin(np.arange(8000) * 330 * 2 * np.pi / 16000)
    soft, loud = (
        np.repeat((tone * level * 32767).astype("<i2"), 2).tobytes() for level in (0.1, 0.95)
    )
    made = (("soft sound in stereo", soft), ("loud sound in stereo", loud))
    return tuple(recordings.wav(name, frames, 16000, 2, 2) for name, frames in made)  # type: ignore[return-value]


def _turned(less: Any, more: Any) -> bool:
    """Whether what is high with less of it is low with more."""
    one, other = next(files(less), None), next(files(more), None)
    if one is None or other is None:
        return False
    sounds = _heard(one), _heard(other)
    if sounds[0] is not None and sounds[1] is not None:
        return _flipped(*sounds)
    first, second = seen(one, plain=True), seen(other, plain=True)
    if first is None or second is None or first.shape != second.shape:
        return False
    light = (first >= LIGHT) & (second <= DARK)
    middle = (first >= MIDDLE[0]) & (first <= MIDDLE[1])
    lighter = middle.any() and float((second - first)[middle].mean()) > 10
    return bool(light.mean() > FEW and lighter)


def _flipped(one: Any, other: Any) -> bool:
    """Whether the loudest samples have the other sign, and not the soft ones."""
    if one.shape != other.shape or not one.size:
        return False
    most = float(np.abs(one).max())
    if most < LEAST:
        return False
    high = np.abs(one) > 0.6 * most
    against = high & (np.sign(one) != np.sign(other)) & (np.abs(other) > LOUD)
    smooth = np.abs(one) > 0.1 * most
    # where it is soft it has to have its sign, so that it is not turned round as a whole
    along = smooth & (np.abs(one) < 0.5 * most)
    kept = (np.sign(one) == np.sign(other))[along]
    return bool(against[high].mean() > FEW and (not kept.size or kept.mean() > 0.6))


def _heard(file: File) -> Any:
    """Samples of 16 bits."""
    found = heard(file)
    return found.samples.reshape(-1) if found is not None and found.width == 2 else None
