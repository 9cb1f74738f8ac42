"""The API as a WSGI application: `jobs.wsgi:app`, made of the environment when it is asked for."""

from typing import Any

from flask import Flask
from prometheus_client.registry import Collector

import jobs.adapters.celery
import jobs.api.app  # noqa: F401 - these here, not in each process after the fork
from jobs import config
from jobs.config import Settings
from jobs.processes import settle
from jobs.wiring import Wiring


def make(settings: Settings, numbers: Collector | None = None) -> Flask:
    """The application for one of several processes; raises BadRequest if they cannot share.

    `numbers` are what all of them count; without, each tells its own to whoever scrapes.
    """
    settings.require_shared()
    made = Wiring(settings, role="api")
    app = made.app
    made.watched(0, numbers or made.registry)
    settle()
    return app


def __getattr__(name: str) -> Any:
    if name == "app":
        return make(config.load())
    raise AttributeError(name)
