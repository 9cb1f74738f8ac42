"""/predictions and /trainings: run one, wait for it, follow it or not, and cancel it."""

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from jobs.core.errors import Unavailable
from jobs.serve import orders
from jobs.serve.answers import events, told, wait, waited
from jobs.serve.callback import Callbacks
from jobs.serve.connection import gone
from jobs.serve.desk import Desk
from jobs.serve.live import Live
from jobs.serve.model import Model

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Predictions:
    """The routes, over one model."""

    def __init__(
        self, desk: Desk, model: Model, callbacks: Callbacks, upload_url: str | None
    ) -> None:
        self._desk = desk
        self._model = model
        self._callbacks = callbacks
        self._upload_url = upload_url

    def install(self, app: Flask, noun: str) -> None:
        """Have the application answer for them, by the name that they have in addresses."""
        app.post(f"/{noun}", endpoint=f"{noun}.create")(self.create)
        app.put(f"/{noun}/<id>", endpoint=f"{noun}.put")(self.put)
        app.post(f"/{noun}/<id>/cancel", endpoint=f"{noun}.cancel")(self.cancel)

    def create(self) -> Response:
        """Run one."""
        return self._run(orders.body(), None)

    def put(self, id: str) -> Response:
        """Run one, unless it runs already."""
        body = orders.body()
        live = self._desk.find(id)
        if live is None or body.get("id") not in (None, id):
            return self._run(body, id)
        return events(live) if _wants_events() else told(live.snapshot(), 202)

    def cancel(self, id: str) -> Response:
        """Cancel one that runs."""
        live = self._desk.find(id)
        if live is None:
            return told({}, 404)
        live.cancel.set()
        return told({})

    def ended(self, raw: bytes, environ: "WSGIEnvironment") -> dict[str, Any]:
        """Run one that a body of JSON asks for to its end, and tell that."""
        live = self._live(orders.parsed(raw, is_json=True), environ)
        runs_here = self._desk.take(live, here=True)
        self._callbacks.follow(live)
        if runs_here:
            live.is_waited_for = True
            self._desk.run(live)
        else:
            wait(live)
        return live.shape()

    def _live(
        self,
        body: dict[str, Any],
        environ: "WSGIEnvironment",
        *,
        id: str | None = None,
        is_streamed: bool = False,
    ) -> Live:
        contract, url = self._model.contract, self._upload_url
        if contract is None:
            raise Unavailable(self._model.setup.error or "Setup has not finished yet")
        order = orders.order(
            body, contract, id=id, upload_url=url, is_streamed=is_streamed, environ=environ
        )
        return Live(order, gone(environ))

    def _run(self, body: dict[str, object], id: str | None) -> Response:
        is_streamed = _wants_events()
        live = self._live(body, request.environ, id=id, is_streamed=is_streamed)
        self._desk.take(live)
        self._callbacks.follow(live)
        if is_streamed:
            return events(live)
        if _wants_no_wait():
            return told({"id": live.id, "status": "starting"}, 202)
        return waited(live)


def _wants_no_wait() -> bool:
    preferences = request.headers.get("Prefer", "").replace(";", ",").split(",")
    return any(one.strip().lower() == "respond-async" for one in preferences)


def _wants_events() -> bool:
    kinds = request.headers.get("Accept", "").split(",")
    return any(kind.partition(";")[0].strip() == "text/event-stream" for kind in kinds)
