"""Whether the client of a request is still there."""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def gone(environ: "WSGIEnvironment") -> Callable[[], bool]:
    """Asks whether it has closed its connection, without taking anything that it sent."""
    connection = environ.get("gunicorn.socket")
    if not isinstance(connection, socket.socket):
        return bool

    def is_gone() -> bool:
        try:
            return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    return is_gone
