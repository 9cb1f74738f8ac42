"""/v1/batches: submit, look, cancel, retry, results."""

import mimetypes
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api.body import json_object, limit
from jobs.core import wire
from jobs.core.batch import Batch

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of batches and of what they gave."""
    routes = Blueprint("batches", __name__)
    _batches(routes, services)
    _results(routes, services)
    return routes


def _batches(routes: Blueprint, services: "Services") -> None:
    batches, url = services.batches, services.url

    def shape(batch: Batch, progress: int = 0) -> dict[str, Any]:
        told = wire.batch(batch, url, progress=progress)
        return told | {"estimate": batches.estimate(batch)}

    @routes.post("/batches")
    def create() -> tuple[Response, int]:
        key = request.headers.get("Idempotency-Key")
        return jsonify(shape(batches.create(g.caller, json_object(), key))), 201

    @routes.get("/batches")
    def index() -> Response:
        found = batches.newest(g.caller, limit(), request.args.get("after"))
        shapes = [shape(batch) for batch in found]
        return jsonify(object="list", data=shapes, has_more=len(shapes) == limit())

    @routes.get("/batches/<id>")
    def show(id: str) -> Response:
        return jsonify(shape(*batches.get(g.caller, id)))

    @routes.post("/batches/<id>/cancel")
    def cancel(id: str) -> Response:
        return jsonify(shape(batches.cancel(g.caller, id)))

    @routes.post("/batches/<id>/retry-failed")
    def retry(id: str) -> tuple[Response, int]:
        key = request.headers.get("Idempotency-Key")
        return jsonify(shape(batches.retry_failed(g.caller, id, key))), 201


def _results(routes: Blueprint, services: "Services") -> None:
    batches = services.batches

    @routes.get("/batches/<id>/results/<name>")
    def result(id: str, name: str) -> Response:
        kind = "application/json" if name.endswith(".json") else "application/jsonl"
        return Response(batches.result(g.caller, id, name), content_type=kind)

    @routes.get("/batches/<id>/files/<path:path>")
    def file(id: str, path: str) -> Response:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        chunks = batches.output_file(g.caller, id, path)
        return Response(chunks, content_type=kind, headers=headers)
