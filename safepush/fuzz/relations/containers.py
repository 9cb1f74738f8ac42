"""One picture, or one sound, in several containers: what is made of each is about the same."""

import io
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures, recordings
from safepush.fuzz.corpus.medium import Medium
from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Inputs, Suspicion, Tried
from safepush.fuzz.promises import alikeness, channels
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs

#: "of 8, 16 or 24 bits", "8- to 32-bit"
_BITS = re.compile(r"((?:(?<!\d)\d+(?!\d)(?:[\s,/-]|and|or|bits?|to|\u2013)*)+)bits?\b")
#: code that looks at how many bytes a sample has takes more than one kind
_WIDTHS = re.compile(r"sampwidth|sample_width|samp_width|subtype|bits_per_sample|bit_depth")
#: then two channels say something that one does not
_CHANNELS = re.compile(
    r"stereo width|karaoke|vocal|\bpan\b|panning|balance|\bleft\b|\bright\b|\bsides?\b|\bmid\b"
    r"|cent(?:re|er)|between (?:its|the|both) (?:two )?channels|lufs|lkfs|1770|r128"
    r"|replay ?gain|loudest channel|louder channel|interleav"
)
_MONO = re.compile(r"\bmono\b|\bone channel\b|\bsingle channel\b")
_STEREO = re.compile(r"\bstereo\b|\bchannels\b")
#: code that looks at the bytes themselves may tell of these
_BYTES = re.compile(r"st_size|getsize|hashlib|crc32|adler32|base64")


@dataclass(frozen=True)
class Containers:
    """Looks at what was made of each, and makes what was not; `base` are the usual inputs."""

    fields: Sequence[Field]
    runs: Runs
    source: Source
    base: Inputs

    def suspicions(self) -> Iterator[Suspicion]:
        """The first container of each input that gives something else, twice."""
        if _BYTES.search(self.source.text):
            return
        for field in self.fields:
            told = media.of(self.base.get(field.name)) if field.is_file else None
            for one, others in media.same(told.kind) if told is not None else ():
                fitting = [each for each in others if self._fits(field, each)]
                yield from self._unlike(field, one, fitting)

    def _unlike(self, field: Field, one: Medium, others: Sequence[Medium]) -> Iterator[Suspicion]:
        first = self._made(field, one) if others else None
        for other in others if first is not None else ():
            tried = self._made(field, other)
            if first is None or tried is None or not self._differ(first, tried, other):
                continue
            again = self._again(field, one), self._again(field, other)
            if all(each.succeeded for each in again) and self._differ(*again, other):
                told = f"{field.name!a} gives something else as {other.name} than as {one.name}"
                yield Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)
                return

    def _probe(self, field: Field, one: Medium) -> Inputs:
        return {**self.base, field.name: one.uri}

    def _made(self, field: Field, one: Medium) -> Tried | None:
        """What was made of a file, if the model took it."""
        inputs = self._probe(field, one)
        known = next((each for each in self.runs.history if each.probe.inputs == inputs), None)
        tried = known or self._again(field, one)
        return tried if tried.succeeded else None

    def _again(self, field: Field, one: Medium) -> Tried:
        return self.runs.one(changed(self.base, {field.name: one.uri}, "containers"))

    def _differ(self, first: Tried, tried: Tried, file: Medium) -> bool:
        is_stereo = file.name == recordings.STEREO
        if alikeness.differ(first.output, tried.output, added=is_stereo):
            return True
        # of what is drawn each channel may have its own
        is_drawn = any(one.is_seed for one in self.fields)
        return is_stereo and not is_drawn and channels.are_mixed_up(first.output, tried.output)

    # What a model says that it takes

    def _fits(self, field: Field, one: Medium) -> bool:
        """Whether a model seems to take such a file, and to make no difference of it."""
        said = field.description.lower()
        if one.name == pictures.DEEP:
            return 16 in bits(said)
        if one.kind != "sound":
            return True
        if one.name == recordings.STEREO:
            only = _MONO.search(said) and not _STEREO.search(said)
            told = sentences(self.fields, self.source)
            apart = any(_CHANNELS.search(each.text) for each in told)
            return not (only or apart or channels.may_differ(self.fields, self.source))
        named = bits(said)
        return _width(one) in named if named else bool(_WIDTHS.search(self.source.text))


def _width(one: Medium) -> int:
    with wave.open(io.BytesIO(one.content)) as sound:
        return int(8 * sound.getsampwidth())


def bits(said: str) -> frozenset[int]:
    """How many bits a text speaks of: all between two, where it says so."""
    found: set[int] = set()
    for match in _BITS.finditer(said):
        numbers = [int(one) for one in re.findall(r"\d+", match[1])]
        found |= set(numbers)
        if len(numbers) == 2 and re.search(r"\bto\b|-\s*\d|\u2013", match[1]):
            found |= set(range(numbers[0], numbers[1] + 1))
    return frozenset(found)
