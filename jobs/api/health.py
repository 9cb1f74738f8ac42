"""Two questions that need no token: is this process up, and does it reach what it needs?"""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from jobs.services.readiness import Readiness

OPEN = frozenset({"/health", "/ready"})


def blueprint(readiness: Readiness) -> Blueprint:
    """GET /health and GET /ready."""
    health = Blueprint("health", __name__)

    @health.get("/health")
    def up() -> Response:
        return jsonify(status="ok")

    @health.get("/ready")
    def ready() -> Response:
        report = readiness.report()
        response = jsonify(status=report.status, parts=report.parts)
        response.status_code = 503 if report.status == "unavailable" else 200
        return response

    return health
