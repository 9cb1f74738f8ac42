"""/v1/events: what has come since, for receivers that have no address of their own."""

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, request

from jobs.api import pages
from jobs.core.errors import BadRequest
from jobs.services.events import MOST_AGO_S, MOST_WAIT_S, matching

if TYPE_CHECKING:
    from jobs.api.app import Services

#: as programs write a number
_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def blueprint(services: "Services") -> Blueprint:
    """The route of events."""
    routes = Blueprint("events", __name__)

    @routes.get("/events")
    def index() -> Response:
        after, limit = pages.named("after"), pages.limit()
        wait_s, ago_s = _seconds("wait_s", MOST_WAIT_S), _seconds("ago_s", MOST_AGO_S)
        types = [one for one in request.args.get("types", "").split(",") if one]
        if after is None:
            matching(types)  # found out now, not with the next request
            news = services.events.now(ago_s)
        else:
            news = services.events.since(g.caller.owner, after, types, limit, wait_s)
        return jsonify(data=news.events, cursor=news.cursor, has_more=news.more)

    return routes


def _seconds(name: str, most: float) -> float:
    text = request.args.get(name, "0")
    if not _SECONDS.fullmatch(text) or float(text) > most:
        raise BadRequest(f"{name} is a number of seconds up to {most:.0f}", field=name)
    return float(text)
