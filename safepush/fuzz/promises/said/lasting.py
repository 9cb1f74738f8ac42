"""How long an animated picture lasts: as long as the one that was sent, if told or usual."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PIL import Image, ImageSequence

from safepush.compare import File
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.likeness import LENGTHENS
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.sent import sent_files

_CLIP = r"(?:clip|gif|animation|original|input|source|one|loop|it)"
_AS_LONG = re.compile(
    r"\b(?:lasts?|plays?|runs?|takes?|is(?: shown)?|stays?) (?:just |exactly )?as long as "
    rf"(?:the |its )?(?:\w+ )?{_CLIP}\b"
    r"|\b(?:keeps?|has|with|of) (?:the |its )?(?:same )?(?:total |overall |whole )?"
    rf"(?:duration|length|playing time|running time)(?: (?:as|of) (?:the )?{_CLIP})?\b"
    r"|\b(?:duration|length|playing time|running time|timing|tempo|speed) (?:is|stays|remains)"
    r" (?:kept|the same|unchanged|as it (?:is|was))\b"
)
_NOT = re.compile(
    r"\b(?:not|never|unless|if|when|about|roughly|nearly|almost|at (?:most|least)|up to|half|twice"
    r"|limit\w*|max\w*|min\w*|frames?(?='s)|each|per)\b"
)
_CHANGES = re.compile(r"delay|interval|\bms\b|_ms|milli|time|boomerang|reverse|bounce|ping|repeat")
#: a GIF counts in hundredths of a second
STEP_MS, NEAR_PART = 10, 0.03


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """One that cannot be meant otherwise where it is said, else what the usual one holds to."""
    if not any(one.is_file for one in fields):
        return
    is_said = any(_AS_LONG.search(one.text) and not _NOT.search(one.text) for one in said)
    names = [one.name.lower() for one in fields if not one.is_file]
    if is_said:
        told = "the animation does not last as long as the one that was sent, as is told"
        yield Promise(broken=told, kept=_lasts, firm=True)
    elif not any(LENGTHENS.search(one) or _CHANGES.search(one) for one in names):
        told = "the animation does not last as long as the one that was sent, as with the usual one"
        yield Promise(broken=told, kept=_lasts)


def ideas(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """An animation whose frames are not all shown as long, where one is usual."""
    for one in (field for field in fields if field.is_file):
        if media.of(base.get(one.name)) == pictures.animated():
            yield {one.name: media.own(pictures.uneven()).uri}


def _lasts(made: Made) -> bool | None:
    others = made.changed - {*sent_files(made.inputs)}
    if any(LENGTHENS.search(one.lower()) or _CHANGES.search(one.lower()) for one in others):
        return None
    sent = [*map(_times, sent_files(made.inputs).values())]
    found = [*map(_times, sizes.files(made.output))]
    if len(sent) != 1 or len(found) != 1 or not _are_told(sent[0]) or not _are_told(found[0]):
        return None
    wanted, got = sum(sent[0]), sum(found[0])
    return abs(wanted - got) <= NEAR_PART * wanted + STEP_MS * max(map(len, (sent[0], found[0])))


def _are_told(times: Sequence[float]) -> bool:
    return len(times) > 1 and all(one > 0 for one in times)


def _times(file: File) -> list[float]:
    """How many milliseconds each frame is shown."""
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            frames = ImageSequence.Iterator(picture)
            return [float(one.info.get("duration", 0)) for one in frames]
    except Exception:  # decoders raise what they like; what is no picture has no frames
        return []
