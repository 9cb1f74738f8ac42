"""For tests of receivers: requests signed as the sender signs them."""

import json
import time
from typing import Any

from webhooks.signing import Signer


def signed_request(
    secret: str, event: dict[str, Any], *, id: str = "evt_test", at: float | None = None
) -> dict[str, Any]:
    """Keyword arguments for a Flask test client: `client.post(url, **signed_request(…))`."""
    body = json.dumps(event).encode()
    headers = Signer([secret]).headers(id, int(time.time() if at is None else at), body)
    return {"data": body, "headers": headers, "content_type": "application/json"}
