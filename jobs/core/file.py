"""An uploaded file: what is known of it; the bytes are in the object store."""

import re
from dataclasses import dataclass
from datetime import datetime

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
