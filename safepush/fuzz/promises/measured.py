"""What an output says of the picture or the sound that was sent: how large, how long, and where."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.likeness import LENGTHENS, RESIZES, sent_picture, sent_sound
from safepush.fuzz.promises.limits import PLACES
from safepush.fuzz.promises.parts import is_number, members
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.pages import count
from safepush.fuzz.promises.sizes import files, size_of

RULE = "fuzz-output-parts"
_LASTS = re.compile(r"(?:total_|audio_)?(?:duration|length|seconds)(?:_s|_sec|_seconds)?")
_MOMENT = re.compile(r"(?:start|end|begin|time|timestamp|onset)(?:_time|_s|_sec|_seconds)?")
#: several of these in one list, or as pairs of a start and an end
_MOMENTS = re.compile(
    r"(?:starts|ends|begins|times|timestamps|onsets|(?:start|end|beat|onset|begin)_times)"
    r"(?:_s|_sec|_seconds)?"
)
_SPANS = re.compile(r"(?:segments|spans|intervals|regions|pauses|silences|parts|sections)")
#: a rate that a sound has to have, and words by which it may have another one
_AT_RATE = re.compile(
    r"\b\d+(?:[.,]\d+)? ?k?hz\b|\b\d+ (?:samples?|times) (?:a|per|each|every) second\b"
)
_AT_ANY = re.compile(
    r"\bany\b|resampl|convert|\bothers?\b|whatever|\d to \d|\bbetween\b|at (?:least|most)|up to"
)
_PLACES = frozenset({"x", "y", "x0", "y0", "left", "top", "box", "bbox", "label"})
_PARTS = {
    part: re.compile(rf"(?:num_|n_|number_of_)?{part}s|{part}_count") for part in ("page", "frame")
}
#: of a sound, in seconds: as far as windows and rounding go
NEAR_S = 0.25


def promises(fields: Sequence[Field]) -> Iterator[Promise]:
    """What counts where it is so with the usual file."""
    if not any(one.is_file for one in fields):
        return
    for at, side in enumerate(("width", "height")):
        told = f"{side!a} in the output is not that of the picture that was sent"
        yield Promise(rule=RULE, broken=told, kept=partial(_side, at, side))
    for part, named in _PARTS.items():
        told = f"the output says another number of {part}s than the file has that was sent"
        yield Promise(rule=RULE, broken=told, kept=partial(_counted, part, named))
    told = "the output says another length than the sound that was sent has"
    yield Promise(rule=RULE, broken=told, kept=_length)
    told = "the output speaks of a time after the end of the sound that was sent"
    yield Promise(rule=RULE, broken=told, kept=partial(_moments, are_of_any_rate(fields)))
    told = "the output speaks of a time after the duration that it tells"
    yield Promise(rule=RULE, broken=told, kept=_within)


def are_of_any_rate(fields: Sequence[Field]) -> bool:
    """Whether nobody says at which rate a sound has to be recorded."""
    said = [one.description.lower() for one in fields if one.is_file]
    return not any(_AT_RATE.search(one) and not _AT_ANY.search(one) for one in said)


def times(output: Any) -> list[float]:
    """The moments that an output speaks of in lists, in seconds where a sound was sent."""
    found = []
    for name, value in members(output):
        if isinstance(value, list) and _MOMENTS.fullmatch(name.lower()):
            found += [one for one in value if is_number(one)]
        elif isinstance(value, list) and _SPANS.fullmatch(name.lower()):
            pairs = [one for one in value if _is_span(one)]
            found += [each for one in pairs for each in one]
        elif is_number(value) and _MOMENT.fullmatch(name.lower()):
            found.append(value)
    return found


def may_tell_times(output: Any) -> bool:
    """Whether there is a place for such moments, though there may be none."""
    patterns = (_MOMENT, _MOMENTS, _SPANS)
    names = [name.lower() for name, value in members(output) if is_number(value) or value == []]
    return bool(times(output)) or any(one.fullmatch(name) for name in names for one in patterns)


def _is_span(value: Any) -> bool:
    pair = value if isinstance(value, list) else []
    return len(pair) == 2 and all(map(is_number, pair)) and pair[0] <= pair[1]


def _numbers(made: Made, named: re.Pattern[str]) -> list[Any]:
    found = [each for one in made.objects for name, each in one.items() if named.fullmatch(name)]
    return [one for one in found if is_number(one)]


def _is_cut(made: Made) -> bool:
    """Whether something other than usual may cut what was sent, stretch it or lengthen it."""
    names = (name.lower() for name in made.changed - {*made.files})
    return any(RESIZES.search(name) or LENGTHENS.search(name) for name in names)


def _side(at: int, name: str, made: Made) -> bool | None:
    sent = sent_picture(made)
    # of a part of a picture it is another thing, though with one picture it may be all of it
    whole = [one for one in made.objects if not _PLACES & {key.lower() for key in one}]
    found = [one[name] for one in whole if is_number(one.get(name))]
    if sent is None or not found or _is_cut(made):
        return None
    own = [size[at] for one in files(made.output) if (size := size_of(one)) is not None]
    # it may well be that of the picture that was made
    return None if found == own != [sent[at]] else all(one == sent[at] for one in found)


def _length(made: Made) -> bool | None:
    sent, found = sent_sound(made), _numbers(made, _LASTS)
    if sent is None or len(found) != 1 or _is_cut(made):
        return None
    return bool(abs(found[0] - sent.seconds) <= 0.02 + 0.02 * sent.seconds + _coarse(made))


def _counted(part: str, named: re.Pattern[str], made: Made) -> bool | None:
    wanted, found = count(part, made), _numbers(made, named)
    if wanted is None or len(found) != 1 or _is_cut(made):
        return None
    return bool(found[0] == wanted)


def _moments(is_any: bool, made: Made) -> bool | None:
    sent = sent_sound(made)
    found = times(made.output) if is_any else _numbers(made, _MOMENT)
    if sent is None or not found or _is_cut(made):
        return None
    return bool(max(found) <= sent.seconds + NEAR_S + _coarse(made))


def _within(made: Made) -> bool | None:
    """Whether lists of moments are within the duration that is told beside them."""
    found = [_is_within(one, _coarse(made)) for one in made.objects]
    told = [one for one in found if one is not None]
    return all(told) if told and not _is_cut(made) else None


def _is_within(one: Mapping[str, Any], coarse: float) -> bool | None:
    lasts = [each for name, each in one.items() if _LASTS.fullmatch(name) and is_number(each)]
    told = [each for name, each in one.items() if _MOMENTS.fullmatch(name)]
    lists = [each for each in told if isinstance(each, list) and each]
    lists = [each for each in lists if all(map(is_number, each))]
    if len(lasts) != 1 or not lists:
        return None
    sums = [sum(each) for each in lists]
    near = NEAR_S + coarse
    # it may be what all of them last together
    if len(sums) == 2 and abs(abs(sums[0] - sums[1]) - lasts[0]) <= near:
        return None
    return bool(max(map(max, lists)) <= lasts[0] + near)


def _coarse(made: Made) -> float:
    """How far a number may be off for being rounded, where an input says to how many places."""
    asked = [each for name, each in made.inputs.items() if PLACES.fullmatch(name.lower())]
    return max((0.5 * 10.0**-one for one in asked if type(one) is int and one >= 0), default=0.0)
