"""/v1/models and /v1/blobs: pushing versions, moving aliases."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages
from jobs.api.body import chunks, json_object
from jobs.core import wire
from jobs.core.errors import BadRequest
from jobs.core.version import DIGEST

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of models, versions, aliases and their files."""
    routes = Blueprint("models", __name__)
    _models(routes, services)
    _versions(routes, services)
    _files(routes, services)
    _aliases(routes, services)
    return routes


def _models(routes: Blueprint, services: "Services") -> None:
    models = services.models

    def shape(model: str) -> dict[str, Any]:
        owner, _, name = model.partition("/")
        told = models.describe(g.caller, model)
        latest = wire.version(told["latest"]) if told["latest"] else None
        return {
            "owner": owner,
            "name": name,
            "url": f"{services.url}/v1/models/{model}",
            "visibility": "private",
            "run_count": 0,
            "aliases": told["aliases"],
            "latest_version": latest,
        }

    @routes.post("/models")
    def create() -> tuple[Response, int]:
        return jsonify(shape(models.create(g.caller, json_object()))), 201

    @routes.get("/models")
    def index() -> Response:
        page = pages.asked()
        found = models.newest(g.caller, page)
        shapes = pages.replicate(found.map(_named), page, services.url)
        return jsonify(shapes | {"results": [shape(name) for name in found.items]})

    @routes.get("/models/<owner>/<name>")
    def show(owner: str, name: str) -> Response:
        return jsonify(shape(f"{owner}/{name}"))


def _named(model: str) -> dict[str, Any]:
    return {"id": model}


def _versions(routes: Blueprint, services: "Services") -> None:
    models = services.models

    @routes.get("/models/<owner>/<name>/versions")
    def versions(owner: str, name: str) -> Response:
        page = pages.asked()
        found = models.versions(g.caller, f"{owner}/{name}", page)
        return jsonify(pages.replicate(found.map(wire.version), page, services.url))

    @routes.post("/models/<owner>/<name>/versions")
    def push(owner: str, name: str) -> tuple[Response, int]:
        body = json_object()
        asked = (body.get("files"), body.get("hardware"))
        digest, missing, version = models.push(g.caller, f"{owner}/{name}", *asked)
        if version is None:
            return jsonify(id=digest, missing=missing), 200
        return jsonify(wire.version(version)), 201

    @routes.get("/models/<owner>/<name>/versions/<id>")
    def version(owner: str, name: str, id: str) -> Response:
        return jsonify(wire.version(models.version(g.caller, f"{owner}/{name}", id)))


def _files(routes: Blueprint, services: "Services") -> None:
    def checked(sha256: str) -> str:
        if not DIGEST.fullmatch(sha256):
            raise BadRequest("a blob is named by its sha256 in 64 hex digits", field="sha256")
        return sha256

    @routes.put("/blobs/<sha256>")
    def put(sha256: str) -> tuple[Response, int]:
        services.models.put_file(checked(sha256), chunks())
        return jsonify(sha256=sha256), 201

    @routes.route("/blobs/<sha256>", methods=["HEAD"])
    def has(sha256: str) -> tuple[str, int]:
        return "", 200 if services.models.has_file(checked(sha256)) else 404


def _aliases(routes: Blueprint, services: "Services") -> None:
    models = services.models
    place = "/models/<owner>/<name>/aliases/<alias>"

    @routes.put(place)
    def promote(owner: str, name: str, alias: str) -> Response:
        body = json_object()
        previous = models.promote(g.caller, f"{owner}/{name}", alias, body)
        return jsonify(alias=alias, version=body["version"], previous=previous)

    @routes.post(f"{place}/rollback")
    def rollback(owner: str, name: str, alias: str) -> Response:
        version, previous = models.rollback(g.caller, f"{owner}/{name}", alias)
        return jsonify(alias=alias, version=version, previous=previous)

    @routes.get(f"{place}/history")
    def history(owner: str, name: str, alias: str) -> Response:
        rows = models.history(g.caller, f"{owner}/{name}", alias)
        results = [
            {"version": row["version"], "moved_at": wire.iso(row["moved_at"])} for row in rows
        ]
        return jsonify(results=results)
