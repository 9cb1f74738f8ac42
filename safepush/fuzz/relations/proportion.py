"""Whether what took too long is just long: a quarter of it takes a quarter of the time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from safepush.fuzz.probe import Inputs, Probe, Tried
from safepush.fuzz.relations.growth import STEEP, STEP
from safepush.fuzz.runs import Runs

#: shorter texts and lists have no business to take long
LEAST_LENGTH = 8_000
#: so often a quarter is taken of it until one is not late
CUTS = 3


def is_in_proportion(late: Tried, runs: Runs) -> bool:
    """Whether the time that shorter inputs take explains that this one was late."""
    names = _longest(late.probe.inputs)
    if not names or late.limit_s is None:
        return False
    less = _quarter(late.probe, names)
    for cut in range(1, CUTS + 1):
        tried, less = runs.one(less, whole=True), _quarter(less, names)
        if tried.limit_s is None:
            enough = tried.seconds * STEP**cut >= late.limit_s / 2
            return enough and tried.seconds < STEEP * max(runs.one(less).seconds, 1e-3)
    return False


def _longest(inputs: Inputs) -> list[str]:
    """The input that is longest, where it is long; with other long texts, if it is a text."""
    sizes = {name: _size(value) for name, value in inputs.items()}
    name = max(sizes, key=lambda one: sizes[one], default=None)
    if name is None or sizes[name] < LEAST_LENGTH:
        return []
    if not isinstance(inputs[name], str):
        return [name]
    texts = (one for one, value in inputs.items() if isinstance(value, str))
    return [one for one in texts if sizes[one] >= LEAST_LENGTH]


def _size(value: Any) -> int:
    if isinstance(value, str):
        return 0 if value.startswith("data:") else len(value)
    return 10 * len(value) if isinstance(value, list) else 0


def _quarter(probe: Probe, names: Sequence[str]) -> Probe:
    told: Mapping[str, Any] = probe.inputs
    inputs = {**told, **{name: told[name][: len(told[name]) // STEP] for name in names}}
    return replace(probe, inputs=inputs, layer="shrink")
