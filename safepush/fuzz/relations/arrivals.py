"""A series from one end to another that is told to begin with the one and to end with the other."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageSequence

from safepush.compare import File, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation

_BEGINS, _ENDS = (
    ("start", "from", "first", "begin", "source", "a"),
    ("end", "to", "last", "stop", "target", "b"),
)
_PAIRS = (
    *zip(_BEGINS, _ENDS, strict=True),
    ("start", "stop"), ("start", "finish"), ("from", "until"), ("begin", "finish"),
    ("low", "high"), ("lower", "upper"), ("min", "max"), ("minimum", "maximum"),
    ("first", "second"), ("start", "to"), ("before", "after"),
)  # fmt: skip
_LAST = re.compile(
    r"\b(?:last|final)\b|\bboth (?:ends|of them|colou?rs|are|inclusive|included)\b"
    r"|\bends? (?:\w+ )?(?:included|inclusive|counted)\b|\binclusive\b|\bincluding both\b"
    r"|\b(?:ends|ending|finishes|stops|arrives?) (?:\w+ )?(?:with|at|on|in|as)\b"
    r"|\breach(?:es|ed)?\b"
)
_NOT = re.compile(
    r"\b(?:exclu|not includ|without the|before|short of|never|but not|up to|open|loop|cycl|around"
    r"|repeat|shuffl|random|sort|approach|towards|nearly|almost)"
)
#: of 255, as far as codecs take a picture; and parts of a number
NEAR, PART = 3.0, 1e-3


@dataclass(frozen=True)
class Arrivals(Relation):
    """The same from an end to itself, and the other way round; `source` has sentences too."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """A series that begins with its first end and does not come to its last one."""
        said = sentences(self.fields, self.source)
        for begin, end in self._ends():
            a, b = self.usual(begin), self.usual(end)
            if a == b or len(_parts(self.first.output)) < 2 or not _tells(said, begin, end):
                continue
            if not (begin.takes(b) and end.takes(a) and self._is_counted()):
                continue
            if self._falls_short(begin, end) and self._falls_short(begin, end):
                told = f"the last one is not at {end.name!a}, as is told"
                yield self.suspicion(told)

    def _is_counted(self) -> bool:
        """Whether a number says how many there are: steps of one size may miss the end."""
        count = len(_parts(self.first.output))
        whole = [one for one in self.fields if one.numbers is not None and one.numbers.is_integer]
        return any(self.usual(one) == count for one in whole)

    def _ends(self) -> Iterator[tuple[Field, Field]]:
        known = {one.name.lower(): one for one in self.fields}
        for first, last in _PAIRS:
            for name, one in known.items():
                words = name.split("_")
                if first in words:
                    other = known.get("_".join(last if word == first else word for word in words))
                    if other is not None and _kind(one) == _kind(other):
                        yield one, other

    def _falls_short(self, begin: Field, end: Field) -> bool:
        """Whether from b to a ends elsewhere than in a, where from a to b begins in a."""
        a, b = self.usual(begin), self.usual(end)
        here = self.made({begin.name: a, end.name: b})
        back = self.made({begin.name: b, end.name: a})
        there, again = _parts(here.output), _parts(back.output)
        if not (here.succeeded and back.succeeded) or len(there) != len(again) or len(there) < 2:
            return False
        if is_number(there[0]) and is_number(a):
            return _near(there[0], a) and not _near(again[-1], a)
        return self._stays_short(begin, end, a, there, again)

    def _stays_short(self, begin: Field, end: Field, a: Any, there: Any, again: Any) -> bool:
        """By what from a to a is, if that is the same throughout."""
        stays = self.made({begin.name: a, end.name: a})
        still = _parts(stays.output)
        # an animation may have frames that are one and the same as one
        if not stays.succeeded or len(still) not in (len(there), 1):
            return False
        even = _alike(still[0], still[-1]) and not _alike(there[0], there[-1])
        return even and _alike(there[0], still[0]) and not _alike(again[-1], still[-1])


def _kind(field: Field) -> Any:
    numbers = field.numbers is not None and not field.choices
    return ("number", field.is_file) if numbers else (field.choices or field.is_text, field.is_file)


def _tells(said: list[Said], begin: Field, end: Field) -> bool:
    told = [one.text for one in said if one.field in (end, begin) or one.field is None]
    if any(_NOT.search(one) for one in told):
        return False
    own = [one.text for one in said if one.field == end]
    both = [one.text for one in said if one.field is None and one.names(end.name)]
    return any(_LAST.search(one) for one in (*own, *both))


def _parts(output: Any) -> list[Any]:
    """The items of a list, or the pictures of the only file."""
    if isinstance(output, dict):
        found = [one for one in output.values() if isinstance(one, list) and len(one) > 1]
        return found[0] if len(found) == 1 else []
    if isinstance(output, File):
        return _frames(output)
    return output if isinstance(output, list) else []


def _frames(file: File) -> list[Any]:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            return [
                np.asarray(one.convert("RGB"), np.float64)
                for one in ImageSequence.Iterator(picture)
            ]
    except Exception:  # decoders raise what they like; what is no picture has no frames
        return []


def _near(one: Any, other: Any) -> bool:
    return is_number(one) and is_number(other) and abs(one - other) <= PART * max(1, abs(other))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, File) and isinstance(other, File):
        frames = _frames(one), _frames(other)
        return len(frames[0]) == len(frames[1]) == 1 and _alike(frames[0][0], frames[1][0])
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.abs(one - other).mean() <= NEAR)
    return not compare(one, other)
