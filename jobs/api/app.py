"""The Flask application: who asks, what it may send, and the blueprints."""

from dataclasses import dataclass

from flask import Flask, g, request

from jobs.api import (
    batches,
    bundles,
    catalogue,
    deployments,
    endpoints,
    events,
    files,
    front,
    health,
    models,
    openapi,
    predictions,
    problems,
    requests,
    spelling,
    streams,
    trainings,
    webhooks,
    webpage,
)
from jobs.api.body import MAX_JSON
from jobs.api.making import Making
from jobs.api.shortcut import Shortcut
from jobs.core.errors import NotFound
from jobs.ports import Store, Telemetry
from jobs.services.batches import Batches
from jobs.services.deployments import Deployments
from jobs.services.endpoints import Endpoints
from jobs.services.events import Events
from jobs.services.files import Files
from jobs.services.models import Models
from jobs.services.predictions import Predictions
from jobs.services.readiness import Readiness
from jobs.services.streams import Streams
from jobs.services.tokens import Tokens
from jobs.services.trainings import Trainings
from jobs.services.webhooks import Webhooks

NOUNS = (
    files,
    models,
    bundles,
    streams,
    trainings,
    batches,
    deployments,
    events,
    webhooks,
    endpoints,
    catalogue,
)
#: routes whose addresses let in by themselves: a token beside is not looked at
LET_IN = files.OPEN | predictions.OPEN | trainings.OPEN | streams.OPEN | webpage.OPEN


@dataclass(frozen=True)
class Services:
    """Every use case, and the public origin that addresses begin with."""

    store: Store
    files: Files
    models: Models
    predictions: Predictions
    streams: Streams
    trainings: Trainings
    batches: Batches
    deployments: Deployments
    events: Events
    webhooks: Webhooks
    endpoints: Endpoints
    tokens: Tokens
    readiness: Readiness
    telemetry: Telemetry
    url: str
    #: classes of workers that a version may ask for
    hardware: tuple[str, ...]
    max_upload_bytes: int


def create(services: Services) -> Flask:
    """The application over these services; nothing is global."""
    app = Flask("penstock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = services.max_upload_bytes  # JSON has its own limit
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_JSON
    app.json.sort_keys = False  # type: ignore[attr-defined]
    problems.install(app)
    requests.install(app, services.telemetry)
    front.install(app)

    @app.before_request
    def authenticate() -> None:
        if request.path in health.OPEN or request.path == openapi.PATH:
            return
        if not request.path.isprintable():
            raise NotFound("thing", "of this name")
        if request.endpoint in LET_IN:
            return
        g.token = requests.token_in(request.headers)
        g.caller = services.tokens.caller(g.token)

    app.register_blueprint(health.blueprint(services.readiness))
    making = Making(services.predictions, services.url)
    app.register_blueprint(predictions.blueprint(services, making), url_prefix="/v1")
    for module in NOUNS:
        app.register_blueprint(module.blueprint(services), url_prefix="/v1")
    app.register_blueprint(webpage.blueprint(services))
    app.register_blueprint(openapi.blueprint(app, LET_IN | health.OPEN))
    quick = Shortcut(app.wsgi_app, services.telemetry, services.tokens.caller, making)
    app.wsgi_app = quick  # type: ignore[assignment]
    app.wsgi_app = spelling.mended(app)  # type: ignore[assignment]
    return app
