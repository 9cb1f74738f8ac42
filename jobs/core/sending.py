"""How a request was sent, beside what it asks: by this one that is sent again is known."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What the headers of a request say of its sending."""

    #: the same key and request make the same thing
    key: str | None = None
    #: seconds from now after which a prediction is cancelled
    cancel_after_s: float | None = None
    #: the client says that it sent the same before, and had no answer
    again: bool = False


ONCE = Sending()


def request_hash(request: dict[str, Any]) -> str:
    """The same for the same request, however its keys are ordered."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
