"""Cog's HTTP interface over one model: see docs/06-models.md for where it differs."""

import platform
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from jobs.core import training
from jobs.core.errors import JobsError, Unavailable
from jobs.serve.answers import told
from jobs.serve.callback import Callbacks
from jobs.serve.desk import Busy, Desk
from jobs.serve.model import Model
from jobs.serve.orders import BadBody, Invalid
from jobs.serve.predictions import Predictions
from jobs.serve.shortcut import FAILED, shortcut

#: whose interface it is
COG_VERSION = "0.23.1"
MOST_BODY_BYTES = 100 * 2**20
PLACES = {
    "openapi_url": "/openapi.json",
    "shutdown_url": "/shutdown",
    "healthcheck_url": "/health-check",
}


class Counter(NamedTuple):
    """A model, or its train(), and who takes predictions for it."""

    desk: Desk
    model: Model


def create(
    predict: Counter,
    train: Counter | None,
    callbacks: Callbacks,
    *,
    upload_url: str | None,
    shut_down: Callable[[], None],
) -> Flask:
    """The application; `train`: if the folder has a train()."""
    app = Flask("penstock-serve", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    _guard(app)
    _errors(app)
    _about(app, predict, train, shut_down)
    for noun, counter in (("predictions", predict), ("trainings", train)):
        if counter is not None:
            Predictions(*counter, callbacks, upload_url).install(app, noun)
    quick = Predictions(*predict, callbacks, upload_url)
    app.wsgi_app = shortcut(app.wsgi_app, quick, MOST_BODY_BYTES)  # type: ignore[assignment]
    return app


def _guard(app: Flask) -> None:
    @app.before_request
    def failed_before() -> None:
        """What went wrong in front of this is told here."""
        error = request.environ.pop(FAILED, None)
        if error is not None:
            raise error

    @app.before_request
    def same_origin() -> Response | None:
        """Pages of other sites, open in a browser here, may not run or end anything."""
        origin = request.headers.get("Origin")
        if origin is None or origin == request.host_url.rstrip("/"):
            return None
        return Response("requests from other sites' pages are refused\n", 403)


def _errors(app: Flask) -> None:
    @app.errorhandler(Invalid)
    def invalid(error: Invalid) -> Response:
        return told({"detail": error.detail}, 422)

    @app.errorhandler(BadBody)
    def bad_body(error: BadBody) -> Response:
        return Response(f"{error}\n", error.status, content_type="text/plain; charset=utf-8")

    @app.errorhandler(JobsError)
    def refused(error: JobsError) -> Response:
        status = {Busy: 409, Unavailable: 503}.get(type(error), 500)
        return told({"error": str(error), "status": "failed"}, status)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        answer = told({"error": error.description}, error.code or 500)
        answer.headers.extend(pair for pair in error.get_headers() if pair[0] != "Content-Type")
        return answer


def _places(noun: str) -> dict[str, str]:
    one = f"/{noun}/{{{noun[:-1]}_id}}"
    return {
        f"{noun}_url": f"/{noun}",
        f"{noun}_idempotent_url": one,
        f"{noun}_cancel_url": f"{one}/cancel",
    }


def _about(
    app: Flask, predict: Counter, train: Counter | None, shut_down: Callable[[], None]
) -> None:
    desk, model = predict
    places = PLACES | _places("predictions") | (_places("trainings") if train else {})

    @app.get("/")
    def index() -> Response:
        return told({"cog_version": COG_VERSION, **places})

    @app.get("/health-check")
    def health() -> Response:
        version = dict.fromkeys(("coglet", "python_sdk"), COG_VERSION)
        version["python"] = platform.python_version()
        shape = {"status": desk.health().value, "setup": model.setup.shape(), "version": version}
        fault = model.setup.fault
        return told(shape if fault is None else shape | {"user_healthcheck_error": fault})

    @app.get("/openapi.json")
    def openapi() -> Response:
        if model.contract is None:
            return told({"error": "OpenAPI schema not available"}, 503)
        if train is None or train.model.contract is None:
            return told(model.contract.document)
        return told(training.joined(model.contract.document, train.model.contract.document))

    @app.post("/shutdown")
    def shutdown() -> tuple[str, int]:
        shut_down()
        return "", 200
