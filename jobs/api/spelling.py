"""Clients disagree on whether a base URL ends in /v1: /v1/v1/… and /… mean what they must.

/openai/v1/… is /v1/… for those who want OpenAI's words. A browser that asks for a page means the
page, whatever it is called.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from jobs.api import dialect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VERSION, TWICE = "/v1/", "/v1/v1/"
PAGE = "text/html"


def mended(app: Flask) -> "WSGIApplication":
    """The application behind a door that corrects the path."""
    inner = app.wsgi_app
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    first = frozenset(rule.split("/")[2] for rule in rules if rule.startswith(VERSION))

    def door(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(dialect.PREFIX):
            environ[dialect.KEY] = True
            path = environ["PATH_INFO"] = VERSION + path[len(dialect.PREFIX) :]
        if path.startswith(TWICE):
            environ["PATH_INFO"] = path[len(VERSION) - 1 :]
        elif _first(path) in first and PAGE not in environ.get("HTTP_ACCEPT", ""):
            environ["PATH_INFO"] = VERSION + path[1:]
        return inner(environ, start)

    return door


def _first(path: str) -> str:
    return path.partition("/")[2].partition("/")[0]
