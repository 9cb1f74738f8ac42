"""/v1/trainings: train a version, and what becomes of that."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages
from jobs.api.body import json_object
from jobs.api.downloads import download, kind_of
from jobs.api.making import without_token
from jobs.api.resent import sending

if TYPE_CHECKING:
    from jobs.api.app import Services

#: whoever has these addresses is let in
OPEN = frozenset({"trainings.file"})


def blueprint(services: "Services") -> Blueprint:
    """The routes of trainings, and of what they gave."""
    routes = Blueprint("trainings", __name__)
    _creating(routes, services)
    _trainings(routes, services)
    return routes


def _creating(routes: Blueprint, services: "Services") -> None:
    trainings = services.trainings

    @routes.post("/models/<owner>/<name>/versions/<id>/trainings")
    def create(owner: str, name: str, id: str) -> tuple[Response, int, dict[str, str]]:
        body = json_object()
        without_token(body.get("input"), g.token)
        value, is_new = trainings.create(g.caller, f"{owner}/{name}", id, body, sending())
        headers = {"Location": f"{services.url}/v1/trainings/{value.id}"}
        return jsonify(trainings.shape(value)), 201 if is_new else 200, headers


def _trainings(routes: Blueprint, services: "Services") -> None:
    trainings = services.trainings

    @routes.get("/trainings")
    def index() -> Response:
        page = pages.asked()
        found = trainings.newest(g.caller, page)
        return jsonify(pages.replicate(found.map(trainings.shape), page, services.url))

    @routes.get("/trainings/<id>")
    def show(id: str) -> Response:
        return jsonify(trainings.shape(trainings.get(g.caller, id)))

    @routes.post("/trainings/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(trainings.shape(trainings.cancel(g.caller, id)))

    @routes.delete("/trainings/<id>")
    def delete(id: str) -> tuple[str, int]:
        trainings.delete(g.caller, id)
        return "", 204

    @routes.get("/trainings/<id>/files/<ticket>/<int:attempt>/<name>")
    def file(id: str, ticket: str, attempt: int, name: str) -> Response:
        return download(trainings.file(id, ticket, f"{attempt}/{name}"), kind_of(name))
