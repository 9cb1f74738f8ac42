"""Which channel of a recording is which: what was sent on one side comes out on that side."""

import io
import re
import wave
from collections.abc import Iterator, Sequence

import numpy as np

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.promise import RULE, Made, Promise
from safepush.fuzz.promises.said.sentences import sentences

#: then the sides are what it is about
_ABOUT = re.compile(r"\bleft\b|\bright\b|\bsides?\b|swap|\bpan\b|panning|balance|mirror|flip")
_STAYS = re.compile(r"\bchannels? (?:stays?|remains?|keeps? (?:its|their)|(?:is|are) kept)\b")
#: a side with less of the other one is silent
SILENT = 0.05


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """That the silent side and the loud one have not changed places."""
    said = [one.text for one in sentences(fields, source)]
    about = any(_ABOUT.search(one) for one in said) and not any(map(_STAYS.search, said))
    ways = any(_ABOUT.search(str(way).lower()) for one in fields for way in one.choices)
    names = ways or any(_ABOUT.search(one.name.lower().replace("_", " ")) for one in fields)
    if not about and not names and any(one.is_file for one in fields):
        told = "what was sent on one channel comes out on the other one"
        yield Promise(rule=RULE, broken=told, kept=_is_there, always=True)


def _is_there(made: Made) -> bool | None:
    sent = [one for one in map(_loud, made.files.values()) if one is not None]
    found = [one for one in map(_loud, sizes.files(made.output)) if one is not None]
    return found == sent if len(sent) == len(found) == 1 else None


def _loud(file: File) -> int | None:
    """The only channel of two with a sound in it; None of anything else."""
    try:
        with wave.open(io.BytesIO(file.content)) as sound:
            if sound.getnchannels() != 2 or sound.getsampwidth() != 2:
                return None
            frames = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    except Exception:  # what is no whole WAV file has no channels
        return None
    peaks = np.abs(frames.astype(np.int32)).max(axis=0, initial=0)
    return int(peaks.argmax()) if peaks.min() < SILENT * peaks.max() else None
