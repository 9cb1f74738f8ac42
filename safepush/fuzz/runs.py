"""Predictions being made: in parallel, each within its limit, and counted."""

import time
from collections import Counter
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
#: after so many without an end, others with the same inputs changed get a part of the time
ENDLESS, IMPATIENT = 2, 0.2
#: what is quicker than this is not measured well; and how much slower a machine may be all at once
LEAST_TOLD_S, SLOWEST = 0.02, 6.0
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
        self._endless: Counter[str] = Counter()
        self._stop = stop
        #: whether the run as a whole may make no more of them
        self.spent = False
        self.made = 0
        #: those of them that there was no budget for
        self.unmade = 0
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

    def slowness(self) -> float:
        """How many times as long as at first the usual inputs take now."""
        if self._good is None or self.spent:
            return 1.0
        self._recover()
        probe = Probe(inputs=self._good, layer="usual")
        took = [self._tried(probe, self._longest_s).seconds for _ in range(2)]
        return min(SLOWEST, max(1.0, min(took) / max(self._usual_s, LEAST_TOLD_S)))

    def one(self, probe: Probe, *, times: float = 1.0, whole: bool = False) -> Tried:
        """One prediction by itself, with so many times the limit.

        `whole`: also where many like it had no end.
        """
        self._recover()
        patience = times if whole else times * self._patience(probe)
        return self._counted([self._tried(probe, self.limit_s * patience)])[0]

    def _patience(self, probe: Probe) -> float:
        """The part of the limit that is waited: of a third without an end nobody learns much."""
        is_known = any(self._endless[name] >= ENDLESS for name in probe.changed)
        return IMPATIENT if is_known else 1.0

    def first(self, probe: Probe) -> Tried:
        """One prediction with all the time there is: nobody knows yet what is usual."""
        return self._counted([self._tried(probe, self._longest_s)])[0]

    def all(self, probes: Sequence[Probe]) -> list[Tried]:
        """Several predictions at once; each may have to wait for the others."""
        self._recover()
        limit_s = min(self.limit_s * min(self.parallel, len(probes)), self._longest_s)
        waits = {id(one): limit_s * self._patience(one) for one in probes}
        made = each(lambda one: self._tried(one, waits[id(one)]), probes, self.parallel, self._stop)
        return self._counted(made)

    def _counted(self, tried: list[Tried]) -> list[Tried]:
        late = [one for one in tried if one.limit_s is not None]
        self._was_late = bool(late)
        self._endless.update(name for one in late for name in one.probe.changed)
        numbered = [replace(one, number=self.made + at) for at, one in enumerate(tried)]
        self.made += len(tried)
        self.unmade += sum(one.unmade for one in tried)
        self.history += numbered
        return numbered

    def _tried(self, probe: Probe, limit_s: float) -> Tried:
        began = time.monotonic()
        try:
            prediction = self._predict(probe.inputs, limit_s=limit_s)
        except BudgetSpent:
            self.spent = True
            return Tried(probe=probe, refused=True, unmade=True)
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
