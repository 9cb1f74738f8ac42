"""/v1/batches: submit, look, pause, cancel, retry, results."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api import dialect, pages
from jobs.api.body import idempotency_key, json_object
from jobs.api.downloads import download, kind_of
from jobs.api.resent import sending
from jobs.core import wire
from jobs.core.batch import PAUSED, Batch, State

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of batches and of what they gave."""
    routes = Blueprint("batches", __name__)
    _batches(routes, services)
    _moves(routes, services)
    _results(routes, services)
    return routes


def _shape(services: "Services", batch: Batch, progress: int = 0) -> dict[str, Any]:
    told = _told(batch, services.url, progress)
    return told | {"estimate": wire.estimate(services.batches.estimate(batch))}


def _told(batch: Batch, url: str, progress: int = 0) -> dict[str, Any]:
    """OpenAI's clients have two words more; `param` is the field, and models count no tokens."""
    told = wire.batch(batch, url, progress=progress)
    if not dialect.is_openai():
        return told
    data = [error | {"param": error.get("field")} for error in batch.errors]
    errors = {"object": "list", "data": data} if data else None
    return told | {"errors": errors, "usage": None}


def _batches(routes: Blueprint, services: "Services") -> None:
    batches, url = services.batches, services.url

    @routes.post("/batches")
    def create() -> tuple[Response, int]:
        batch, is_new = batches.create(g.caller, json_object(), sending())
        return jsonify(_shape(services, batch)), 201 if is_new else 200

    @routes.get("/batches")
    def index() -> Response:
        found = batches.newest(g.caller, pages.asked(), pages.which([*State, PAUSED]))
        return jsonify(pages.openai(found.map(lambda batch: _told(batch, url))))

    @routes.get("/batches/<id>")
    def show(id: str) -> Response:
        return jsonify(_shape(services, *batches.get(g.caller, id)))


def _moves(routes: Blueprint, services: "Services") -> None:
    batches = services.batches

    @routes.post("/batches/<id>/pause")
    def pause(id: str) -> Response:
        return jsonify(_shape(services, batches.pause(g.caller, id)))

    @routes.post("/batches/<id>/resume")
    def resume(id: str) -> Response:
        return jsonify(_shape(services, batches.resume(g.caller, id)))

    @routes.post("/batches/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(_shape(services, batches.cancel(g.caller, id)))

    @routes.delete("/batches/<id>")
    def delete(id: str) -> tuple[str, int]:
        batches.delete(g.caller, id)
        return "", 204

    @routes.post("/batches/<id>/retry-failed")
    def retry(id: str) -> tuple[Response, int]:
        batch, is_new = batches.retry_failed(g.caller, id, idempotency_key(request.headers))
        return jsonify(_shape(services, batch)), 201 if is_new else 200


def _results(routes: Blueprint, services: "Services") -> None:
    batches = services.batches

    @routes.get("/batches/<id>/results/<name>")
    def result(id: str, name: str) -> Response:
        kind = "application/json" if name.endswith(".json") else "application/jsonl"
        return download(batches.result(g.caller, id, name), kind)

    @routes.get("/batches/<id>/files/<path:path>")
    def file(id: str, path: str) -> Response:
        return download(batches.output_file(g.caller, id, path), kind_of(path))
