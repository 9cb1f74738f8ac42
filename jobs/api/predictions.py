"""/v1/predictions: single inputs, with `Prefer: wait`."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api import pages
from jobs.api.body import json_object
from jobs.api.downloads import download, kind_of
from jobs.api.resent import Waits, Wish, sending
from jobs.core.errors import BadRequest
from jobs.core.page import Span
from jobs.core.prediction import Prediction
from jobs.core.sending import request_hash

if TYPE_CHECKING:
    from jobs.api.app import Services

#: whoever has these addresses is let in
OPEN = frozenset({"predictions.file_by_ticket"})
#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0
Created = Callable[[dict[str, Any]], tuple[Response, int, dict[str, str]]]
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
    _creating(routes, services)
    _predictions(routes, services)
    _removals_and_files(routes, services)
    return routes


def _creating(routes: Blueprint, services: "Services") -> None:
    predictions, url, waits = services.predictions, services.url, Waits()

    def kept(body: dict[str, Any], wish: Wish) -> tuple[Prediction, bool]:
        lost = waits.taken_up(wish)
        if lost is not None:
            return predictions.get(g.caller, lost), False
        return predictions.create(g.caller, body, sending())

    def created(body: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
        without_token(body.get("input"))
        wish = g.caller.token, request_hash(body)
        value, is_new = kept(body, wish)
        headers = {"Location": f"{url}/v1/predictions/{value.id}"}
        asked = wait_asked(request.headers.get("Prefer", ""))
        if asked is not None:
            headers["Preference-Applied"], seconds = asked
            with waits.waiting(wish, value.id):
                value = predictions.wait(value, seconds)
        return jsonify(predictions.shape(value)), 201 if is_new else 200, headers

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


def without_token(given: object) -> None:
    """Raise BadRequest if an input is the caller's token: one client sends itself by mistake."""
    if isinstance(given, dict) and g.token in given.values():
        raise BadRequest("holds your API token; it is not kept", field="input")


def _predictions(routes: Blueprint, services: "Services") -> None:
    predictions = services.predictions

    @routes.get("/predictions")
    def index() -> Response:
        page = pages.asked()
        span = Span(pages.moment("created_after"), pages.moment("created_before"))
        found = predictions.newest(g.caller, page, span)
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
