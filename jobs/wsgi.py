"""The API as a WSGI application: `jobs.wsgi:app`, made of the environment when it is asked for."""

from typing import Any

from flask import Flask

from jobs import config
from jobs.config import Settings
from jobs.processes import settle, shared
from jobs.wiring import Wiring


def make(settings: Settings) -> Flask:
    """The application for one of several processes; raises BadRequest if they cannot share."""
    shared(settings)
    app = Wiring(settings).app
    settle()
    return app


def __getattr__(name: str) -> Any:
    if name == "app":
        return make(config.load())
    raise AttributeError(name)
