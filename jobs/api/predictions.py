"""/v1/predictions: single inputs, with `Prefer: wait`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api import pages
from jobs.api.body import json_object
from jobs.api.downloads import download, kind_of
from jobs.api.making import Asked, Head, Making
from jobs.core.errors import BadRequest
from jobs.core.prediction import State

if TYPE_CHECKING:
    from jobs.api.app import Services

#: whoever has these addresses is let in
OPEN = frozenset({"predictions.file_by_ticket"})
Created = Callable[[dict[str, Any]], tuple[Response, int, dict[str, str]]]


def blueprint(services: "Services", making: Making) -> Blueprint:
    """The routes of predictions, and of what they gave."""
    routes = Blueprint("predictions", __name__)
    _creating(routes, services, making)
    _predictions(routes, services)
    _removals_and_files(routes, services)
    return routes


def _creating(routes: Blueprint, services: "Services", making: Making) -> None:
    def created(body: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
        asked = Asked(g.caller, Head(request.headers), request.environ)
        shape, status, headers = making.made(asked, body)
        return jsonify(shape), status, headers

    @routes.post("/predictions")
    def create() -> tuple[Response, int, dict[str, str]]:
        return created(json_object())

    _by_address(routes, services, created)


def _by_address(routes: Blueprint, services: "Services", created: Created) -> None:
    @routes.post("/models/<owner>/<name>/predictions")
    def create_by_model(owner: str, name: str) -> tuple[Response, int, dict[str, str]]:
        body = json_object()
        model = services.models.get(g.caller, f"{owner}/{name}").name
        if twice := sorted({"model", "version"} & set(body)):
            raise BadRequest("stands in the address already", field=twice[0])
        return created(body | {"version": model})

    @routes.post("/deployments/<owner>/<name>/predictions")
    def create_by_deployment(owner: str, name: str) -> tuple[Response, int, dict[str, str]]:
        body = json_object()
        if twice := sorted({"model", "version", "deployment"} & set(body)):
            raise BadRequest("the address names the deployment, which pins it", field=twice[0])
        return created(body | {"deployment": f"{owner}/{name}"})


def _predictions(routes: Blueprint, services: "Services") -> None:
    predictions = services.predictions

    @routes.get("/predictions")
    def index() -> Response:
        page = pages.asked()
        found = predictions.newest(g.caller, page, pages.which([*State]))
        return jsonify(pages.replicate(found.map(predictions.shape), page, services.url))

    @routes.get("/predictions/<id>")
    def show(id: str) -> Response:
        return jsonify(predictions.shape(predictions.get(g.caller, id)))

    @routes.post("/predictions/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(predictions.shape(predictions.cancel(g.caller, id)))


def _removals_and_files(routes: Blueprint, services: "Services") -> None:
    predictions = services.predictions

    @routes.delete("/predictions/<id>")
    def delete(id: str) -> tuple[str, int]:
        predictions.delete(g.caller, id)
        return "", 204

    @routes.get("/predictions/<id>/files/<path:path>")
    def file(id: str, path: str) -> Response:
        return download(predictions.file(g.caller, id, path), kind_of(path))

    @routes.get("/predictions/<id>/files/<ticket>/<int:attempt>/<name>")
    def file_by_ticket(id: str, ticket: str, attempt: int, name: str) -> Response:
        content = predictions.file_by_ticket(id, ticket, f"{attempt}/{name}")
        return download(content, kind_of(name))
