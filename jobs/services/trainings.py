"""Trainings: predictions of a version's train(), whose weights make a version elsewhere."""

from dataclasses import replace
from typing import Any

from jobs.core import secret_inputs, training, wire
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, NotFound
from jobs.core.ids import new_id
from jobs.core.page import Found, Page
from jobs.core.prediction import Prediction
from jobs.core.request import check_names
from jobs.core.sending import ONCE, Sending, request_hash
from jobs.core.version import Version, parse_model
from jobs.ports import Bell, Clock, Store
from jobs.services.content import Content
from jobs.services.models import Models
from jobs.services.predictions import Predictions, check_input, ready, said_by

#: `version` is in the address too; one client says it twice
KNOWN = frozenset(
    {
        "destination",
        "version",
        "input",
        "webhook",
        "webhook_completed",
        "webhook_events_filter",
    }
)


class Trainings:
    """Create, list and cancel; `url` is the public origin."""

    def __init__(
        self,
        store: Store,
        models: Models,
        predictions: Predictions,
        bell: Bell,
        clock: Clock,
        *,
        url: str,
    ) -> None:
        self._store = store
        self._models = models
        self._predictions = predictions
        self._bell = bell
        self._clock = clock
        self._url = url

    def create(
        self,
        caller: Caller,
        model: str,
        id: str,
        request: dict[str, Any],
        sending: Sending = ONCE,
    ) -> tuple[Prediction, bool]:
        """Keep a training of a version, checked against what its train() takes.

        Returns the training, and whether it is new: the same key, or a client that says that it
        repeats itself, gets the one that is there.

        Raises:
            NotFound: there is no such version, or no such model as its destination.
        """
        hash = request_hash({"training": f"{model}:{id}", **request})
        earlier = self._predictions.earlier(caller, hash, sending, training.KIND)
        if earlier is not None:
            return earlier, False
        check_names(request, KNOWN)
        version = self._version(caller, model, id, request.get("version"))
        destination = self._destination(caller, request.get("destination"))
        said = said_by(caller, request, sending, self._clock(), self._predictions.allow)
        as_prediction = training.as_prediction(version.schema or {})
        check_input(replace(version, schema=as_prediction), said["input"], self._url)
        said["input"] = secret_inputs.marked(said["input"], as_prediction)
        value = Prediction(
            id=new_id(training.KIND, said["created_at"]),
            model=version.model,
            version=version.id,
            destination=destination,
            hardware=version.hardware,
            **said,
        )
        create = self._store.predictions.create
        kept: Prediction = create(value, caller.limits, key=sending.key, request_hash=hash)
        self._bell.ring("training", kept.id, kept.hardware)
        return kept, kept.id == value.id

    def _version(self, caller: Caller, model: str, id: str, repeated: object) -> Version:
        if repeated not in (None, id, f"{model}:{id}"):
            raise BadRequest("is another version than that of the address", field="version")
        version = self._models.version(caller, model, id)
        ready(version)
        if not training.trains(version.schema):
            raise BadRequest(
                f"version {id[:12]} cannot be trained: its cog.yaml has no train", field="version"
            )
        return version

    def _destination(self, caller: Caller, name: object) -> str:
        if not isinstance(name, str):
            raise BadRequest(
                "name the model that is to have the new version: owner/name", field="destination"
            )
        try:
            destination = parse_model(name)
        except BadRequest as error:
            raise BadRequest(str(error), field="destination") from error
        self._store.models.check(destination, caller.owner)
        return destination

    def shape(self, value: Prediction) -> dict[str, Any]:
        """As clients see it now."""
        return wire.training(value, self._url, self._clock())

    def get(self, caller: Caller, id: str) -> Prediction:
        """One training."""
        _check(id)
        value: Prediction = self._store.predictions.get(id, caller.owner)
        return value

    def newest(self, caller: Caller, page: Page) -> Found[Prediction]:
        """The newest first."""
        found: Found[Prediction] = self._store.trainings.newest(caller.owner, page)
        return found

    def cancel(self, caller: Caller, id: str) -> Prediction:
        """Stop it, and make no version; what has ended stays as it ended."""
        _check(id)
        value: Prediction = self._store.predictions.cancel(id, caller.owner, self._clock())
        return value

    def delete(self, caller: Caller, id: str) -> None:
        """Forget a training that has ended, and its files; the version that it made stays."""
        _check(id)
        self._store.removals.prediction(id, caller.owner)

    def file(self, id: str, ticket: str, path: str) -> Content:
        """A file that it gave, for whoever has its address."""
        _check(id)
        return self._predictions.file_by_ticket(id, ticket, path)


def _check(id: str) -> None:
    if not training.is_training(id):
        raise NotFound("training", id)
