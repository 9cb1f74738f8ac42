"""Ids that sort by time and cannot be guessed."""

import secrets
from datetime import datetime


def new_id(prefix: str, at: datetime) -> str:
    """`prefix_` + milliseconds in hex + 80 random bits."""
    return f"{prefix}_{int(at.timestamp() * 1000):012x}{secrets.token_hex(10)}"


def earliest_id(prefix: str, at: datetime) -> str:
    """What every id of that time and later is greater than."""
    return f"{prefix}_{int(at.timestamp() * 1000):012x}"
