"""Signed webhooks, sent and received, by the Standard Webhooks specification."""

from webhooks.errors import VerificationError, WebhookError
from webhooks.keys import Key, new_secret
from webhooks.message import Event, Message
from webhooks.signing import Signer, Verifier

__all__ = [
    "Event",
    "Key",
    "Message",
    "Signer",
    "VerificationError",
    "Verifier",
    "WebhookError",
    "new_secret",
]
