"""An uploaded file: what is known of it; the bytes are in the object store."""

from dataclasses import dataclass
from datetime import datetime


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
