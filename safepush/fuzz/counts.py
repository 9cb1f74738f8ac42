"""Inputs that say how many outputs there are to be, and lists that have more or fewer."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs

RULE = "fuzz-output-count"
_COUNT = re.compile(
    r"(?:num|n|number_of|count)_?"
    r"(?:outputs?|images?|samples?|variations?|sequences?|generations?|completions?)"
)
#: then fewer are no surprise
_MOST = re.compile(r"\b(?:max\w*|up to|at most|limit|unique|distinct|different)\b", re.I)


def counted(fields: Sequence[Field], base: Inputs, output: Any) -> tuple[Field, ...]:
    """Those that say how long the list of outputs is, as with the usual inputs it is."""
    return tuple(one for one in named(fields) if _wrong(one, base, output) is False)


def named(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those that seem to say it."""
    found = (one for one in fields if _COUNT.fullmatch(one.name.lower()))
    return tuple(one for one in found if one.numbers and not _MOST.search(one.description))


def wrong(fields: Sequence[Field], inputs: Inputs, output: Any) -> Iterator[str]:
    """What is wrong where an output has not as many items as was asked for."""
    for one in fields:
        if _wrong(one, inputs, output):
            yield f"the output has not as many items as {one.name!a} says"


def _wrong(field: Field, inputs: Inputs, output: Any) -> bool | None:
    wanted = inputs.get(field.name, field.default)
    if not isinstance(output, list) or not isinstance(wanted, int) or isinstance(wanted, bool):
        return None
    return len(output) != wanted
