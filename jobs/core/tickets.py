"""Tickets: parts of addresses that let in whoever has one, with a token or without, for a while."""

import hashlib
import hmac
import re
from datetime import datetime

from jobs.core.chance import CHANCE
from jobs.core.errors import Forbidden, NotFound

#: how long a ticket lets in at least; who asks for the prediction again gets a fresh one
KEPT_S = 24 * 3600
#: tickets of one hour are the same, so that an address does not change with every look
_HOUR_S = 3600
_TICKET = re.compile(r"([0-9a-f]{8,10})-([0-9a-f]{40})", re.ASCII)


def new_secret() -> str:
    """What the tickets of one thing are made with."""
    return CHANCE.hex(16)


def ticket(secret: str, what: str, at: datetime) -> str:
    """What lets in to `what`, from then on."""
    return ticket_of(secret, what, hour(at))


def hour(at: datetime) -> int:
    """The hour, all of whose tickets are the same."""
    return int(at.timestamp()) // _HOUR_S


def ticket_of(secret: str, what: str, hour: int) -> str:
    """What lets in to `what`, from that hour on."""
    until = (hour + 1) * _HOUR_S + KEPT_S
    return f"{until:x}-{_signature(secret, what, until)}"


def check(ticket: str, secret: str | None, what: str, at: datetime) -> None:
    """Let in.

    Raises:
        NotFound: this is no ticket of ours for `what`.
        Forbidden: it is, of another day.
    """
    found = _TICKET.fullmatch(ticket)
    until = int(found[1], 16) if found else 0
    good = found and secret and hmac.compare_digest(_signature(secret, what, until), found[2])
    if not good:
        raise NotFound("such address", "with this ticket")
    if at.timestamp() > until:
        raise Forbidden("this address has expired: ask for the prediction again, it has a new one")


def _signature(secret: str, what: str, until: int) -> str:
    text = f"{what} {until}".encode()
    return hmac.digest(secret.encode(), text, hashlib.sha256).hex()[:40]
