"""/openapi.json: every route as it is served, with what it takes and what it answers."""

import re
from collections.abc import Iterator, Set
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Flask, Response, jsonify
from werkzeug.routing import Rule

from jobs.api.given import OTHERS, PARTS, QUERIES, TEXT
from jobs.api.operations import BYTES, OPERATIONS, Operation
from jobs.api.shapes import SHAPES

PATH = "/openapi.json"
#: what any request may be answered, whatever it asks for
REFUSED = {
    400: "the request itself is broken",
    401: "no token that is known",
    403: "the token may not do this, or an address has expired",
    404: "there is no such thing, or it is another's",
    409: "not in the state that things are in now",
    413: "the body is too large",
    422: "something in it cannot be used; the problem says what",
    429: "too many requests; Retry-After says when to come again",
    503: "a part that is needed does not answer now",
}
#: OpenAPI has no word for these
_UNSAID = frozenset({"OPTIONS", "QUERY"})
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def blueprint(app: Flask, let_in: Set[str]) -> Blueprint:
    """The page; nobody needs a token to read it.

    Args:
        let_in: the routes, and places, for which no token is needed either.
    """
    routes = Blueprint("openapi", __name__)

    @routes.get(PATH)
    def page() -> Response:
        return jsonify(document(app, let_in | {PATH}))

    return routes


def document(app: Flask, let_in: Set[str]) -> dict[str, Any]:
    """The routes of an application as an OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        place = paths.setdefault(_PART.sub(r"{\1}", rule.rule), {})
        for method in _methods(rule):
            place[method.lower()] = _operation(rule, method)
            if let_in & {rule.rule, rule.endpoint}:
                place[method.lower()]["security"] = []
    return {
        "openapi": "3.0.3",
        "info": {"title": "Penstock", "version": version("penstock")},
        "security": [{"token": []}],
        "paths": {path: methods for path, methods in paths.items() if methods},
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _methods(rule: Rule) -> Iterator[str]:
    """HEAD comes with GET, and is said where there is no GET."""
    said = (rule.methods or set()) - _UNSAID
    yield from sorted(said - {"HEAD"} if "GET" in said else said)


def _operation(rule: Rule, method: str) -> dict[str, Any]:
    operation = OPERATIONS[rule.endpoint]
    found: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "parameters": [
            *(_part(rule.endpoint, name) for name in _PART.findall(rule.rule)),
            *(_query(rule.endpoint, name) for name in operation.query),
        ],
        "responses": _answers(operation, method),
    }
    if operation.body is not None:
        found["requestBody"] = {
            "required": True,
            "content": _content(operation.body, operation.sent),
        }
    return found


def _part(route: str, name: str) -> dict[str, Any]:
    shape = PARTS.get((route, name), TEXT)
    return {"name": name, "in": "path", "required": True, "schema": shape}


def _query(route: str, name: str) -> dict[str, Any]:
    shape = OTHERS.get((route, name)) or QUERIES.get(name, TEXT)
    return {"name": name, "in": "query", "schema": shape}


def _answers(operation: Operation, method: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused: dict[str, Any] = {
        str(status): {"description": why} | ({} if method == "HEAD" else {"content": problem})
        for status, why in REFUSED.items()
    }
    content = {} if operation.answer is None else {"content": _content(operation.answer)}
    good = {
        str(status): {"description": operation.summary} | content for status in operation.statuses
    }
    return refused | good


def _content(what: str, kind: str = "application/json") -> dict[str, Any]:
    if what in SHAPES:
        return {kind: {"schema": {"$ref": f"#/components/schemas/{what}"}}}
    if what == BYTES:
        return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {what: {"schema": TEXT} if what == "text/plain" else {}}
