"""The files of a version, for whoever wants to run it elsewhere."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify

from jobs.api.downloads import download

if TYPE_CHECKING:
    from jobs.api.app import Services

PLACE = "/models/<owner>/<name>/versions/<id>/files"


def blueprint(services: "Services") -> Blueprint:
    """The routes."""
    routes = Blueprint("bundles", __name__)
    models = services.models

    @routes.get(PLACE)
    def files(owner: str, name: str, id: str) -> Response:
        version = models.version(g.caller, f"{owner}/{name}", id)
        return jsonify(id=version.id, files=list(version.files))

    @routes.get(f"{PLACE}/<sha256>")
    def content(owner: str, name: str, id: str, sha256: str) -> Response:
        found = models.file(g.caller, f"{owner}/{name}", id, sha256)
        return download(found, "application/octet-stream")

    return routes
