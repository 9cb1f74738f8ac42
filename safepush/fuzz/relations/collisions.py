"""Output files of several items under one name: the last one was written over the others."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs

DETAIL = "an output file was written over that of another item: both have one name"


def suspicions(tried: Tried, fields: Sequence[Field], runs: Runs) -> Iterator[Suspicion]:
    """Two outputs that are one file, though each item by itself gives another."""
    output = tried.output
    raw = None if tried.prediction is None else tried.prediction.output
    if not isinstance(output, list) or not isinstance(raw, list) or len(output) != len(raw):
        return
    for name in _lists(tried.probe.inputs, fields, len(output)):
        items = _items(tried.probe.inputs[name], len(raw))
        for one, other in _one_file(raw, output, items):
            alone = [_alone(tried.probe.inputs, name, items[at], runs) for at in (one, other)]
            is_other = None not in alone and alone[0] != alone[1]
            if is_other and output[one] in alone:
                yield Suspicion(
                    rule=RULE, cause=f"{DETAIL}, {name}", detail=DETAIL, tried=tried, is_proven=True
                )
            return


def _lists(inputs: Inputs, fields: Sequence[Field], length: int) -> list[str]:
    """Lists with an item for each output, and texts with a line for each."""
    told = (one.name for one in fields if one.name in inputs)
    return [name for name in told if length > 1 and len(_items(inputs[name], length)) == length]


def _items(value: Any, length: int) -> list[Any]:
    """The items of a list, the lines of a text, or what stands between its commas."""
    if isinstance(value, str) and not value.startswith("data:"):
        lines = value.splitlines()
        return lines if len(lines) == length else value.split(",")
    return value if isinstance(value, list) else []


def _one_file(
    raw: Sequence[Any], output: Sequence[Any], items: Sequence[Any]
) -> Iterator[tuple[int, int]]:
    files = [at for at, one in enumerate(output) if isinstance(one, File)]
    for one, other in combinations(files, 2):
        same = output[one] == output[other]
        if same and _name(raw[one]) == _name(raw[other]) and items[one] != items[other]:
            yield one, other


def _name(address: Any) -> str:
    """The name that the model gave it: a server puts a number before one that comes again."""
    return re.sub(r"^\d+-", "", str(address).rpartition("/")[2])


def _alone(inputs: Inputs, name: str, item: Any, runs: Runs) -> Any:
    """What an item gives by itself."""
    told = {**inputs, name: [item] if isinstance(inputs[name], list) else item}
    made = runs.one(Probe(inputs=told, layer="alone", changed=(name,)))
    output = made.output
    return output[0] if made.succeeded and isinstance(output, list) and len(output) == 1 else None
