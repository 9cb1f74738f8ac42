"""Log lines for people, or one JSON object each for machines; both say what was being done."""

import logging
import threading
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter

from jobs.core import context

if TYPE_CHECKING:
    from threading import ExceptHookArgs

#: packages whose lines are ours; others are heard from WARNING on, whatever the level
OURS = ("jobs", "webhooks")
log = logging.getLogger(__name__)


def configure(form: str, level: str, role: str) -> None:
    """Have every logger of this process write to stderr, as "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(_json(role) if form == "json" else _Text())
    handler.addFilter(_with_context)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(form == "json")
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    threading.excepthook = _died


def _with_context(record: logging.LogRecord) -> bool:
    """What this thread is at becomes part of the line; what the line itself says wins."""
    for name, value in context.ids().items():
        record.__dict__.setdefault(name, value)
    return True


def _json(role: str) -> JsonFormatter:
    return JsonFormatter(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "error"},
        static_fields={"role": role},
        timestamp="time",
    )


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, and what it is about."""
        about = " ".join(f"{key}={record.__dict__[key]}" for key in _said(record))
        return super().formatMessage(record) + (f" [{about}]" if about else "")


_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


def _said(record: logging.LogRecord) -> list[str]:
    return [key for key in record.__dict__ if key not in _USUAL]


def _died(args: "ExceptHookArgs") -> None:
    if args.exc_type is not SystemExit:
        thread = args.thread.name if args.thread else "?"
        error = (args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
        log.critical("the thread %s died", thread, exc_info=error)
