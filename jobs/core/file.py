"""An uploaded file: what is known of it; the bytes are in the object store."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.core.errors import BadRequest

#: what an upload may be for, in OpenAI's words
PURPOSES = ("batch", "user_data", "vision", "fine-tune")
#: what those of OpenAI's words mean that nobody said: any upload, and the results of a batch
ANY, RESULT = "user_data", "batch_output"
#: how long an upload may be kept that goes by itself, in seconds
LEAST_KEPT_S, MOST_KEPT_S = 3600, 30 * 86_400
_ID = re.compile(r"file_[A-Za-z0-9_-]{1,128}")


def is_id(text: str) -> bool:
    """Whether this has the form of a file's id."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, kw_only=True)
class File:
    """One uploaded file."""

    id: str
    owner: str
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    key: str
    created_at: datetime
    #: what its uploader said of it
    metadata: dict[str, Any] | None = None
    #: one of PURPOSES, if its uploader said what it is for, or RESULT
    purpose: str | None = None
    #: when it goes by itself
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What its uploader says of a file."""

    name: str
    content_type: str
    metadata: dict[str, Any] | None = None
    purpose: str | None = None
    expires_after_s: int | None = None


def purpose(text: str | None, *, required: bool = False) -> str | None:
    """What a file is said to be for; raises BadRequest."""
    if text in PURPOSES or (text is None and not required):
        return text
    raise BadRequest(f"must be one of: {', '.join(PURPOSES)}", field="purpose")


def expires_after_s(anchor: str | None, seconds: str | None) -> int | None:
    """For how long after its upload a file is kept; None: until somebody removes it.

    Raises:
        BadRequest: it is not counted from `created_at`, or too short or long.
    """
    if anchor is None and seconds is None:
        return None
    if anchor != "created_at":
        raise BadRequest('must be "created_at"', field="expires_after.anchor")
    text = seconds or ""
    short = text.isascii() and text.isdigit() and len(text) < 9
    if not (short and LEAST_KEPT_S <= int(text) <= MOST_KEPT_S):
        raise BadRequest(
            f"must be a number of seconds from {LEAST_KEPT_S} to {MOST_KEPT_S}",
            field="expires_after.seconds",
        )
    return int(text)


def signature(secret: str, owner: str, id: str, expiry: int) -> str:
    """What lets in to the bytes of a file until then, in base64; `secret` is the owner's."""
    digest = hmac.digest(secret.encode(), f"{owner} {id} {expiry}".encode(), hashlib.sha256)
    return b64encode(digest).decode()


def is_signature(text: str, secret: str, owner: str, id: str, expiry: int) -> bool:
    """Whether this is the signature; the bytes count, not how base64 writes them."""
    try:
        given = b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (Error, ValueError):
        return False
    return hmac.compare_digest(given, b64decode(signature(secret, owner, id, expiry)))
