"""The stream of a prediction's output as server-sent events."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, request

from jobs.core.prediction import Prediction
from jobs.services.streams import News

if TYPE_CHECKING:
    from jobs.api.app import Services

#: whoever has these addresses is let in
OPEN = frozenset({"streams.by_ticket", "streams.of_files"})
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that collected it would make it no stream
    "Access-Control-Allow-Origin": "*",  # pages of others listen; they have no other right by it
}
#: keeps the connection open, and says nothing that a client would have to know
COMMENT = ": still here\n\n"
_ID = re.compile(r"\d{1,12}:(\d{1,9})", re.ASCII)
_LINE = re.compile(r"\r\n|\r|\n")


def blueprint(services: "Services") -> Blueprint:
    """The routes of streams."""
    routes = Blueprint("streams", __name__)
    streams = services.streams

    def told(value: Prediction) -> Response:
        found = _ID.fullmatch(request.headers.get("Last-Event-ID", ""))
        news = streams.news(value, int(found[1]) if found else 0)
        began = int(value.created_at.timestamp())
        return Response(_lines(news, began), content_type="text/event-stream", headers=HEADERS)

    @routes.get("/predictions/<id>/stream")
    def mine(id: str) -> Response:
        return told(streams.of(g.caller, id))

    @routes.get("/predictions/<id>/stream/<ticket>")
    def by_ticket(id: str, ticket: str) -> Response:
        return told(streams.by_ticket(id, ticket))

    @routes.get("/files/<id>/stream/<ticket>")
    def of_files(id: str, ticket: str) -> Response:
        return told(streams.by_ticket(id, ticket))

    return routes


def _lines(news: Iterable[News | None], began: int) -> Iterator[str]:
    yield COMMENT  # the headers leave now, not with the first output
    for one in news:
        yield COMMENT if one is None else _event(one, f"{began}:{one.number}")


def _event(news: News, id: str) -> str:
    lines = "".join(f"data: {line}\n" for line in _LINE.split(_text(news.data)))
    return f"event: {news.kind}\nid: {id}\n{lines}\n"


def _text(data: Any) -> str:
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
