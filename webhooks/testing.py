"""For tests of receivers: requests signed as the sender signs them."""

import json
import time
from typing import Any

from webhooks.signing import Signer


def signed_request(
    secret: str,
    event: dict[str, Any] | bytes,
    *,
    id: str = "evt_test",
    at: float | None = None,
) -> dict[str, Any]:
    """Keyword arguments for a Flask test client: `client.post(url, **signed_request(…))`.

    Args:
        secret: whsec_… or whsk_… to sign with.
        event: a JSON object, or the very bytes to send.
        id: of the message; the same one twice is a repeat.
        at: seconds since 1970; now, if None.
    """
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = Signer([secret]).headers(id, int(time.time() if at is None else at), body)
    return {"data": body, "headers": headers, "content_type": "application/json"}
