"""/v1/webhooks: the signing secret, and what became of deliveries."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify

from jobs.api import pages

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
        endpoint = pages.named("endpoint")
        of = services.webhooks.deliveries
        found = of(g.caller.owner, subject, page, endpoint=endpoint)
        return jsonify(pages.replicate(found, page, services.url))

    return routes
