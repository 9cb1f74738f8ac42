"""Colours that are told by their letters or names, with red and blue the other way round."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.alikeness import seen
from safepush.fuzz.promises.hues import is_otherwise
from safepush.fuzz.promises.parts import is_number, objects, texts
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.relations.relation import Relation

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SPEAKS = re.compile(r"#rrggbb\b|\bhex(?:adecimal)?\b")
_RGB = re.compile(
    r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)|#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})"
)
#: then the colour that is told is not the one that comes
_AGAINST = re.compile(
    r"\bbgr|\bswap|\binvert|\binvers|\bnegativ|\bopposite|\bcomplement|\bremov|\bkey(?:ed)?\b"
    r"|\b(?:made|becomes?|to be) transparent\b|\bsubtract|\bneutral|\bcorrect|\bcast\b"
    r"|\bless\b|\bbalance"
    r"|\breduc|\bweaken|\bdamp|\bsuppress|\bfilter|\bblock|\babsorb|\blens"
    r"|\bcontrast|\bagainst\b|\bis replaced\b|\bclosest\b"
)
_ORDER = re.compile(r"\bred, green,? (?:and )?blue\b|\brgb\b|\br, g,? (?:and )?b\b")
_MEMBERS = (("red", "blue"), ("r", "b"), ("mean_red", "mean_blue"), ("red_mean", "blue_mean"))
#: of 255: as far as a colour takes the average of a picture at least
FAR = 6.0
MOST = 2


@dataclass(frozen=True)
class Hues(Relation):
    """Red, and blue: as a colour that is asked for, and as a picture of it."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """What is bluer for red than for blue, twice."""
        said = sentences(self.fields, self.source)
        if not any(_AGAINST.search(one.text) for one in said):
            for field in [one for one in self.fields if self._is_colour(one)][:MOST]:
                ways = _asked(field)
                if ways is not None and self._is_crossed(field, ways):
                    yield self.suspicion(
                        f"red and blue of {field.name!a} are exchanged in the output"
                    )
                    return
        if not is_otherwise(self.fields, self.source):
            yield from self._pictures()

    def _pictures(self) -> Iterator[Suspicion]:
        """A red picture and a blue one, where the output tells of colours."""
        found = [one for one in self.fields if one.is_file]
        if any(files(self.first.output)):
            return  # whose colours are held against those that were sent
        sent = media.of(self.usual(found[0])) if len(found) == 1 else None
        if sent is None or sent.kind != "image" or _colour(self.first.output, self._is_rgb) is None:
            return
        if self._is_crossed(found[0], _plain()):
            yield self.suspicion(f"red and blue of {found[0].name!a} are exchanged in the output")

    @property
    def _is_rgb(self) -> bool:
        return any(_ORDER.search(one.text) for one in sentences(self.fields, self.source))

    def _is_colour(self, field: Field) -> bool:
        if not field.is_text and not field.choices:
            return False
        usual = str(self.usual(field) or "")
        return bool(
            _HEX.fullmatch(usual) or _SPEAKS.search(field.description.lower()) or field.choices
        )

    def _is_crossed(self, field: Field, ways: tuple[Any, Any]) -> bool:
        return all(self._is_once(field, ways) for _ in range(2))

    def _is_once(self, field: Field, ways: tuple[Any, Any]) -> bool:
        red, blue = (self.made({field.name: way}) for way in ways)
        if not (red.succeeded and blue.succeeded):
            return False
        is_rgb = self._is_rgb
        one, other = _colour(red.output, is_rgb), _colour(blue.output, is_rgb)
        if one is None or other is None:
            return False
        # green has nothing to do with it
        apart = [a - b for a, b in zip(one, other, strict=True)]
        return apart[0] < -FAR and apart[2] > FAR and abs(apart[1]) < min(-apart[0], apart[2]) / 2


def _asked(field: Field) -> tuple[Any, Any] | None:
    """Red and blue as they are written there."""
    if field.choices:
        known = {str(one).lower(): one for one in field.choices}
        return (known["red"], known["blue"]) if {"red", "blue"} <= known.keys() else None
    for ways in (("#ff0000", "#0000ff"), ("#FF0000", "#0000FF"), ("ff0000", "0000ff")):
        if all(map(field.takes, ways)):
            return ways
    return None


@lru_cache(1)
def _plain() -> tuple[str, str]:
    """A red picture, and a blue one."""
    made = [
        media.own(pictures.image(f"{name} picture", Image.new("RGB", (96, 64), shade)))
        for name, shade in (("red", (220, 30, 40)), ("blue", (40, 30, 220)))
    ]
    return made[0].uri, made[1].uri


def _colour(output: Any, is_rgb: bool) -> tuple[float, float, float] | None:
    """The colour that an output is, or tells first, from 0 to 255 or in parts of 1."""
    found = [*files(output)]
    if found:
        return _of_picture(found[-1])
    for one in objects(output):
        for red, blue in _MEMBERS:
            if is_number(one.get(red)) and is_number(one.get(blue)):
                return _scaled([one[red], 0, one[blue]])
    for _, text in texts(output):
        if match := _RGB.search(text):
            tens, letters = match.groups()[:3], match.groups()[3:]
            made = [int(one) for one in tens] if tens[0] else [int(one, 16) for one in letters]
            return _scaled(made)
    triples = [one for one in _lists(output) if len(one) == 3 and all(map(is_number, one))]
    return _scaled(triples[0]) if triples and is_rgb else None


def _lists(output: Any) -> Iterator[list[Any]]:
    if isinstance(output, list):
        yield output
    if isinstance(output, list | Mapping):
        for each in output.values() if isinstance(output, Mapping) else output:
            yield from _lists(each)


def _scaled(numbers: list[Any]) -> tuple[float, float, float]:
    times = 255 if any(isinstance(one, float) for one in numbers) and max(numbers) <= 1 else 1
    red, green, blue = (float(one) * times for one in numbers)
    return red, green, blue


def _of_picture(file: Any) -> tuple[float, float, float] | None:
    pixels = seen(file)
    if pixels is None:
        return None
    red, green, blue = pixels.reshape(-1, 3).mean(axis=0)
    return float(red), float(green), float(blue)
