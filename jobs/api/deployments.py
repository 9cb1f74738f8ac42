"""/v1/deployments: fixed names in front of versions, their releases and instances."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages
from jobs.api.body import json_object
from jobs.core import activity
from jobs.core.deployment import Deployment, Release

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of deployments; predictions through them are with the predictions."""
    routes = Blueprint("deployments", __name__)
    _deployments(routes, services)
    _one(routes, services)
    _history(routes, services)
    return routes


def _deployments(routes: Blueprint, services: "Services") -> None:
    deployments, shape = services.deployments, activity.deployment

    @routes.post("/deployments")
    def create() -> Response:
        """With 200, as Replicate does."""
        return jsonify(shape(deployments.create(g.caller, json_object())))

    @routes.get("/deployments")
    def index() -> Response:
        page = pages.asked()
        found = deployments.newest(g.caller, page)
        links = pages.replicate(found.map(_cursor), page, services.url)
        return jsonify(links | {"results": list(map(shape, found.items))})


def _one(routes: Blueprint, services: "Services") -> None:
    deployments, shape = services.deployments, activity.deployment

    @routes.get("/deployments/<owner>/<name>")
    def show(owner: str, name: str) -> Response:
        return jsonify(shape(deployments.get(g.caller, f"{owner}/{name}")))

    @routes.patch("/deployments/<owner>/<name>")
    def change(owner: str, name: str) -> Response:
        return jsonify(shape(deployments.update(g.caller, f"{owner}/{name}", json_object())))

    @routes.delete("/deployments/<owner>/<name>")
    def delete(owner: str, name: str) -> tuple[str, int]:
        deployments.delete(g.caller, f"{owner}/{name}")
        return "", 204

    @routes.post("/deployments/<owner>/<name>/rollback")
    def rollback(owner: str, name: str) -> Response:
        return jsonify(shape(deployments.rollback(g.caller, f"{owner}/{name}", json_object())))


def _history(routes: Blueprint, services: "Services") -> None:
    deployments = services.deployments

    @routes.get("/deployments/<owner>/<name>/releases")
    def releases(owner: str, name: str) -> Response:
        page = pages.asked()
        found = deployments.releases(g.caller, f"{owner}/{name}", page)
        links = pages.replicate(found.map(_number), page, services.url)
        results = [activity.release(one, g.caller.owner) for one in found.items]
        return jsonify(links | {"results": results})

    @routes.get("/deployments/<owner>/<name>/activity")
    def told(owner: str, name: str) -> Response:
        return jsonify(deployments.activity(g.caller, f"{owner}/{name}"))


def _cursor(one: Deployment) -> dict[str, Any]:
    return {"id": one.id}


def _number(one: Release) -> dict[str, Any]:
    return {"id": str(one.number)}
