"""/v1/files: manifests and inputs that users upload, and the results of their batches."""

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.datastructures import FileStorage

from jobs.api import dialect, pages
from jobs.api.body import CHUNK, MAX_JSON
from jobs.api.downloads import download
from jobs.api.resent import sending
from jobs.core.errors import BadRequest
from jobs.core.file import File, Upload, expires_after_s, purpose
from jobs.services.files import metadata, openai

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

    def shape(file: File) -> dict[str, Any]:
        return openai(file) if dialect.is_openai() else files.shape(file)

    @routes.post("/files")
    def create() -> tuple[Response, int]:
        sent = _upload()
        chunks = iter(lambda: sent.stream.read(CHUNK), b"")
        file, is_new = files.create(g.caller, _said(sent), chunks, sending())
        return jsonify(shape(file)), 201 if is_new else 200

    @routes.get("/files")
    def index() -> Response:
        theirs = dialect.is_openai()
        page = pages.asked(dialect.MOST, dialect.MOST) if theirs else pages.asked()
        which: dict[str, Any] = {"purpose": pages.named("purpose"), "oldest_first": pages.oldest()}
        found = files.newest(g.caller, page, **which).map(shape)
        links = {} if theirs else pages.replicate(found, page, url)
        return jsonify(pages.openai(found) | links)

    @routes.get("/files/<id>")
    def show(id: str) -> Response:
        return jsonify(shape(files.get(g.caller, id)))

    @routes.delete("/files/<id>")
    def delete(id: str) -> tuple[Response | str, int]:
        files.delete(g.caller, id)
        if dialect.is_openai():
            return jsonify(id=id, object="file", deleted=True), 200
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


def _said(sent: FileStorage) -> Upload:
    """What is said of an upload; OpenAI's clients always say what it is for."""
    form = request.form
    times = (form.get(f"expires_after[{name}]") for name in ("anchor", "seconds"))
    return Upload(
        name=form.get("filename") or sent.filename or "file",
        content_type=form.get("type") or sent.mimetype or BINARY,
        metadata=metadata(_metadata()),
        purpose=purpose(form.get("purpose"), required=dialect.is_openai()),
        expires_after_s=expires_after_s(*times),
    )


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
