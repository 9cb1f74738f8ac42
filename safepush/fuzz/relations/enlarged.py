"""A picture that is larger all over: what is told in its pixels grows with it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.corpus.medium import Medium
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises import boxes
from safepush.fuzz.relations.relation import Relation

#: so many times as wide and as high: more pixels than copies have that things are looked for in
TIMES = 10
#: of a place that should grow so much, less than this part of it is no matter of being coarse
LEAST_PART = 0.5
#: how far the places may be from growing all alike, of the largest of them; and in pixels
NEAR_PART, NEAR = 0.08, 4.0
#: a thing that is smaller than this says nothing
LEAST = 12


@dataclass(frozen=True)
class Enlarged(Relation):
    """Pictures in which something is found, and the same ones ten times as large."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where all places grow alike, and less than half as much as the picture."""
        if not boxes.are_pixels(self.fields, self.source):
            return
        for field in (one for one in self.fields if one.is_file):
            sent = media.of(self.usual(field))
            if sent is None or sent.kind != "image":
                continue
            for one in (sent, *pictures.cornered()):
                small = self.known({field.name: one.uri})
                if _largest(_places(small)) < LEAST:
                    continue
                if self._is_behind(field, one, small):
                    told = f"places in {field.name!a} do not grow with the picture"
                    yield self.suspicion(f"{told}: they are told in another one's pixels")
                    return
                break

    def _is_behind(self, field: Field, one: Medium, small: Tried) -> bool:
        large = _enlarged(one.content)
        return all(
            _are_behind(_places(small), _places(self.made({field.name: large.uri})))
            for _ in range(2)
        )


def _places(made: Tried) -> list[float]:
    """All numbers of the only box that there is."""
    found = boxes.of(made.output) if made.succeeded else []
    return [*found[0].low, *found[0].high] if len(found) == 1 else []


def _largest(places: Sequence[float]) -> float:
    return max(places, default=0)


def _are_behind(small: Sequence[float], large: Sequence[float]) -> bool:
    if len(small) != len(large) or _largest(large) <= 0:
        return False
    grown = _largest(large) / _largest(small)
    near = max(NEAR, NEAR_PART * _largest(large))
    alike = all(abs(one * grown - other) <= near for one, other in zip(small, large, strict=True))
    return alike and grown < LEAST_PART * TIMES


def _enlarged(content: bytes) -> Medium:
    with Image.open(io.BytesIO(content)) as picture:
        whole = picture.convert("RGB")
    size = whole.width * TIMES, whole.height * TIMES
    made = pictures.image("enlarged picture", whole.resize(size, Image.Resampling.NEAREST))
    return media.own(made)
