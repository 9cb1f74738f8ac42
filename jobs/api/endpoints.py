"""/v1/webhooks/endpoints: where an owner's events go, whatever a batch or prediction names."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages
from jobs.api.body import json_object
from jobs.core import wire

if TYPE_CHECKING:
    from jobs.api.app import Services

PLACE = "/webhooks/endpoints"


def blueprint(services: "Services") -> Blueprint:
    """The routes of standing endpoints."""
    routes = Blueprint("endpoints", __name__)
    _endpoints(routes, services)
    _moves(routes, services)
    _secrets(routes, services)
    return routes


def _endpoints(routes: Blueprint, services: "Services") -> None:
    endpoints = services.endpoints

    @routes.post(PLACE)
    def create() -> tuple[Response, int]:
        endpoint, secret = endpoints.create(g.caller, json_object())
        return _with_secret(wire.endpoint(endpoint) | {"secret": secret}), 201

    @routes.get(PLACE)
    def index() -> Response:
        page = pages.asked()
        found = endpoints.newest(g.caller, page).map(wire.endpoint)
        return jsonify(pages.replicate(found, page, services.url))

    @routes.get(f"{PLACE}/<id>")
    def show(id: str) -> Response:
        return jsonify(wire.endpoint(endpoints.get(g.caller, id)))

    @routes.patch(f"{PLACE}/<id>")
    def change(id: str) -> Response:
        return jsonify(wire.endpoint(endpoints.change(g.caller, id, json_object())))

    @routes.delete(f"{PLACE}/<id>")
    def delete(id: str) -> tuple[str, int]:
        endpoints.delete(g.caller, id)
        return "", 204


def _moves(routes: Blueprint, services: "Services") -> None:
    endpoints = services.endpoints

    @routes.post(f"{PLACE}/<id>/enable")
    def enable(id: str) -> Response:
        return jsonify(wire.endpoint(endpoints.enable(g.caller, id)))

    @routes.post(f"{PLACE}/<id>/disable")
    def disable(id: str) -> Response:
        return jsonify(wire.endpoint(endpoints.disable(g.caller, id)))

    @routes.post(f"{PLACE}/<id>/test")
    def test(id: str) -> tuple[Response, int]:
        event, delivery = endpoints.test(g.caller, id)
        return jsonify(event=event, delivery=delivery), 202


def _secrets(routes: Blueprint, services: "Services") -> None:
    endpoints = services.endpoints

    @routes.post(f"{PLACE}/<id>/rotate")
    def rotate(id: str) -> Response:
        endpoint, secret, until = endpoints.rotate(g.caller, id, json_object())
        told = {"secret": secret, "previous_until": wire.iso(until)}
        return _with_secret(wire.endpoint(endpoint) | told)

    @routes.get(f"{PLACE}/<id>/secret")
    def secret(id: str) -> Response:
        return _with_secret({"key": endpoints.secret(g.caller, id)})


def _with_secret(told: dict[str, Any]) -> Response:
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
