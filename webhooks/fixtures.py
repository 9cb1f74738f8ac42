"""A pytest plugin for applications that receive: `pytest_plugins = ["webhooks.fixtures"]`.

It is not installed as an entry point: pytest would import it in every project of the environment,
also where a module named `webhooks` of the project's own hides ours.
"""

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from webhooks.testing import signed_request

Send = Callable[..., Any]


@pytest.fixture
def send_webhook(client: Any) -> Send:
    """Post events, signed, through the project's own `client` fixture (a Flask test client).

    `send_webhook("/webhooks", "whsec_…", "batch.completed", {"id": "batch_1"})` answers with the
    response; each call is another message, unless it names the same `id`. `sequence` is the event's
    place among those of its subject, `at` when it was sent, in seconds since 1970.
    """

    def send(
        url: str,
        secret: str,
        type: str,
        data: Any = None,
        *,
        id: str | None = None,
        sequence: int = 1,
        at: float | None = None,
    ) -> Any:
        event = {"type": type, "timestamp": "2030-01-01T00:00:00Z", "sequence": sequence}
        named = id or f"evt_{secrets.token_hex(8)}"
        return client.post(url, **signed_request(secret, event | {"data": data}, id=named, at=at))

    return send
