"""A model folder asked directly, without a server: the same checks and the same model host."""

import itertools
import json
import mimetypes
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobs.adapters.fetch import _data
from jobs.adapters.hosts import ProcessHosts
from jobs.core import checker
from jobs.core.errors import FetchFailed, HostLost
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.ports import Host
from jobs.worker import rows, staging
from safepush.answers import Prediction, usage
from safepush.compare import File
from safepush.errors import InvalidRequest, PredictionTimedOut


class Direct:
    """One model in one process, loaded again when it was lost."""

    def __init__(self, folder: Path, scratch: Path, hosts: ProcessHosts) -> None:
        self._folder = folder
        self._scratch = scratch
        self._hosts = hosts
        self._host: Host | None = None
        self._lock = threading.Lock()
        self._opened: dict[str, Any] = {}
        self._counts = itertools.count(1)
        self.schema = self._ready().schema
        self._check = checker.compile(self.schema)
        self._files = staging.uri_fields(self.schema)

    @property
    def at_once(self) -> int:
        """Predictions that may be under way at once."""
        return self._ready().at_once

    def close(self) -> None:
        """End its process."""
        if self._host is not None:
            self._host.close()

    def _ready(self) -> Host:
        with self._lock:
            if self._host is None or not self._host.alive:
                self._host = self._hosts.start(
                    self._folder, scratch=self._scratch, threads=1, setup_timeout_s=60
                )
            return self._host

    def predict(self, inputs: Mapping[str, Any], *, limit_s: float) -> Prediction:
        """One prediction, as the server would answer."""
        id = f"p{next(self._counts)}"
        if faults := self._check(dict(inputs)):
            raise InvalidRequest("POST", 422, faults[0].message)
        place = self._scratch / id
        try:
            try:
                given = staging.bring(dict(inputs), self._files, _brought, place)
            except FetchFailed as exc:
                return Prediction(id=id, status="failed", error=str(exc))
            result = self._result(given, place / "made", limit_s, id)
            return self._prediction(id, result)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _result(self, given: dict[str, Any], made: Path, limit_s: float, id: str) -> Result:
        host = self._ready()
        try:
            result = host.stream(given, files=made, timeout_s=limit_s, on_output=lambda part: None)
        except HostLost as lost:
            if lost.reason == "timeout":
                raise PredictionTimedOut(id, limit_s) from lost
            return rows.failed(lost)
        assert result is not None
        return result

    def _prediction(self, id: str, result: Result) -> Prediction:
        if isinstance(result, Failed):
            return Prediction(id=id, status="failed", error=result.message, logs=result.logs)
        assert isinstance(result, Succeeded)
        output = json.loads(bytes(result.output))
        self._opened[id] = _opened(output)
        return Prediction(
            id=id,
            status="succeeded",
            output=_named(output),
            took_s=result.predict_s,
            logs=result.logs,
            usage=usage(result.usage or {}),
        )

    def opened(self, prediction: Prediction) -> Any:
        """The output of a prediction with its files, once."""
        return self._opened.pop(prediction.id)


def _brought(uri: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kind = uri.removeprefix("data:").partition(";")[0]
    file = folder / f"file{mimetypes.guess_extension(kind) or ''}"
    file.write_bytes(_data(uri))
    return file


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        if "__path__" in value:
            return File(Path(value["__path__"]).read_bytes())
        return {name: _opened(each) for name, each in value.items()}
    return [_opened(each) for each in value] if isinstance(value, list) else value


def _named(value: Any) -> Any:
    """Files by an address, as the server gives them."""
    if isinstance(value, dict):
        if "__path__" in value:
            return f"http://localhost/{Path(value['__path__']).name}"
        return {name: _named(each) for name, each in value.items()}
    return [_named(each) for each in value] if isinstance(value, list) else value
