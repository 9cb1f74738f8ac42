"""What every relation is made of: the usual inputs, and a few predictions beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs


@dataclass(frozen=True)
class Relation:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs

    def made(self, changes: Mapping[str, Any]) -> Tried:
        """The usual inputs, but for these."""
        return self.runs.one(changed(self.first.probe.inputs, changes, "equations"))

    def known(self, changes: Mapping[str, Any], beside: Tried | None = None) -> Tried:
        """The same, or other inputs but for these, which may have been made before."""
        base = (beside or self.first).probe.inputs
        inputs = {**base, **changes}
        found = (one for one in self.runs.history if one.succeeded and one.probe.inputs == inputs)
        return next(found, None) or self.runs.one(changed(base, changes, "equations"))

    def usual(self, field: Field) -> Any:
        """What an input is sent as a rule."""
        return self.first.probe.inputs.get(field.name, field.default)

    def differs(self, made: Tried) -> bool:
        """Whether it came out otherwise than as usual."""
        return made.succeeded and bool(compare(self.first.output, made.output))

    def suspicion(self, told: str, tried: Tried | None = None) -> Suspicion:
        """What was tried twice by now, the last time just before, or as `tried`."""
        seen = self.runs.history[-1] if tried is None else tried
        return Suspicion(rule=RULE, cause=told, detail=told, tried=seen, is_proven=True)
