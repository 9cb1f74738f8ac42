"""Runs predictions through the model: files in, one alone or several together, files out."""

import itertools
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jobs.core.errors import FetchFailed, HostLost, SetupFailed
from jobs.core.lot import Lot
from jobs.core.prediction import Failed, Result, State
from jobs.ports import Aside, Host
from jobs.serve.files import Inputs, Outputs, UploadFailed
from jobs.serve.live import Live
from jobs.serve.model import Model

#: what a model that is cancelled has to clean up, before its process is ended
GRACE_S = 5.0
log = logging.getLogger(__name__)


class Runner:
    """Ends every prediction that it is given, whatever happens; for any number of threads."""

    def __init__(
        self,
        model: Model,
        free: Callable[[Live], None],
        *,
        folder: Path,
        timeout_s: float,
        show: Callable[[str], None],
    ) -> None:
        """Say what happens beside.

        Args:
            folder: where files of predictions lie meanwhile.
            free: called with each prediction before it is told to have ended.
            timeout_s: how long one may take.
            show: told what the model prints, as it comes.
        """
        self._model = model
        self._show = show
        self._folder = folder
        self._numbers = itertools.count()
        self._free = free
        self._timeout_s = timeout_s
        self._inputs = Inputs()

    def run(self, lives: Sequence[Live]) -> None:
        """Run them to their ends."""
        # made by whoever puts a file there: most predictions have none
        folder = self._folder / str(next(self._numbers))
        try:
            self._run(lives, folder)
        except (HostLost, SetupFailed) as error:
            self._all_failed(lives, str(error), error.logs)
        except Exception:
            log.exception("a prediction failed here, not in the model")
            self._all_failed(lives, "something went wrong in the server; its log has it")
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)

    def _run(self, lives: Sequence[Live], folder: Path) -> None:
        host = self._model.host()
        given: dict[Live, dict[str, Any]] = {}
        for live in lives:
            brought = self._brought(live, folder / str(len(given)))
            if brought is not None:
                given[live] = brought
        for live in given:
            live.began()
        if len(given) == 1:
            for live, values in given.items():
                self._alone(host, live, values, folder / "made")
        elif given:
            self._together(host, given, folder / "made")

    def _brought(self, live: Live, folder: Path) -> dict[str, Any] | None:
        """Its input with its files here; None if it has ended for want of them."""
        contract = self._model.contract
        if live.cancel.is_set() or contract is None:
            self._end(live, State.CANCELED)
            return None
        try:
            return self._inputs.brought(live.order.input, contract.document, folder)
        except FetchFailed as error:
            self._end(live, State.FAILED, error=str(error))
            return None

    def _alone(self, host: Host, live: Live, given: dict[str, Any], files: Path) -> None:
        outputs = Outputs(live.id, live.order.upload_url)
        tell_parts = live.order.in_parts

        def part(value: Any) -> None:
            if tell_parts:
                live.part(outputs.passed_on(value))

        try:
            result = host.stream(
                given,
                files=files,
                timeout_s=self._timeout_s,
                on_output=part,
                on_logs=lambda text: self._show(live.printed(text)),
                cancelled=live.is_cancelled,
                grace_s=GRACE_S,
                aside=Aside(live.order.context, live.noted if tell_parts else None),
            )
        except UploadFailed as error:
            self._end(live, State.FAILED, error=str(error))
            return
        if result is not None:
            self._show(live.printed(result.logs))
        self._settle(live, result, outputs)

    def _together(self, host: Host, given: dict[Live, dict[str, Any]], files: Path) -> None:
        lives = list(given)

        def cancelled() -> bool:
            for live in lives:
                if live.cancel.is_set() and not live.done.is_set():
                    self._end(live, State.CANCELED)
            return all(live.done.is_set() for live in lives)

        lots = host.run(
            list(given.values()), files=files, timeout_s=self._timeout_s, cancelled=cancelled
        )
        for live, result in zip(lives, self._shown(lots), strict=False):
            self._settle(live, result, Outputs(live.id, live.order.upload_url))
        for live in lives:  # those that were cancelled before they had their turn
            self._end(live, State.CANCELED)

    def _shown(self, lots: Iterable[Lot]) -> Iterator[Result]:
        """The results of several, with what was printed shown once."""
        for lot in lots:
            self._show(lot.logs)
            yield from lot

    def _settle(self, live: Live, result: Result | None, outputs: Outputs) -> None:
        if result is None:
            self._end(live, State.CANCELED)
            return
        if isinstance(result, Failed):
            state = State.CANCELED if live.cancel.is_set() else State.FAILED
            error = None if state is State.CANCELED else result.message
            self._end(live, state, error=error, logs=result.logs, metrics=result.metrics)
            return
        metrics = {**(result.metrics or {}), "predict_time": result.predict_s}
        try:
            output = json.loads(bytes(result.output))
            output = outputs.passed_on(output) if result.files else output
        except UploadFailed as error:
            self._end(live, State.FAILED, error=str(error), logs=result.logs)
            return
        self._end(live, State.SUCCEEDED, output=output, logs=result.logs, metrics=metrics)

    def _all_failed(self, lives: Sequence[Live], error: str, logs: str = "") -> None:
        if logs:
            self._show(lives[0].printed(logs))
        for live in lives:
            self._end(live, State.FAILED, error=error, logs=logs)

    def _end(self, live: Live, state: State, logs: str = "", **told: Any) -> None:
        if live.done.is_set():
            return
        if logs:
            live.printed(logs)
        self._free(live)
        live.ended(state, **told)
        log.info("%s %s", live.id, state.value)
