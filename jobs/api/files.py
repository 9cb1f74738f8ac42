"""/v1/files: manifests and inputs that users upload, and the results of their batches."""

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.datastructures import FileStorage

from jobs.api import pages
from jobs.api.body import CHUNK, MAX_JSON
from jobs.api.downloads import download
from jobs.core.errors import BadRequest

if TYPE_CHECKING:
    from jobs.api.app import Services

BINARY = "application/octet-stream"
#: lets in by its signature
OPEN = frozenset({"files.download_signed"})


def blueprint(services: "Services") -> Blueprint:
    """The routes of files."""
    routes = Blueprint("files", __name__)
    _uploads(routes, services)
    _bytes(routes, services)
    return routes


def _uploads(routes: Blueprint, services: "Services") -> None:
    files, url = services.files, services.url

    @routes.post("/files")
    def create() -> tuple[Response, int]:
        upload = _upload()
        file = files.create(
            g.caller,
            request.form.get("filename") or upload.filename or "file",
            request.form.get("type") or upload.mimetype or BINARY,
            iter(lambda: upload.stream.read(CHUNK), b""),
            _metadata(),
        )
        return jsonify(files.shape(file)), 201

    @routes.get("/files")
    def index() -> Response:
        page = pages.asked()
        found = files.newest(g.caller, page).map(files.shape)
        return jsonify(pages.openai(found) | pages.replicate(found, page, url))

    @routes.get("/files/<id>")
    def show(id: str) -> Response:
        return jsonify(files.shape(files.get(g.caller, id)))

    @routes.delete("/files/<id>")
    def delete(id: str) -> tuple[str, int]:
        files.delete(g.caller, id)
        return "", 204


def _bytes(routes: Blueprint, services: "Services") -> None:
    files = services.files

    @routes.get("/files/<id>/content")
    def content(id: str) -> Response:
        # whatever the uploader said it is: a browser must not run it here
        return download(files.read(g.caller, id), BINARY)

    @routes.get("/files/<id>/download")
    def download_signed(id: str) -> Response:
        owner, expiry, signature = (
            request.args.get(name, "") for name in ("owner", "expiry", "signature")
        )
        return download(files.download(owner, id, expiry, signature), BINARY)


def _metadata() -> str | None:
    """As a field, as a part with a type of its own, or as one field for each key."""
    part = request.files.get("metadata")
    if part is not None:
        return part.stream.read(MAX_JSON).decode(errors="replace")
    pairs = {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in request.form.items()
        # a part without a name is there by None
        if (name or "").startswith("metadata[") and name.endswith("]")
    }
    return json.dumps(pairs) if pairs else request.form.get("metadata")


def _upload() -> FileStorage:
    found: dict[str, Any] = request.files
    upload: FileStorage | None = found.get("content") or found.get("file")
    if upload is None:
        raise BadRequest(
            "send the file as the multipart field 'content' or 'file', with a file name",
            field="content",
        )
    return upload
