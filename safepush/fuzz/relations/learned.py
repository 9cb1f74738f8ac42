"""Numbers that an output follows: as many items or as wide as an input says, and once not."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises import counts, sizes
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.sums import COUNTS
from safepush.fuzz.runs import Runs

#: values of an input that the output has to follow before anything is made of one that it does not
FEWEST = 3
#: what several counts make; of a number it says little, as of money and its coins
TOGETHER = "counts together"
#: what is counted of lists alone; items may have several words or lines
_OF_LISTS = (TOGETHER, "files")
#: sides of pictures are often rounded to some number
NEAR_PIXELS = 64


def suspicions(fields: Sequence[Field], runs: Runs) -> Iterator[Suspicion]:
    """One for each input and measure: what it does not follow between values that it does.

    At the ends there may be no more to give, so what is beyond all that it followed says nothing.
    """
    told = [(one, _measures(one.output)) for one in runs.history if one.succeeded]
    for field in (one for one in fields if _may_count(one) or _may_hold(one)):
        alone = [
            (_count(tried.probe.inputs.get(field.name, field.default)), measures, tried)
            for tried, measures in told
            if set(tried.probe.changed) <= {field.name}
        ]
        alone = [one for one in alone if type(one[0]) is int]
        names = dict.fromkeys(name for _, measures, _ in alone for name in measures)
        for name in names:
            if (name in _OF_LISTS) is not _may_hold(field) and name != "items":
                continue
            found = _unlike(field, name, [(v, m[name], t) for v, m, t in alone if name in m])
            if found is not None and is_so(runs.one(found.tried.probe), field.name, found.cause):
                yield found


def is_so(tried: Tried, field: str, cause: str) -> bool:
    """Whether an output is still not as an input says, by what was found of it."""
    wanted = _count(tried.probe.inputs.get(field))
    found = _measures(tried.output).items()
    return any(got != wanted for name, got in found if cause == _cause(field, name))


def _cause(field: str, measure: str) -> str:
    return f"the output has as many {measure} as {field!a} says, but not here"


def _may_count(field: Field) -> bool:
    found = field.numbers
    whole = found is not None and found.is_integer and not field.choices and not field.is_seed
    # what speaks of a limit or of rounding promises nothing
    limits = counts.limits(field) or field.name.lower().startswith(("max", "min"))
    return whole and not limits and not sizes.is_about(field.description)


def _may_hold(field: Field) -> bool:
    return field.lists is not None and not sizes.is_about(field.description)


def _count(value: Any) -> Any:
    """What a number says, or how many items a list has that nobody would put together or drop."""
    if not isinstance(value, list):
        return value
    plain = {str(one).strip().lower() for one in value} - {"", "none", "[]", "{}"}
    return len(value) if len(plain) == len(value) else None


def _unlike(field: Field, measure: str, seen: Sequence[tuple[int, int, Tried]]) -> Suspicion | None:
    followed = {value for value, got, _ in seen if value == got}
    as_usual = [value == got for value, got, tried in seen if not tried.probe.changed]
    if len(followed) < FEWEST or False in as_usual:
        return None
    for value, got, tried in seen:
        between = min(followed) < value < max(followed)
        near = measure.startswith("pixels") and abs(value - got) <= NEAR_PIXELS
        if between and value != got and not near and value not in followed:
            told = _cause(field.name, measure)
            return Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)
    return None


def _measures(output: Any) -> Mapping[str, int]:
    """How much there is of an output, in each way that can be counted."""
    told = _only_counts(output)
    if told is not None:
        return {TOGETHER: sum(told)}
    if isinstance(output, list | dict) and output:
        each = list(output.values()) if isinstance(output, dict) else output
        counted = all(type(one) is int and one >= 0 for one in each)
        together = {TOGETHER: sum(each)} if counted and len(each) > 1 else {}
        return {"items": len(output), **together} if isinstance(output, list) else together
    if isinstance(output, list):
        return {"items": len(output)}
    if isinstance(output, str):
        return {
            "characters": len(output),
            "words": len(output.split()),
            "lines": len(output.splitlines()),
        }
    # frames of an animation say nothing: those that are alike are made one where it is written
    found = [size for one in sizes.files(output) if (size := sizes.size_of(one)) is not None]
    if len(packed := [*map(_packed, sizes.files(output))]) == 1 and packed[0] is not None:
        return {"files": packed[0]}
    return {"pixels across": found[0][0], "pixels down": found[0][1]} if len(found) == 1 else {}


def _only_counts(output: Any) -> list[int] | None:
    """The only list of whole numbers of an object, where its name says that it counts."""
    named = output.items() if isinstance(output, dict) else ()
    found = [one for name, one in named if COUNTS.fullmatch(name.lower())]
    told = found[0] if len(found) == 1 else None
    are_counts = isinstance(told, list) and all(type(one) is int and one >= 0 for one in told)
    return told if are_counts else None


def _packed(file: File) -> int | None:
    """How many files an archive holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return len([one for one in archive.infolist() if not one.is_dir()])
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
