"""/v1/webhooks: the signing secret, and what became of deliveries."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages
from jobs.api.body import json_object

if TYPE_CHECKING:
    from jobs.api.app import Services


def blueprint(services: "Services") -> Blueprint:
    """The routes of webhooks."""
    routes = Blueprint("webhooks", __name__)

    @routes.get("/webhooks/default/secret")
    def secret() -> Response:
        return jsonify(key=services.webhooks.secret(g.caller.owner))

    @routes.get("/deliveries")
    def deliveries() -> Response:
        page, subject = pages.asked(), pages.named("subject")
        endpoint, state = pages.named("endpoint"), pages.named("state")
        of = services.webhooks.deliveries
        found = of(g.caller.owner, subject, page, endpoint=endpoint, state=state)
        return jsonify(pages.replicate(found, page, services.url))

    @routes.post("/deliveries/<id>/replay")
    def replay(id: str) -> Response:
        return jsonify(services.webhooks.replay(g.caller.owner, id))

    @routes.post("/deliveries/replay")
    def replay_some() -> Response:
        return jsonify(services.webhooks.replay_some(g.caller.owner, json_object()))

    return routes
