"""Long numbers that come back rounded: on their way they were floats, which have 16 digits."""

import json
import re
from collections.abc import Iterator
from typing import Any

from safepush.fuzz.promises.parts import leaves
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.sent import texts_of

RULE = "fuzz-output-asked"
_LONG = re.compile(r"(?<![\d.])[1-9]\d{15,29}(?!\d|\.\d)")
#: what looks for one at each sign is slow, and where there are no such digits there is none
_MAY = re.compile(r"[1-9]\d{15}")


def promises() -> Iterator[Promise]:
    """Nobody means to give such digits, so it counts whatever the usual output is."""
    told = "a long whole number that was sent comes back with other digits"
    yield Promise(rule=RULE, broken=told, kept=_exact, firm=True)


def _exact(made: Made) -> bool | None:
    sent = _numbers([*made.inputs.values(), *texts_of(made.inputs)])
    rounded = {str(int(float(one))): one for one in sent if str(int(float(one))) != one}
    given = _numbers(made.output) if rounded else set()
    if not rounded or not given:
        return None
    return not any(one in given and own not in given for one, own in rounded.items())


def _numbers(value: Any) -> set[str]:
    """The long whole numbers in texts, and those that are one."""
    found: set[str] = set()
    for one in leaves(value):
        if isinstance(one, str):
            if not one.startswith("data:") and _MAY.search(one):
                found.update(_LONG.findall(one))
        elif isinstance(one, int | float) and 1e15 <= abs(one) < 1e30 and one == int(one):
            found.update(_LONG.findall(json.dumps(int(one))))
    return found
