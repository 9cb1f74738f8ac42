"""Sentences that say of several sounds that they are a recording, one after the other: all of it.

`pieces` is the same of texts.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from safepush.compare import File
from safepush.compat.shapes import number
from safepush.fuzz.corpus import media, recordings
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.promises.sounds import Heard, heard

_PARTS = r"(?:parts|chunks|pieces|segments|sections|slices|blocks|clips|passages|files|they)"
_SOUND = (
    r"(?:recording|sound|audio|track|song|music|speech|wave|wav|take|clip|original|input"
    r"|samples|frames|whole|all of it|everything)"
)
_TOGETHER = re.compile(
    r"\btogether\b|\bjoin(?:ed|ing)?\b|\bconcatenat\w+|\bone after (?:the |an)other\b"
    r"|\bend to end\b|\bback to back\b|\bin a row\b|\bin sequence\b"
    rf"|\b{_PARTS}\b[^.;]*\bin (?:this |their )?order\b"
)
_ARE = re.compile(
    rf"\b(?:reproduces?|are|is|gives?|makes?|yields?|forms?|equals?|restores?|adds? up to)\b"
    rf"[^.;]*\b{_SOUND}\b"
)
#: "the parts cover the whole recording", which needs no other word
_COVER = re.compile(
    rf"\b{_PARTS}\b[^.;]*\b(?:cover|make up|add up to|span)\b[^.;]*"
    rf"\b(?:whole|all|entire|full|complete|recording)\b"
)
_NOTHING = re.compile(
    r"\b(?:nothing|none of it|no (?:sample|frame|second|part|piece|moment|sound|audio)s?)"
    r"(?: \w+){0,4} (?:is|are|gets?) (?:ever )?(?:lost|left out|dropped|missing|cut off)\b"
    r"|\b(?:every|each|all) (?:\w+ ){0,3}(?:samples?|frames?|seconds?|moments?)\b[^.;]*"
    r"\b(?:is|are) (?:kept|in (?:exactly |just )?one)\b"
    r"|\bloses? (?:nothing|no (?:sample|frame|second|part)s?)\b"
)
#: what is said of how long a part is, and of what is not between two of them
_ASIDE = re.compile(
    r"\b(?:at most|up to|no longer than|not longer than) (?:[\w.]+ ){1,4}?"
    r"(?:long|each|seconds?|minutes?|ms|milliseconds?|samples|frames)\b"
    r"|\bwithout (?:a |any )?(?:gaps?|overlaps?|loss|losing|pauses?|breaks?)(?: \w+ing)?"
    r"(?: (?:or|and|nor) (?:gaps?|overlaps?|loss|pauses?|breaks?))?\b"
)
_UNLESS = re.compile(r"\b(?:unless|except|but|other than|without|if|up to|at most|not|first)\b")
#: then something of it may well be elsewhere, or not there at all
_LEAVES = re.compile(
    r"\b(?:is|are|gets?|be|being) (?:\w+ )?(?:left out|dropped|skipped|discarded|removed|padded"
    r"|thrown away|cut off|trimmed|shortened|faded|resampled|sped up|slowed down|filled up)\b"
    r"|\boverlap(?:s|ped|ping)?\b|\bcross-?fad|\b(?:drops?|skips?|trims?|discards?|removes?|pads?)"
    r" (?:\w+ ){0,3}(?:silen\w+|pauses?|rest|end|last|beginning|parts?|pieces?|chunks?|segments?)\b"
    r"|\bonly the (?:first|last|loud|beginning)\b|\bfirst \w+ (?:seconds|minutes|parts|chunks)\b"
)
_DENIED = re.compile(r"\b(?:nothing|never|no|not|none|nor|without|neither)\b")
#: numbers by which it is cut in parts, and such that are about other things
_CUTS = re.compile(
    r"second|minute|length|duration|\bms\b|milli|sample|frame|long|part|chunk|piece|segment|every"
    r"|section|slice|block|\bclips?\b|split"
)
_OTHER = re.compile(
    r"overlap|\bhop\b|stride|\bgaps?\b|fade|silen|quiet|\bshare[ds]?\b|common|repeat|context"
    r"|threshold|decibel|hertz|\bhz\b|speed|tempo|pitch|\bgain\b|volume|shortest"
    r"|shorter than (?:this|that|it)"
)
_NAMED = re.compile(
    r"step|pad|trim|skip|drop|offset|start|begin|\bend\b|\brate\b|channel|\bmin\b|minimum|least"
    r"|keep|margin|\bbits?\b|extra|again|short"
)
#: with so many parts there may be more that nobody gets
_MOST = re.compile(
    r"\b(?:max(?:imum)?|most|limit|top|first)(?: number of| count of| so many)?"
    r" (?:parts|chunks|pieces|segments)\b"
)
_COUNT = re.compile(
    r"(?:n|num|number|count)(?:_of)?_\w+|(?:\w+_)?count|(?:parts|chunks|pieces|segments|splits|n)"
)
#: then they lie beside each other
_BESIDE = re.compile(r"\bstems?\b|\bspeakers?\b|\bvoices\b|\binstruments?\b|\bsources\b|\bbands?\b")
#: in how many seconds one of such a number is
_UNITS = {
    "milliseconds": re.compile(r"(?:\b|_)ms\b|milli"),
    "minutes": re.compile(r"minute"),
    "samples": re.compile(r"\b(?:samples|frames)\b|_(?:samples|frames)"),
}
RATE = 16000
_SECONDS = {"milliseconds": 1e-3, "minutes": 60.0, "samples": 1 / RATE}
RISING = "sound that rises"
#: of a part: less than half of one is left at the end, or more
LENGTHS = (2.4, 1.7)
#: how long recordings are where nothing says how long a part is, in seconds
ALONE = (3.7, 11.3, 31.3)
#: parts that are tried, in seconds, and the longest recording
TRIED, LONGEST_S = (0.5, 1.0, 2.0, 0.2, 5.0), 25.0
#: as far as codecs and filters take a sample, of 1; and the part of them that may be further
NEAR, FEW = 0.05, 0.05


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """As many samples in all, and the same ones."""
    field = about(said, fields)
    if field is None:
        return
    cuts = frozenset(one.name for one in cutting(fields))
    most = frozenset(one.name for one in fields if _MOST.search(_told(one)))
    told = f"the parts of {field.name!a} are not all of it together, as is told"
    for way in (_as_long, _as_heard):
        kept = partial(_together, field.name, cuts, most, way)
        yield Promise(broken=told, kept=kept)


def about(said: Sequence[Said], fields: Sequence[Field]) -> Field | None:
    """The only file that is sent, where such a sentence speaks of it and no other takes it back."""
    found = [one for one in fields if one.is_file]
    if len(found) != 1 or any(map(_takes_back, said)):
        return None
    return found[0] if any(_is_told(one, found[0]) for one in said) else None


def _takes_back(one: Said) -> bool:
    """Whether something may be left out, or be there twice, where nobody asks for it."""
    if one.field is not None and not one.field.required and not one.field.default:
        return False  # an input that is off: what comes out with another value is not judged
    is_so = _LEAVES.search(one.text) and not _DENIED.search(one.text)
    return bool(is_so) or _BESIDE.search(one.text) is not None


def _is_told(one: Said, field: Field) -> bool:
    text = _ASIDE.sub(" ", one.text)
    says = _TOGETHER.search(text) and _ARE.search(text)
    says = says or _COVER.search(text) or _NOTHING.search(text)
    return bool(says) and not _UNLESS.search(text) and one.field in (None, field)


def cutting(fields: Sequence[Field]) -> list[Field]:
    """Numbers that say how long a part is, or how many there are."""
    numbers = (one for one in fields if one.numbers is not None and not one.is_seed)
    return [one for one in numbers if _CUTS.search(_told(one)) and not _is_other(one)]


def _is_other(field: Field) -> bool:
    told = _told(field)
    name = told.partition(":")[0]
    return bool(_OTHER.search(told) or _MOST.search(told) or _NAMED.search(name))


def _told(field: Field) -> str:
    return f"{field.name.lower().replace('_', ' ')}: {field.description.lower()}"


# What is tried


def ideas(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Recordings that no part divides, with a few lengths of a part."""
    field = about(said, fields)
    sent = media.of(base.get(field.name)) if field is not None else None
    if field is None or sent is None or sent.kind != "sound":
        return
    found = cutting(fields)[:2]
    for length in ALONE if not found else ():
        yield {field.name: recorded(length).uri}
    for one in found:
        usual = base.get(one.name, one.default)
        for value, seconds in [*_values(one, usual)][: 3 - len(found)]:
            for length in LENGTHS if seconds else ALONE[:1]:
                yield {field.name: recorded(length * (seconds or 1)).uri, one.name: value}


def _values(field: Field, usual: Any) -> Iterator[tuple[Any, float | None]]:
    """(value, how long a part is, if that is what it says), the likeliest first."""
    if _COUNT.fullmatch(field.name.lower()) and not _unit(field):
        yield from ((one, None) for one in (7, 3, 2) if field.takes(one))
        return
    unit = _SECONDS.get(_unit(field) or "", 1.0)
    tried = (one / unit for one in TRIED)
    low = field.numbers.low if field.numbers is not None else None
    least = [number(low.value)] if low is not None and not low.open else []
    rounded = (int(one) if float(one).is_integer() else one for one in tried)
    known = [usual, *field.choices, *least, *rounded]
    fit = [one for one in known if is_number(one) and field.takes(one)]
    short = [one for one in dict.fromkeys(fit) if 0.01 < one * unit * LENGTHS[0] <= LONGEST_S]
    yield from ((one, one * unit) for one in short)


def _unit(field: Field) -> str | None:
    told = f"{field.name.lower()} {field.description.lower()}"
    return next((name for name, named in _UNITS.items() if named.search(told)), None)


def recorded(seconds: float) -> media.Medium:
    """A tone that rises all along, so that no two parts of it are alike."""
    count = int(seconds * RATE) | 1  # no number of parts but an odd one divides it
    at = np.arange(count) / RATE
    tone = np.sin(2 * np.pi * (200 + 300 * at / at[-1]) * at) * (0.2 + 0.6 * at / at[-1])
    frames = (tone * 32767).astype("<i2").tobytes()
    return media.own(recordings.wav(f"{RISING} of {count / RATE:.4f} s", frames, RATE, 1, 2))


# What comes out


Kept = bool | None
Way = Callable[[Heard, Sequence[Heard]], Kept]


def _together(name: str, cuts: frozenset[str], most: frozenset[str], way: Way, made: Made) -> Kept:
    file, row = made.files.get(name), _row(made.output)
    if file is None or row is None or made.changed - cuts - {name}:
        return None
    sent, found = _whole(file), [*sizes.files(row)]
    parts = [one for one in map(_whole, found) if one is not None]
    if sent is None or not len(sent.samples) or not len(row) == len(found) == len(parts):
        return None
    if any(made.inputs.get(one) == len(parts) for one in most):
        return None
    if any(one.channels != sent.channels for one in parts):
        return None  # each channel may be a part by itself
    rises = media.of(made.inputs.get(name))
    is_plain = made.changed == frozenset() or (rises is not None and rises.name.startswith(RISING))
    return way(sent, parts) if way is _as_long or is_plain else None


def _row(output: Any) -> list[Any] | None:
    """The only list of an output that has files."""
    if isinstance(output, list):
        return output
    inner = [*output.values()] if isinstance(output, Mapping) else []
    found = [one for one in inner if any(True for _ in sizes.files(one))]
    return found[0] if len(found) == 1 and isinstance(found[0], list) else None


def _as_long(sent: Heard, parts: Sequence[Heard]) -> bool | None:
    wanted = len(sent.samples) / sent.rate
    got = sum(len(one.samples) / one.rate for one in parts)
    if all(one.rate == sent.rate for one in parts):
        return sum(len(one.samples) for one in parts) == len(sent.samples)
    # at another rate each part has a sample more or less
    return abs(got - wanted) <= 0.01 + sum(2 / one.rate for one in parts)


def _as_heard(sent: Heard, parts: Sequence[Heard]) -> bool | None:
    if any(one.rate != sent.rate for one in parts):
        return None
    samples = np.concatenate([one.samples for one in parts]) if parts else sent.samples[:0]
    if len(samples) != len(sent.samples):
        return None  # that is told of by how long they are
    return bool((np.abs(samples - sent.samples) > NEAR).mean() <= FEW)


def _whole(file: File) -> Heard | None:
    """A sound that has as many frames as it says."""
    found = heard(file)
    return found if found is not None and found.is_whole and found.rate else None
