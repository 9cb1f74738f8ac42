"""Errors as problem+json, or as OpenAI's clients want them; the only place with status codes."""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from jobs.api import dialect
from jobs.api.body import too_large
from jobs.core import errors
from jobs.core.request import unserved

GENERIC = RequestEntityTooLarge.description
log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[errors.JobsError], int], ...] = (
    (errors.BadRequest, 422),
    (errors.Unauthorized, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.BlobMissing, 404),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.BlobError, 503),
    (errors.Unavailable, 503),
)
#: OpenAI's status where it is another than ours
OPENAI_STATUS = {422: 400}
#: OpenAI's codes that programs look at
OPENAI_CODES = {"unauthorized": "invalid_api_key", "too_many_requests": "rate_limit_exceeded"}
OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def problem(
    status: int,
    code: str,
    detail: str,
    field: str | None = None,
    faults: Sequence[Mapping[str, str]] = (),
) -> Response:
    """RFC 9457, with a stable `code` and, where there is one, the `field`.

    Replicate's clients look for the places in `invalid_fields`, OpenAI's have a form of their own.
    """
    if dialect.is_openai():
        return _openai(OPENAI_STATUS.get(status, status), code, detail, field)
    shape: dict[str, Any] = {"type": "about:blank", "title": code.replace("_", " ")}
    shape |= {"status": status, "code": code, "detail": detail}
    if field:
        shape["field"] = field
        told = [{"type": code, "field": field, "description": detail}]
        shape["invalid_fields"] = list(faults) or told
    response = jsonify(shape)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _openai(status: int, code: str, detail: str, field: str | None) -> Response:
    """The client shows the message alone, so that it names the field too."""
    unsaid = field is not None and field.partition("[")[0] not in detail
    kind = "server_error" if status >= 500 else "invalid_request_error"
    response = jsonify(
        error={
            "message": f"{field} {detail}" if unsaid else detail,
            "type": OPENAI_TYPES.get(status, kind),
            "param": field,
            "code": OPENAI_CODES.get(code, code),
        }
    )
    response.status_code = status
    if status == 409:  # their clients take it for a lock, and would ask the same again
        response.headers["X-Should-Retry"] = "false"
    return response


def _nowhere() -> str:
    """What to say of a path that no route has."""
    why = unserved(request.path)
    return f"this is {why}" if why else "no route has this path; /openapi.json names them all"


def install(app: Flask) -> None:
    """Every error that leaves a view becomes a problem."""

    @app.errorhandler(errors.JobsError)
    def ours(error: errors.JobsError) -> Response:
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        told = getattr(error, "field", None), getattr(error, "faults", ())
        answer = problem(status, error.code, str(error), *told)
        if status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        if isinstance(error, errors.TooMany):
            answer.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
        return answer

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge) and error.description is GENERIC:
            error = too_large(app.config["MAX_CONTENT_LENGTH"])
        code = error.name.lower().replace(" ", "_")
        told = _nowhere() if error.code == 404 else error.description
        answer = problem(error.code or 500, code, told or "")
        # what a status carries by its definition, such as Allow
        answer.headers.extend(pair for pair in error.get_headers() if pair[0] != "Content-Type")
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("request failed")
        return problem(500, "internal_error", "something went wrong here; the log has it")
