"""/v1/predictions: single inputs, with `Prefer: wait`."""

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, request

from jobs.api.body import json_object, limit
from jobs.core import wire

if TYPE_CHECKING:
    from jobs.api.app import Services

#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0


def wait_s(prefer: str) -> float:
    """How long the caller wants to wait: `wait`, `wait=n`, or not at all."""
    found = re.search(r"\bwait(?:=(\d{1,4}))?\b", prefer)
    if not found:
        return 0.0
    return min(float(found[1]) - 0.1 if found[1] else MOST_WAIT_S, MOST_WAIT_S)


def blueprint(services: "Services") -> Blueprint:
    """The routes of predictions."""
    routes = Blueprint("predictions", __name__)
    predictions, url = services.predictions, services.url

    @routes.post("/predictions")
    def create() -> tuple[Response, int]:
        value = predictions.create(g.caller, json_object())
        seconds = wait_s(request.headers.get("Prefer", ""))
        if seconds > 0:
            value = predictions.wait(value, seconds)
        return jsonify(wire.prediction(value, url)), 201

    @routes.get("/predictions")
    def index() -> Response:
        found = predictions.newest(g.caller, limit(), request.args.get("after"))
        shapes = [wire.prediction(value, url) for value in found]
        return jsonify(results=shapes, next=None, previous=None)

    @routes.get("/predictions/<id>")
    def show(id: str) -> Response:
        return jsonify(wire.prediction(predictions.get(g.caller, id), url))

    @routes.post("/predictions/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(wire.prediction(predictions.cancel(g.caller, id), url))

    @routes.get("/predictions/<id>/files/<path:path>")
    def file(id: str, path: str) -> Response:
        return Response(predictions.file(g.caller, id, path), mimetype="application/octet-stream")

    return routes
