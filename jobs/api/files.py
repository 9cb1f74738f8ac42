"""/v1/files: manifests and inputs that users upload."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, request

from jobs.api.body import CHUNK, limit
from jobs.core.errors import BadRequest
from jobs.services.files import wire

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of files."""
    routes = Blueprint("files", __name__)
    files, url = services.files, services.url

    @routes.post("/files")
    def create() -> tuple[Response, int]:
        upload = request.files.get("content") or request.files.get("file")
        if upload is None:
            raise BadRequest("send the file as the multipart field 'content'", field="content")
        file = files.create(
            g.caller.owner,
            upload.filename or request.form.get("filename", "file"),
            upload.mimetype or "application/octet-stream",
            iter(lambda: upload.stream.read(CHUNK), b""),
        )
        return jsonify(wire(file, url)), 201

    @routes.get("/files")
    def index() -> Response:
        found = files.newest(g.caller.owner, limit())
        return jsonify(results=[wire(file, url) for file in found], next=None, previous=None)

    @routes.get("/files/<id>")
    def show(id: str) -> Response:
        return jsonify(wire(files.get(g.caller.owner, id), url))

    @routes.get("/files/<id>/content")
    def content(id: str) -> Response:
        file, chunks = files.read(g.caller.owner, id)
        headers = {"Content-Length": str(file.size_bytes), "X-Content-Type-Options": "nosniff"}
        return Response(chunks, headers=headers, content_type="application/octet-stream")

    @routes.delete("/files/<id>")
    def delete(id: str) -> tuple[str, int]:
        files.delete(g.caller.owner, id)
        return "", 204

    return routes
