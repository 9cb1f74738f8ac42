"""Which way round a picture is turned or flipped, where a sentence or a choice says it."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from safepush.compare import File
from safepush.fuzz.facts import fact
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.sent import sent_files

_TURNS = re.compile(r"rotat|turn|degree|angle")
_BACK = re.compile(r"\b(?:counter|anti)[- _]?clockwise\b|\bccw\b|\bacw\b")
_FORWARD = re.compile(r"\bclockwise\b|\bcw\b")
#: then it is told of something else, or of what was done before
_NOT = re.compile(
    r"\b(?:camera|scanner|was|were|been|undo\w*|correct\w*|back|opposite|negative|minus|below|axis"
    r"|axes|lines?|unless|if|hue|colou?rs?)\b"
)
_SIDEWAYS = re.compile(
    r"horizontal|\bleft[- ]right\b|\bleft (?:and|with|to|becomes) (?:the )?right\b|\bsideways\b"
)
_UPSIDE = re.compile(
    r"vertical|\btop[- ]bottom\b|\btop (?:and|with|to) (?:the )?bottom|upside down"
)
_FLIPS = re.compile(r"flip|mirror")
#: inputs by which a picture comes out another way round as well
_OTHERS = re.compile(
    r"flip|mirror|rotat|turn|orient|direction|degree|angle|transpose|way|shear|skew"
)
#: of 255, in the mean: as far as what is alike may be, and what is not has to be further
NEAR, FAR = 10.0, 20.0
#: a picture is looked at in so many pixels on its longer side
SIDE = 64


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """Those that are about a picture that was sent."""
    if not any(one.is_file for one in fields):
        return
    told = "the picture is turned the other way round than told"
    way = _way(said, fields)
    degrees = _degrees(fields)
    choice = next((one for one in fields if _is_way(one)), None)
    if degrees is not None and (way or choice is not None):
        kept = partial(_is_turned, degrees.name, choice.name if choice is not None else None, way)
        yield Promise(broken=told, kept=kept, firm=True)
    elif degrees is None and choice is not None:
        yield Promise(broken=told, kept=partial(_is_turned, None, choice.name, 0), firm=True)
    for field in (one for one in fields if _is_flip(one)):
        told = f"the picture is flipped the other way than {field.name!a} says"
        yield Promise(broken=told, kept=partial(_is_flipped, field), firm=True)


def ideas(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """A quarter of a turn, which shows the way best."""
    degrees = _degrees(fields)
    is_told = _way(said, fields) or any(map(_is_way, fields))
    if degrees is not None and is_told and any(one.is_file for one in fields):
        quarters = (90, "90", 270, "270")
        yield from ({degrees.name: one} for one in quarters if degrees.takes(one))


def _way(said: Sequence[Said], fields: Sequence[Field]) -> int:
    """1 for clockwise, -1 for the other way, 0 where nobody can tell."""
    found = set()
    for one in said:
        about = one.field is None or bool(_TURNS.search(one.field.name.lower()))
        if not about or not _TURNS.search(one.text + (one.field.name if one.field else "")):
            continue
        back = bool(_BACK.search(one.text))
        forward = bool(_FORWARD.search(_BACK.sub("", one.text)))
        if back or forward:
            found.add(0 if _NOT.search(one.text) else forward - back)
    return found.pop() if len(found) == 1 else 0


def _degrees(fields: Sequence[Field]) -> Field | None:
    found = [
        one
        for one in fields
        if _TURNS.search(one.name.lower()) and (one.numbers is not None or _quarters(one))
    ]
    return found[0] if len(found) == 1 else None


def _quarters(field: Field) -> bool:
    return {"90", "180", "270"} <= {str(one) for one in field.choices}


def _is_way(field: Field) -> bool:
    """Whether it chooses one of both ways."""
    ways = [_chosen(one) for one in field.choices]
    return {1, -1} <= {*ways} and not _NOT.search(field.description.lower())


def _chosen(value: Any) -> int:
    text = str(value).lower().replace("_", " ")
    back = bool(_BACK.search(text))
    return bool(_FORWARD.search(_BACK.sub("", text))) - back


def _is_turned(degrees: str | None, choice: str | None, way: int, made: Made) -> bool | None:
    told = made.inputs.get(degrees) if degrees is not None else 90
    text = str(told)
    amount = float(text) if is_number(told) or text.isdigit() else 0.0
    if choice is not None:
        way = _chosen(made.inputs.get(choice))
    names = {degrees, choice, *sent_files(made.inputs)}
    if amount % 180 != 90 or not way or _is_otherwise(made, names):
        return None
    seen = _both(made)
    if seen is None or abs(seen[1].width / seen[1].height - seen[0].height / seen[0].width) > 0.1:
        return None
    right = seen[0].rotate(-way * amount, expand=True)
    return _is_right(seen[1], right, right.rotate(180))


def _is_flip(field: Field) -> bool:
    said = f"{field.name} {field.description}".lower().replace("_", " ")
    if not _FLIPS.search(said) or _NOT.search(field.description.lower()):
        return False
    return any(_flips(field, one) for one in field.choices)


def _flips(field: Field, value: Any) -> str:
    """`left` for one that goes sideways, `top` for the other one."""
    text = str(value).lower()
    if isinstance(value, bool):
        text = f"{field.name} {field.description}".lower() if value else ""
    sideways, upside = (bool(one.search(text.replace("_", " "))) for one in (_SIDEWAYS, _UPSIDE))
    return "" if sideways == upside else "left" if sideways else "top"


def _is_flipped(field: Field, made: Made) -> bool | None:
    way = _flips(field, made.inputs.get(field.name))
    seen = _both(made) if way else None
    if seen is None or _is_otherwise(made, {field.name, *sent_files(made.inputs)}):
        return None
    if abs(seen[1].width / seen[1].height - seen[0].width / seen[0].height) > 0.1:
        return None
    ways = ImageOps.mirror(seen[0]), ImageOps.flip(seen[0])
    return _is_right(seen[1], *(ways if way == "left" else ways[::-1]))


def _is_otherwise(made: Made, names: set[str | None]) -> bool:
    """Whether something else may turn it too."""
    return any(_OTHERS.search(one.lower()) for one in made.changed - names)


def _is_right(shown: Image.Image, right: Image.Image, wrong: Image.Image) -> bool | None:
    """Whether a picture is as it should be; None where it is neither like that nor the other."""
    near, far = (_apart(shown, one) for one in (right, wrong))
    if near <= NEAR:
        return True
    return False if far <= NEAR and near >= FAR else None


def _apart(one: Image.Image, other: Image.Image) -> float:
    size = other.size
    first, second = (np.asarray(each.resize(size), np.float64) for each in (one, other))
    return float(np.abs(first - second).mean())


def _both(made: Made) -> tuple[Image.Image, Image.Image] | None:
    """(the only picture that was sent, the only one that came), in grey and small."""
    sent = [one for one in map(_seen, sent_files(made.inputs).values()) if one is not None]
    found = [one for one in map(_seen, sizes.files(made.output)) if one is not None]
    return (sent[0], found[0]) if len(sent) == len(found) == 1 else None


def _seen(file: File) -> Image.Image | None:
    return _small(file.content)


@fact
def _small(content: bytes) -> Image.Image | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.getexif().get(274, 1) != 1 or min(picture.size) < SIDE // 4:
                return None
            coloured = picture if picture.mode == "RGB" else picture.convert("RGB")
            small = coloured.convert("L")
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
    small.thumbnail((SIDE, SIDE))
    return small
