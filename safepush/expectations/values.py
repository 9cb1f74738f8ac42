"""Expectations of JSON: a schema, a number, a jq query, a time."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safepush.compare import File
from safepush.expectations.base import HELD, Evidence, Outcome, no, text_of, what
from safepush.plain import plain

_NONE = object()


@dataclass(frozen=True)
class JsonSchema:
    """The output, read as JSON where it is text, is valid by this schema."""

    schema: Mapping[str, Any]

    def look(self, evidence: Evidence) -> Outcome:
        """The first place where it is not is named."""
        from jsonschema.validators import validator_for

        value = parsed(evidence.output)
        if value is _NONE:
            return no("the output is no JSON, and json_schema asks for it")
        found = next(validator_for(self.schema)(self.schema).iter_errors(value), None)
        if found is None:
            return HELD
        place = "".join(f"[{step!r}]" for step in found.absolute_path) or "its top"
        return no(f"the output breaks json_schema at {place}: rule {plain(found.validator)}")


@dataclass(frozen=True)
class Number:
    """The output, or what is at `at` in it, is a number near this one."""

    equals: float
    tolerance: float = 0.0
    at: str = ""

    def look(self, evidence: Evidence) -> Outcome:
        """Within the tolerance, both ends included; NaN is near nothing."""
        value = member(parsed(evidence.output), self.at)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return no(f"there is no number at {self.at or 'the top'} of the output")
        apart = abs(value - self.equals)
        # what floats cannot hold exactly must not decide at the very edge
        edge = self.tolerance + 1e-12 * max(1.0, abs(self.equals))
        if math.isfinite(apart) and apart <= edge:
            return HELD
        return no(f"{value:g} is not within {self.tolerance:g} of {self.equals:g}")


@dataclass(frozen=True)
class JqQuery:
    """The first result of a jq query over the output is true (not null, false, 0 or empty)."""

    query: str

    def look(self, evidence: Evidence) -> Outcome:
        """Text is read as JSON first."""
        jq = jq_library()
        value = parsed(evidence.output)
        if value is _NONE:
            return no("the output is no JSON, and jq_query asks for it")
        try:
            found = jq.compile(self.query).input_value(value).first()
        except (ValueError, StopIteration) as exc:
            return no(f"jq_query gave no result: {plain(exc)}")
        return HELD if found else no(f"jq_query gave {plain(json.dumps(found))}")


@dataclass(frozen=True)
class Latency:
    """The prediction took at most so many seconds."""

    limit_s: float

    def look(self, evidence: Evidence) -> Outcome:
        """What it took on the worker, without queueing."""
        took_s = evidence.latency_s
        if took_s is None:
            return no("nobody knows how long it took, and latency asks")
        if took_s <= self.limit_s:
            return HELD
        return no(f"took {took_s:.3g} s, and latency allows {self.limit_s:g} s")


@dataclass(frozen=True)
class Cost:
    """The prediction cost at most so much; `per_second` is what the machine costs meanwhile."""

    at_most: float
    per_second: float

    def look(self, evidence: Evidence) -> Outcome:
        """By what it took on the worker; in whatever money the two are told."""
        if evidence.latency_s is None:
            return no("nobody knows how long it took, and cost asks")
        cost = evidence.latency_s * self.per_second
        if cost <= self.at_most:
            return HELD
        return no(f"cost {cost:.3g}, and cost allows {self.at_most:g}")


def jq_library() -> Any:
    """The jq module.

    Raises:
        ValueError: it is not installed.
    """
    try:
        import jq
    except ImportError as exc:
        told = "needs the package jq: pip install '.[safepush]' in a checkout of Penstock"
        raise ValueError(told) from exc
    return jq


def parsed(output: Any) -> Any:
    """The output as a JSON value: text and files that hold JSON are read."""
    text = text_of(output)
    if text is None:
        return _NONE if isinstance(output, File) else plain_json(output)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NONE if isinstance(output, File) else text


def plain_json(output: Any) -> Any:
    """A JSON value with what a file is in the place of each file."""
    if isinstance(output, list):
        return [plain_json(one) for one in output]
    if isinstance(output, dict):
        return {name: plain_json(one) for name, one in output.items()}
    return what(output) if isinstance(output, File) else output


def member(value: Any, at: str) -> Any:
    """What is at a place such as `scores.0.value`; None where nothing is."""
    for step in at.split(".") if at else []:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
