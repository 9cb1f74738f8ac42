"""Signed webhooks, sent and received, by the Standard Webhooks specification."""

from webhooks.errors import VerificationError, WebhookError
from webhooks.message import Message
from webhooks.signing import Signer, Verifier, new_secret

__all__ = ["Message", "Signer", "VerificationError", "Verifier", "WebhookError", "new_secret"]
