"""Run rows so that one bad row costs one row, whatever it does to its process."""

from collections.abc import Callable, Sequence
from typing import Any

from jobs.core.errors import HostLost, SetupFailed
from jobs.core.prediction import Failed, Result
from jobs.core.version import Version
from jobs.worker.warm import Warm

MESSAGES = {
    "crashed": ("worker_crashed", "the model process died while it ran this row"),
    "timeout": ("timeout", "the row took longer than the time allowed"),
}


class RowRunner:
    """Runs the rows of one version, in groups, and alone where a group brought the host down."""

    def __init__(self, warm: Warm, version: Version, timeout_s: float) -> None:
        self._warm = warm
        self._version = version
        self._timeout_s = timeout_s

    def run(self, inputs: Sequence[dict[str, Any]], cancelled: Callable[[], bool]) -> list[Result]:
        """One result per input, in order; fewer if `cancelled` became true in between."""
        try:
            with self._warm.host(self._version) as host:
                return host.run(inputs, timeout_s=self._timeout_s, cancelled=cancelled)
        except HostLost as lost:
            if len(inputs) == 1:
                return [failed(lost)]
        # bisection would cost a setup() at every step: one by one costs one per poisonous row
        results: list[Result] = []
        for row in inputs:
            if cancelled():
                break
            results += self.run([row], cancelled)
        return results


def failed(lost: HostLost) -> Failed:
    """What a row gets that brought its process down."""
    code, message = MESSAGES.get(lost.reason, MESSAGES["crashed"])
    return Failed(code, message, lost.logs)


def setup_failed(error: SetupFailed) -> Failed:
    """What a row gets whose model cannot be loaded any more."""
    return Failed("setup_failed", str(error), error.logs)
