"""/v1/files: manifests and inputs that users upload, and the results of their batches."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.datastructures import FileStorage

from jobs.api import pages
from jobs.api.body import CHUNK
from jobs.api.downloads import download
from jobs.core.errors import BadRequest
from jobs.services.files import wire

if TYPE_CHECKING:
    from jobs.api.app import Services

BINARY = "application/octet-stream"


def blueprint(services: "Services") -> Blueprint:
    """The routes of files."""
    routes = Blueprint("files", __name__)
    files, url = services.files, services.url

    @routes.post("/files")
    def create() -> tuple[Response, int]:
        upload = _upload()
        file = files.create(
            g.caller,
            request.form.get("filename") or upload.filename or "file",
            request.form.get("type") or upload.mimetype or BINARY,
            iter(lambda: upload.stream.read(CHUNK), b""),
        )
        return jsonify(wire(file, url)), 201

    @routes.get("/files")
    def index() -> Response:
        page = pages.asked()
        found = files.newest(g.caller, page).map(lambda file: wire(file, url))
        return jsonify(pages.openai(found) | pages.replicate(found, page, url))

    @routes.get("/files/<id>")
    def show(id: str) -> Response:
        return jsonify(wire(files.get(g.caller, id), url))

    @routes.get("/files/<id>/content")
    def content(id: str) -> Response:
        # whatever the uploader said it is: a browser must not run it here
        return download(files.read(g.caller, id), BINARY)

    @routes.delete("/files/<id>")
    def delete(id: str) -> tuple[str, int]:
        files.delete(g.caller, id)
        return "", 204

    return routes


def _upload() -> FileStorage:
    found: dict[str, Any] = request.files
    upload: FileStorage | None = found.get("content") or found.get("file")
    if upload is None:
        raise BadRequest(
            "send the file as the multipart field 'content' or 'file', with a file name",
            field="content",
        )
    return upload
