"""Files of the web that outputs are compared with."""

from typing import Any

import httpx

from safepush.connection import trusted
from safepush.expectations import ReferenceAway

LIMIT_S = 60.0
MAX_BYTES = 256 << 20


def fetch(address: str) -> bytes:
    """What is at an address; no token of ours is sent there.

    Raises:
        ReferenceAway: nothing can be had, or more than is compared.
    """
    content = bytearray()
    try:
        options: dict[str, Any] = {"follow_redirects": True, "timeout": LIMIT_S}
        with httpx.stream("GET", address, verify=trusted(), **options) as response:
            if not response.is_success:
                raise ReferenceAway(address, f"status {response.status_code}")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise ReferenceAway(address, f"larger than {MAX_BYTES >> 20} MiB")
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise ReferenceAway(address, type(exc).__name__) from exc
    return bytes(content)
