"""/v1/webhooks: the signing secret, and what became of deliveries."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, request

from jobs.api.pages import limit

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
        subject = request.args.get("subject")
        return jsonify(results=services.webhooks.deliveries(g.caller.owner, subject, limit()))

    return routes
