"""Sentences that two predictions hold together: "capitals make no difference", "one for each"."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File, Tolerance, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises.parts import is_number, members
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said import values, wayup
from safepush.fuzz.promises.said.aims import WHOLE, ends
from safepush.fuzz.promises.said.kept import ends_at
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.promises.said.turned import Turned
from safepush.fuzz.promises.sizes import files, seconds
from safepush.fuzz.runs import Runs

Step = tuple[Tried, Suspicion | None]
Changes = Mapping[str, Any]

_NO_MATTER = (
    r"(?:makes? no difference|do(?:es)? not (?:matter|count)"
    r"|(?:is|are) (?:ignored|skipped|passed over|no matter|alike|the same))"
)
_CAPITALS = re.compile(
    rf"\b(?:capitals|capital letters|case|upper and lower case) {_NO_MATTER}"
    r"|\bcase[- ]insensitiv|\bcapitals or (?:not|in small|small)\b|\bupper or lower case\b"
    r"|\b(?:does not matter|makes no difference) whether\b.*\bcapitals\b"
    r"|\bwhatever (?:its|the|their) capitals\b"
    r"|\b(?:ignor\w+|regardless of|no heed of|without regard to) (?:the )?(?:case|capitals)\b"
)
_BLANKS = re.compile(
    r"\b(?:blanks|spaces|white ?space) (?:around (?:it|them)|at (?:its|the|both) ends?) "
    + _NO_MATTER
)
_ORDER = re.compile(rf"\b(?:the|their) order(?: of them)? {_NO_MATTER}")
_ACCENTS = re.compile(rf"\baccents {_NO_MATTER}")
_DASHES = re.compile(rf"\b(?:dashes|hyphens)(?: and (?:spaces|blanks))? {_NO_MATTER}")
_GAPS = re.compile(rf"\b(?:spaces|blanks)(?: and (?:dashes|hyphens))? {_NO_MATTER}")
_EMPTY_LINES = re.compile(rf"\b(?:empty|blank) lines {_NO_MATTER}")
_EMPTY_ITEMS = re.compile(rf"\bempty (?:ones|entries|items|texts|words|names) {_NO_MATTER}")
_AGAIN = re.compile(
    rf"\b(?:duplicates|repeats) {_NO_MATTER}|\bcounts? only once\b|\bcounted once\b"
)
#: then it holds under a condition, or not at all
_UNLESS = re.compile(
    r"\b(?:unless|if|when|where|off|false|otherwise|not ignored|as (?:given|written))\b"
)
_EACH = re.compile(r"\b(?:one(?: \w+)? (?:is \w+ |comes |given )?for each|each .* by itself)\b")
_RELATIVE = re.compile(
    r"relative|against each other|compar|rank|add up|sums? to|normali[sz]|share of|among|similar"
    r"|cluster|group|together|percent|distance|rarest|commonest|frequen|the others"
)
_BRIGHTER = re.compile(
    r"\babove 1(?:\.0)?,? (?:\w+ ){0,3}(?:brighter|lighter)\b"
    r"|\bhow much (?:brighter|lighter)\b|\bmakes? (?:it|each pixel) (?:brighter|lighter)\b"
)
_ADDED = re.compile(r"\b(?:is |are )?added to (?:each|every|all)\b|\badds? \w+ to (?:each|every)\b")
_TAKEN = re.compile(r"\b(?:subtracted|taken off|taken away) (?:from )?(?:each|every|all)\b")
_SECONDS = re.compile(r"\b(?:seconds|duration|how much to keep|length)\b")
_LENGTH = re.compile(r"(?:\w+_)?(?:seconds|duration)(?:_s)?|(?:length|end|start)_s")
#: of 255, as far as codecs take a pixel; and the part of the pixels that may be further
NEAR, FEW = 32.0, 0.01
#: vectors may differ by so much for being made side by side
NEARLY = Tolerance(number=1e-3)


@dataclass(frozen=True)
class Twice:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    source: Source
    alike: Tolerance

    def steps(self) -> Iterator[Step]:
        """Each prediction that is made, with what does not hold by then, twice."""
        said = sentences(self.fields, self.source)
        for one in said:
            yield from self._unmoved(one)
            yield from self._each(one, said)
            yield from self._raised(one)
            yield from self._stopped(one)
        if wayup.tells(said):
            yield from self._upright(wayup.switched(said))
        if any(_SECONDS.search(one.text) for one in said):
            yield from self._channels()
        yield from Turned(self.fields, self.first, self.runs, self.alike).steps(said)
        for field, value in values.endless(said):
            yield from self._endless(field, value)

    def _made(self, changes: Changes) -> Tried:
        inputs = {**self.first.probe.inputs, **changes}
        return self.runs.one(Probe(inputs=inputs, layer="said", changed=tuple(changes)))

    def _told(self, field: Field) -> Any:
        return self.first.probe.inputs.get(field.name, field.default)

    def _both(
        self, told: str, one: Changes, other: Changes, unlike: Callable[[Any, Any], bool]
    ) -> Iterator[Step]:
        """Two predictions, and both once more where their outputs do not go together."""
        first, second = self._made(one), self._made(other)
        yield first, None
        if not self._are_unlike(first, second, unlike):
            yield second, None
            return
        again = self._made(one), self._made(other)
        found = Suspicion(rule=RULE, cause=told, detail=told, tried=second, is_proven=True)
        yield second, found if self._are_unlike(*again, unlike) else None

    def _are_unlike(self, one: Tried, other: Tried, unlike: Callable[[Any, Any], bool]) -> bool:
        return one.succeeded and other.succeeded and unlike(one.output, other.output)

    # What makes no difference

    def _unmoved(self, one: Said) -> Iterator[Step]:
        field = one.field
        for pattern, what, change, folded in _UNMOVED:
            if field is None or not pattern.search(one.text) or _UNLESS.search(one.text):
                continue
            is_switch = set(field.choices) == {True, False}
            on = {field.name: True} if is_switch else {}
            texts = [each for each in self.fields if _holds_text(each)] if is_switch else [field]
            for each in texts[:1]:
                for value in _changed(self._told(each), change):
                    if each.takes(value):
                        unlike = _Unlike(folded, self.alike)
                        told = f"{what} in {each.name!a} make a difference, and none is told"
                        yield from self._both(told, on, {**on, each.name: value}, unlike)

    # One for each

    def _each(self, one: Said, said: Sequence[Said]) -> Iterator[Step]:
        field = one.field
        item = None if field is None else field.item
        if field is None or item is None or not item.is_free_text or not _EACH.search(one.text):
            return
        usual = self._told(field)
        relative = any(_RELATIVE.search(each.text) for each in said)
        if relative or not isinstance(usual, list) or not usual:
            return
        alone, among = [usual[0]], [usual[0], WHOLE, usual[0]]
        if field.takes(among):
            told = f"an item of {field.name!a} gives something else beside a longer one than alone"
            yield from self._both(told, {field.name: alone}, {field.name: among}, _is_other_item)

    # What is added to each

    def _raised(self, one: Said) -> Iterator[Step]:
        field = one.field
        if field is None or field.numbers is None or field.choices:
            return
        more = _ADDED.search(one.text) or _BRIGHTER.search(one.text)
        way = bool(more) - bool(_TAKEN.search(one.text))
        limits = ends(field)
        if not way or len(limits) < 2:
            return
        told = f"with more of {field.name!a} something goes {'down' if way > 0 else 'up'}"
        low, high = limits
        usual = self._told(field)
        for less in dict.fromkeys((low, *([usual] if is_number(usual) else []))):
            if less != high:
                yield from self._both(
                    told, {field.name: less}, {field.name: high}, lambda a, b: _goes_back(a, b, way)
                )

    # A number that stands for all there is

    def _endless(self, field: Field, value: int) -> Iterator[Step]:
        more = [one for one in (*ends(field)[1:], 1000, 100) if field.takes(one)]
        for most in more[:1]:
            told = f"there is less where {field.name!a} is {value}, which gives all, as is told"
            yield from self._both(told, {field.name: value}, {field.name: most}, values.is_less)

    # What a text ends before

    def _stopped(self, one: Said) -> Iterator[Step]:
        """Where its parts meet: that is told of by what each output has to hold to."""
        if one.field is None or not ends_at(one):
            return
        for stop in _seams(self.first.output)[:2]:
            if one.field.takes(stop):
                yield self._made({one.field.name: stop}), None

    # One picture or sound, stored in two ways

    def _file(self, kind: str) -> Field | None:
        found = [one for one in self.fields if one.is_file]
        sent = media.of(self._told(found[0])) if len(found) == 1 else None
        return found[0] if sent is not None and sent.kind == kind else None

    def _upright(self, on: Changes) -> Iterator[Step]:
        field = self._file("image")
        if field is None:
            return
        told = f"{field.name!a} does not come out upright where its EXIF says how it is turned"
        for upright, turned in wayup.pairs():
            one, other = {**on, field.name: upright}, {**on, field.name: turned}
            yield from self._both(told, one, other, wayup.is_other)

    def _channels(self) -> Iterator[Step]:
        field = self._file("sound")
        if field is not None and _lengths(self.first.output):
            one, two = (media.recorded(channels).uri for channels in (1, 2))
            told = f"the output lasts longer or shorter where {field.name!a} is in stereo"
            yield from self._both(told, {field.name: one}, {field.name: two}, _lasts_otherwise)


def tries(
    fields: Sequence[Field], first: Tried, runs: Runs, source: Source, alike: Tolerance
) -> Iterator[Step]:
    """Everything that is said of two predictions."""
    return Twice(fields, first, runs, source, alike).steps()


# Values that are nearly the same


def _holds_text(field: Field) -> bool:
    item = field.item
    return field.is_free_text or (item is not None and item.is_free_text)


def _changed(value: Any, change: Callable[[Any], Any]) -> Iterator[Any]:
    made = change(value) if isinstance(value, str | list) and str(value).isascii() else value
    if made != value:
        yield made


def _capitals(value: Any) -> Any:
    if isinstance(value, list):
        return [_capitals(one) for one in value]
    return value.swapcase() if isinstance(value, str) else value


def _blanks(value: Any) -> Any:
    return f"  {value} " if isinstance(value, str) and value.strip() else value


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _each_text(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _accented(text: str) -> str:
    return text.replace("e", "\u00e9").replace("o", "\u00f3")


def _parted(text: str, sign: str) -> str:
    """A number or a code in two parts."""
    is_code = text.isalnum() and any(one.isdigit() for one in text)
    return f"{text[: len(text) // 2]}{sign}{text[len(text) // 2 :]}" if is_code else text


def _apart(text: str) -> str:
    return text.replace("\n", "\n\n") + "\n\n" if text.strip() else text


def _longer(value: Any, more: Any) -> Any:
    return [*value, *more] if isinstance(value, list) and value else value


def _bare(output: Any) -> Any:
    """Without accents, and without signs and blanks."""
    if isinstance(output, Mapping):
        return {name: _bare(each) for name, each in output.items()}
    if isinstance(output, list):
        return [_bare(each) for each in output]
    plain = unicodedata.normalize("NFD", output) if isinstance(output, str) else ""
    return "".join(filter(str.isalnum, plain)) if isinstance(output, str) else output


def _reversed(value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else value


def _folded(output: Any) -> Any:
    """What is echoed in other letters or with other blanks is the same."""
    return _each_text(output, lambda text: " ".join(text.casefold().split()))


def _sorted(output: Any) -> Any:
    return sorted(output, key=repr) if isinstance(output, list) else output


@dataclass(frozen=True)
class _Unlike:
    folded: Callable[[Any], Any]
    alike: Tolerance

    def __call__(self, one: Any, other: Any) -> bool:
        return bool(compare(self.folded(one), self.folded(other), self.alike))


_UNMOVED: Sequence[tuple[re.Pattern[str], str, Callable[[Any], Any], Callable[[Any], Any]]] = (
    (_CAPITALS, "capitals", _capitals, _folded),
    (_BLANKS, "blanks at the ends", _blanks, _folded),
    (_ORDER, "other orders", _reversed, _sorted),
    (_ACCENTS, "accents", lambda value: _each_text(value, _accented), _bare),
    (_DASHES, "dashes", lambda value: _each_text(value, lambda text: _parted(text, "-")), _bare),
    (_GAPS, "spaces", lambda value: _each_text(value, lambda text: _parted(text, " ")), _bare),
    (_EMPTY_LINES, "empty lines", lambda value: _each_text(value, _apart), _folded),
    (_EMPTY_ITEMS, "empty items", lambda value: _longer(value, [""]), _folded),
    (_AGAIN, "items that are there twice", lambda value: _longer(value, value), _folded),
)


# Outputs that do not go together


def _is_other_item(alone: Any, among: Any) -> bool:
    lists = isinstance(alone, list) and isinstance(among, list)
    if not lists or len(alone) != 1 or len(among) != 3:
        return False
    return any(compare(alone[0], among[at], NEARLY) for at in (0, 2))


def _array(output: Any) -> Any:
    """The pixels of the only file, or a list of numbers."""
    if isinstance(output, list) and output and all(map(is_number, output)):
        return np.asarray(output, np.float64)
    found = [*files(output)]
    return _seen(found[0]) if len(found) == 1 else None


def _seen(file: File) -> Any:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            return np.asarray(picture.convert("RGB"), np.float64)
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None


def _goes_back(low: Any, high: Any, way: int) -> bool:
    one, other = _array(low), _array(high)
    if one is None or other is None or one.shape != other.shape:
        return False
    near = NEAR if one.ndim > 1 else 1e-6
    return bool(((one - other) * way > near).mean() > FEW)


def _lasts_otherwise(one: Any, other: Any) -> bool:
    first, second = _lengths(one), _lengths(other)
    return len(first) == len(second) and any(
        abs(a - b) > max(0.05, 0.05 * a) for a, b in zip(first, second, strict=True)
    )


def _lengths(output: Any) -> list[float]:
    """How long the sounds of an output last, or what it says of that."""
    found = [length for one in files(output) if (length := seconds(one))]
    told = [one for name, one in members(output) if _LENGTH.fullmatch(name) and is_number(one)]
    return found or told


def _seams(output: Any) -> list[str]:
    """Pieces of a text that no part of it has by itself; of one in one piece, from its middle."""
    if isinstance(output, str):
        middle = len(output) // 2
        return [piece for piece in [output[middle - 3 : middle + 3]] if len(piece) == 6]
    if not isinstance(output, list) or not all(isinstance(one, str) for one in output):
        return []
    made = [a[-2:] + b[:2] for a, b in pairwise(output) if a and b]
    fit = [one for one in made if one.strip() and not any(one in part for part in output)]
    return sorted(dict.fromkeys(fit), key=lambda one: -len(one.strip()))
