"""/v1/predictions: single inputs, with `Prefer: wait`."""

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api import pages
from jobs.api.body import json_object
from jobs.api.downloads import download, kind_of
from jobs.core import wire
from jobs.core.prediction import Prediction

if TYPE_CHECKING:
    from jobs.api.app import Services

#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0
_WAIT = re.compile(r"wait(?:=(\d{1,6}))?", re.ASCII | re.IGNORECASE)


def wait_asked(prefer: str) -> tuple[str, float] | None:
    """The wish to wait and its seconds: `wait`, `wait=n`, or None.

    Other preferences may stand beside it; one that is not of these forms is no wish to wait.
    """
    for preference in re.split("[,;]", prefer):
        found = _WAIT.fullmatch(preference.strip())
        if found:
            seconds = float(found[1]) - 0.1 if found[1] else MOST_WAIT_S
            return found[0], max(0.0, min(seconds, MOST_WAIT_S))
    return None


def blueprint(services: "Services") -> Blueprint:
    """The routes of predictions, and of what they gave."""
    routes = Blueprint("predictions", __name__)
    _predictions(routes, services)
    _removals_and_files(routes, services)
    return routes


def _predictions(routes: Blueprint, services: "Services") -> None:
    predictions, url = services.predictions, services.url

    def shape(value: Prediction) -> dict[str, Any]:
        return wire.prediction(value, url)

    @routes.post("/predictions")
    def create() -> tuple[Response, int, dict[str, str]]:
        value = predictions.create(g.caller, json_object())
        headers = {"Location": f"{url}/v1/predictions/{value.id}"}
        wish = wait_asked(request.headers.get("Prefer", ""))
        if wish is not None:
            headers["Preference-Applied"], seconds = wish
            value = predictions.wait(value, seconds)
        return jsonify(shape(value)), 201, headers

    @routes.get("/predictions")
    def index() -> Response:
        page = pages.asked()
        found = predictions.newest(g.caller, page)
        return jsonify(pages.replicate(found.map(shape), page, url))

    @routes.get("/predictions/<id>")
    def show(id: str) -> Response:
        return jsonify(shape(predictions.get(g.caller, id)))

    @routes.post("/predictions/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(shape(predictions.cancel(g.caller, id)))


def _removals_and_files(routes: Blueprint, services: "Services") -> None:
    predictions = services.predictions

    @routes.delete("/predictions/<id>")
    def delete(id: str) -> tuple[str, int]:
        predictions.delete(g.caller, id)
        return "", 204

    @routes.get("/predictions/<id>/files/<path:path>")
    def file(id: str, path: str) -> Response:
        return download(predictions.file(g.caller, id, path), kind_of(path))
