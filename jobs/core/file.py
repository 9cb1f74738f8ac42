"""An uploaded file: what is known of it; the bytes are in the object store."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
