"""Predictions being made: in parallel, each within its limit, and counted."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from safepush.answers import Prediction
from safepush.errors import BadAnswer, BudgetSpent, InvalidRequest, NotFound, PredictionTimedOut
from safepush.fuzz.probe import Probe, Tried
from safepush.parallel import each

#: no model is called slow for less
LEAST_LIMIT_S = 10.0
#: how many times as long as usual is too long
PATIENCE = 20
MISSING = "the output names a file that is not there"


class Runs:
    """Makes predictions of one version; `made` is how many so far."""

    def __init__(
        self,
        predict: Callable[..., Prediction],
        opened: Callable[[Prediction], Any],
        *,
        parallel: int,
        longest_s: float,
        limit_s: float | None = None,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        """`longest_s` is what no prediction may take in any case; `limit_s` what is too long."""
        self._predict = predict
        self._opened = opened
        self.parallel = parallel
        self._longest_s = longest_s
        self._fixed_s = limit_s
        self._usual_s = 0.0
        self._good: Mapping[str, Any] | None = None
        self._was_late = False
        self._stop = stop
        #: whether the run as a whole may make no more of them
        self.spent = False
        self.made = 0
        self.history: list[Tried] = []

    @property
    def limit_s(self) -> float:
        """What takes longer is too slow: as configured, or by how long the usual inputs take."""
        told = self._fixed_s or max(LEAST_LIMIT_S, PATIENCE * self._usual_s)
        return min(told, self._longest_s)

    def usual(self, inputs: Mapping[str, Any], seconds: float) -> None:
        """So long these took, which are good."""
        self._good = inputs
        self._usual_s = max(self._usual_s, seconds)

    def _recover(self) -> None:
        """Wait for a model that is loaded anew, since its process was ended: the next is not late.

        That is no prediction that looks for anything, and is not counted.
        """
        if self._was_late and self._good is not None and not self.spent:
            self._tried(Probe(inputs=self._good, layer="usual"), self._longest_s)
        self._was_late = False

    def one(self, probe: Probe, *, times: float = 1.0) -> Tried:
        """One prediction by itself, with so many times the limit."""
        self._recover()
        return self._counted([self._tried(probe, self.limit_s * times)])[0]

    def first(self, probe: Probe) -> Tried:
        """One prediction with all the time there is: nobody knows yet what is usual."""
        return self._counted([self._tried(probe, self._longest_s)])[0]

    def all(self, probes: Sequence[Probe]) -> list[Tried]:
        """Several predictions at once; each may have to wait for the others."""
        self._recover()
        limit_s = min(self.limit_s * min(self.parallel, len(probes)), self._longest_s)
        made = each(lambda one: self._tried(one, limit_s), probes, self.parallel, self._stop)
        return self._counted(made)

    def _counted(self, tried: list[Tried]) -> list[Tried]:
        self._was_late = any(one.limit_s is not None for one in tried)
        numbered = [replace(one, number=self.made + at) for at, one in enumerate(tried)]
        self.made += len(tried)
        self.history += numbered
        return numbered

    def _tried(self, probe: Probe, limit_s: float) -> Tried:
        began = time.monotonic()
        try:
            prediction = self._predict(probe.inputs, limit_s=limit_s)
        except BudgetSpent:
            self.spent = True
            return Tried(probe=probe, refused=True)
        except InvalidRequest:
            return Tried(probe=probe, refused=True)
        except PredictionTimedOut as exc:
            return Tried(probe=probe, limit_s=exc.limit_s)
        seconds = prediction.took_s
        if seconds is None:
            seconds = time.monotonic() - began
        output, missing = self._output(prediction)
        if missing:
            prediction = Prediction(id=prediction.id, status="failed", error=MISSING)
        return Tried(probe=probe, prediction=prediction, output=output, seconds=seconds)

    def _output(self, prediction: Prediction) -> tuple[Any, bool]:
        """(the output with its files, whether one of them is not there)."""
        if prediction.status != "succeeded":
            return None, False
        try:
            return self._opened(prediction), False
        except NotFound:
            return None, True
        except BadAnswer:  # larger than what is looked into
            return None, False


def changes(base: Mapping[str, Any], inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs that are other than in the base, those that are left out among them."""
    names = dict.fromkeys([*base, *inputs])
    return tuple(
        name
        for name in names
        if name not in base or name not in inputs or base[name] != inputs[name]
    )
