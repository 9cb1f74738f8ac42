"""What is answered to bytes that are no request, in the words of all other errors."""

import json
import socket
from contextlib import suppress


def refuse(connection: socket.socket, error: Exception) -> None:
    """Say what is wrong with the head of a request, and that nothing more is read."""
    detail = f"this is no request that can be read: {error}"
    shape = {"type": "about:blank", "title": "bad request", "status": 400}
    body = json.dumps(shape | {"code": "bad_request", "detail": detail}).encode()
    head = (
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with suppress(OSError):  # the other side is gone
        connection.sendall(head.encode() + body)
