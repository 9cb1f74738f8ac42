"""Inputs that say how many outputs there are to be, and lists that have more or fewer."""

import re
from collections.abc import Iterator, Sequence

from safepush.compat.shapes import Lists, Shape
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-count"
_COUNT = re.compile(
    r"(?:num|n|number_of|count)_?"
    r"(?:outputs?|images?|samples?|variations?|sequences?|generations?|completions?)"
)
#: then fewer are no surprise, and more are
_MOST = re.compile(r"\b(?:max\w*|up to|at most|limit|unique|distinct|different)\b", re.I)
_LIMIT = re.compile(r"(?:max|num|n|top|limit)_?(?:results?|items?|matches|detections?|n)|limit")


def promises(fields: Sequence[Field], shape: Shape | None) -> Iterator[Promise]:
    """Those that seem to say it; a list that comes piece by piece has pieces, not items."""
    is_streamed = shape is not None and any(
        isinstance(one, Lists) and one.is_streamed for one in shape.branches
    )
    for one in (one for one in fields if one.numbers is not None):
        name = one.name
        if _COUNT.fullmatch(name.lower()) and not limits(one):
            told = f"the output has not as many items as {name!a} says"
            yield Promise(rule=RULE, broken=told, kept=lambda made, n=name: _counts(made, n, False))  # type: ignore[misc]
        elif not is_streamed and _LIMIT.fullmatch(name.lower()):
            told = f"the output has more items than {name!a} says"
            yield Promise(rule=RULE, broken=told, kept=lambda made, n=name: _counts(made, n, True))  # type: ignore[misc]


def limits(field: Field) -> bool:
    """Whether it says how many there are at most."""
    return bool(_MOST.search(field.description) or _LIMIT.fullmatch(field.name.lower()))


def _counts(made: Made, name: str, at_most: bool) -> bool | None:
    wanted = made.inputs.get(name)
    if not isinstance(made.output, list) or type(wanted) is not int:
        return None
    count = len(made.output)
    return count <= wanted if at_most else count == wanted
