"""Pictures that are turned and say that they still have to be: who shows them turns them twice."""

from collections.abc import Iterator

from safepush.compare import File
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-asked"
#: those that make an upright picture of a lying one
_LYING = frozenset({5, 6, 7, 8})


def promises() -> Iterator[Promise]:
    """Nobody means this, so it counts whatever the usual output is."""
    told = "the output is turned upright, and its EXIF says that it has to be turned"
    yield Promise(rule=RULE, broken=told, kept=_once, firm=True)


def _once(made: Made) -> bool | None:
    sent = [one for one in map(_lying, made.files.values()) if one is not None]
    if len(sent) != 1 or not sent[0]:
        return None
    given = [one for one in map(_lying, sizes.files(made.output)) if one is not None]
    # stored as it was sent it has to be turned still
    return all(is_wide == sent[0] for is_wide in given) if given else None


def _lying(file: File) -> bool | None:
    """Whether a picture that says that it lies is stored wide; None where it says no such thing."""
    found = sizes.turn_of(file)
    if found is None or found[1] not in _LYING:
        return None
    (width, height), _ = found
    return width > height
