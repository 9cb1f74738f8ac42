"""/v1/models and /v1/blobs: models, pushing versions, moving aliases."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify

from jobs.api import dialect, pages
from jobs.api.body import chunks, json_object, text
from jobs.core import wire
from jobs.core.errors import BadRequest
from jobs.core.model import ADDRESSES, Model
from jobs.core.version import DIGEST

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of models, versions, aliases and their files."""
    routes = Blueprint("models", __name__)
    _models(routes, services)
    _words(routes, services)
    _versions(routes, services)
    _files(routes, services)
    _aliases(routes, services)
    return routes


def model_shape(services: "Services", one: Model) -> dict[str, Any]:
    """Replicate's model object, with our aliases beside."""
    owner, _, name = one.name.partition("/")
    told = services.models.describe(g.caller, one.name)
    examples = services.predictions.some(g.caller, one.about.get("examples", ())[:1])
    return {
        "owner": owner,
        "name": name,
        "url": f"{services.url}/v1/models/{one.name}",
        "visibility": "private",
        "run_count": 0,
        **{key: one.about.get(key) for key in ("description", *ADDRESSES)},
        "aliases": told["aliases"],
        "default_example": services.predictions.shape(examples[0]) if examples else None,
        "latest_version": wire.version(told["latest"]) if told["latest"] else None,
        "created_at": wire.iso(one.created_at),
    }


def _openai(one: Model) -> dict[str, Any]:
    """OpenAI's model object."""
    created = int(one.created_at.timestamp())
    return {"id": one.name, "object": "model", "created": created, "owned_by": one.owner}


def _page(services: "Services") -> dict[str, Any]:
    if dialect.is_openai():  # whose clients turn no pages of models
        every = services.models.newest(g.caller, pages.asked(dialect.MOST, dialect.MOST))
        return {"object": "list", "data": [_openai(one) for one in every.items]}
    page = pages.asked()
    found = services.models.newest(g.caller, page)
    links = pages.replicate(found.map(_cursor), page, services.url)
    return links | {"results": [model_shape(services, one) for one in found.items]}


def _models(routes: Blueprint, services: "Services") -> None:
    models = services.models

    def named(name: str) -> dict[str, Any]:
        one = models.get(g.caller, name)
        return _openai(one) if dialect.is_openai() else model_shape(services, one)

    @routes.post("/models")
    def create() -> tuple[Response, int]:
        return jsonify(named(models.create(g.caller, json_object()))), 201

    @routes.get("/models")
    def index() -> Response:
        return jsonify(_page(services))

    @routes.route("/models", methods=["QUERY"])
    def search() -> Response:
        found = models.search(g.caller, text())
        results = [model_shape(services, one) for one in found]
        return jsonify(next=None, previous=None, results=results)

    @routes.get("/models/<owner>/<name>")
    def show(owner: str, name: str) -> Response:
        return jsonify(named(f"{owner}/{name}"))

    @routes.patch("/models/<owner>/<name>")
    def change(owner: str, name: str) -> Response:
        models.change(g.caller, f"{owner}/{name}", json_object())
        return jsonify(named(f"{owner}/{name}"))

    @routes.delete("/models/<owner>/<name>")
    def delete(owner: str, name: str) -> tuple[str, int]:
        models.delete(g.caller, f"{owner}/{name}")
        return "", 204


def _words(routes: Blueprint, services: "Services") -> None:
    models = services.models

    @routes.get("/models/<owner>/<name>/readme")
    def readme(owner: str, name: str) -> Response:
        about = models.get(g.caller, f"{owner}/{name}").about
        return Response(about.get("readme", ""), content_type="text/plain; charset=utf-8")

    @routes.get("/models/<owner>/<name>/examples")
    def examples(owner: str, name: str) -> Response:
        ids = models.get(g.caller, f"{owner}/{name}").about.get("examples", ())
        found = services.predictions.some(g.caller, ids)
        results = [services.predictions.shape(one) for one in found]
        return jsonify(next=None, previous=None, results=results)


def _cursor(model: Model) -> dict[str, Any]:
    return {"id": model.name}


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

    @routes.delete("/models/<owner>/<name>/versions/<id>")
    def delete_version(owner: str, name: str, id: str) -> tuple[str, int]:
        models.delete_version(g.caller, f"{owner}/{name}", id)
        return "", 204


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
