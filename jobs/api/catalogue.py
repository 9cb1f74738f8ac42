"""/v1/account, /v1/hardware, /v1/collections, /v1/search: what Replicate's clients ask for."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from jobs.api.models import model_shape
from jobs.core.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from jobs.api.app import Services

MOST_QUERY = 1000
MOST, DEFAULT = 50, 20
_TYPE = "user"


def blueprint(services: "Services") -> Blueprint:
    """The routes of what nobody changes by this API."""
    routes = Blueprint("catalogue", __name__)
    _account(routes, services)
    _collections(routes)
    _search(routes, services)
    return routes


def _account(routes: Blueprint, services: "Services") -> None:
    @routes.get("/account")
    def account() -> Response:
        owner = g.caller.owner
        return jsonify(type=_TYPE, username=owner, name=owner, github_url=None)

    @routes.get("/hardware")
    def hardware() -> Response:
        """A bare list, as clients want it: what any worker has, and the classes asked for."""
        return jsonify([{"sku": one, "name": one} for one in ("cpu", *services.hardware)])


def _collections(routes: Blueprint) -> None:
    @routes.get("/collections")
    def index() -> Response:
        return jsonify(next=None, previous=None, results=[])

    @routes.get("/collections/<slug>")
    def show(slug: str) -> Response:
        raise NotFound("collection", slug)


def _search(routes: Blueprint, services: "Services") -> None:
    @routes.get("/search")
    def search() -> Response:
        query, text = request.args.get("query", ""), request.args.get("limit", str(DEFAULT))
        if len(query) > MOST_QUERY:
            raise BadRequest(f"has at most {MOST_QUERY} characters", field="query")
        short = text.isascii() and text.isdigit() and len(text) < 3
        if not (short and 1 <= int(text) <= MOST):
            raise BadRequest(f"limit is a number from 1 to {MOST}", field="limit")
        found = services.models.search(g.caller, query)[: int(text)]
        shapes: list[dict[str, Any]] = [
            {"model": model_shape(services, one), "metadata": {"tags": [], "score": 1.0}}
            for one in found
        ]
        return jsonify(query=query, models=shapes, collections=[], pages=[])
