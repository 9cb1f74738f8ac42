"""The `fuzz` section: how many predictions, which inputs are left alone, what is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safepush.document import Place
from safepush.findings import Policy
from safepush.reader import Field, Reader

#: of the section, and of the check
NAME = "fuzz"
BUDGET = 100
MOST = 100_000


@dataclass(frozen=True, kw_only=True)
class Fuzzing:
    """How a version is fuzzed.

    budget: predictions that look for flaws, 0 for none; those that confirm one come on top.
    timeout_s: what takes longer is too slow; else learned from the usual inputs. fixed_inputs are
    sent always and disabled_inputs never. given: whether there is such a section.
    """

    budget: int = BUDGET
    timeout_s: float | None = None
    fixed_inputs: Mapping[str, Any] = field(default_factory=dict)
    disabled_inputs: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    given: bool = False


def read_fuzzing(
    reader: Reader, value: object, place: Place, policy: Mapping[str, Field]
) -> Fuzzing:
    """The section, or false; `policy` are the fields of a policy. Problems go to the document."""
    if value is False:
        return Fuzzing(budget=0, given=True)
    fields: dict[str, Field] = {
        "budget": ("budget", lambda value, place: reader.whole(value, place, 0, MOST)),
        "timeout": ("timeout_s", reader.seconds),
        "fixed_inputs": ("fixed_inputs", lambda value, place: _inputs(reader, value, place)),
        "disabled_inputs": ("disabled_inputs", reader.texts),
        **policy,
    }
    values = reader.section(value, place, fields)
    names = {name for name, _ in policy.values()}
    told = Policy(**{name: values.pop(name) for name in names & values.keys()})
    found = Fuzzing(policy=told, given=True, **values)
    for name in found.disabled_inputs:
        if name in found.fixed_inputs:
            reader.wrong(place, f"`{name}` is both fixed and disabled; keep one")
    return found


def _inputs(reader: Reader, value: object, place: Place) -> Mapping[str, Any] | None:
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return value
    reader.wrong(place, "must be a mapping from input name to value")
    return None
