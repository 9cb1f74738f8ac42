"""What is tried and what came of it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safepush.answers import Prediction

Inputs = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One prediction to be made.

    `changed` are the inputs that are other than usual, `layer` is whose idea it was; `again` is
    which earlier one it repeats, to see whether anything has changed meanwhile.
    """

    inputs: Inputs
    layer: str
    changed: tuple[str, ...] = ()
    again: "Tried | None" = None

    @property
    def key(self) -> str:
        """The same for two with the same inputs."""
        return repr(sorted(self.inputs.items()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Tried:
    """A probe and its end: a prediction, or that the server refused it or it took too long.

    `output` has its files opened; `number` counts the predictions of this run. `unmade`: there was
    no budget for it, so nobody was asked.
    """

    probe: Probe
    number: int = 0
    prediction: Prediction | None = None
    output: Any = None
    refused: bool = False
    unmade: bool = False
    limit_s: float | None = None
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether there is an output."""
        return self.prediction is not None and self.prediction.status == "succeeded"

    @property
    def failed(self) -> bool:
        """Whether the model itself ended it with an error."""
        return self.prediction is not None and self.prediction.status == "failed"

    @property
    def measured(self) -> bool:
        """Whether the server told what the model's process held on to."""
        return self.prediction is not None and self.prediction.usage is not None

    @property
    def error(self) -> str:
        """The message of the error, if there is one."""
        return (self.prediction.error or "") if self.prediction is not None else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Suspicion:
    """Something that should not be, not confirmed yet.

    `cause` is the same for two that have one cause; `detail` tells people.
    """

    rule: str
    cause: str
    detail: str
    tried: Tried
    #: predictions that have to come before, in order
    before: tuple[Inputs, ...] = ()
    #: whether it was tried often enough to begin with
    is_proven: bool = False
