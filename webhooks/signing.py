"""Standard Webhooks, `v1`: HMAC-SHA256 over id, timestamp and the raw body."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence

from webhooks.errors import ConfigurationError, Malformed, Mismatch, Missing, Stale
from webhooks.message import Message

PREFIX = "whsec_"
TOLERANCE_S = 300
MAX_SIGNATURES = 50
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,11}")
_ID = re.compile(r"[\x21-\x7e]{1,256}")


def new_secret() -> str:
    """A fresh secret: 32 random bytes, shown as `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The key that a secret stands for.

    Raises:
        ConfigurationError: it is blank, not ours, not base64, or too short or long.
    """
    if not isinstance(secret, str) or not secret.strip():
        raise ConfigurationError("the webhook secret is empty; set it to the whsec_… value")
    if not secret.startswith(PREFIX) or not secret.isascii():
        raise ConfigurationError(
            "a webhook secret begins with whsec_ (no 'v1,' before it, and no whpk_ or whsk_ key)"
        )
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError(
            "what follows whsec_ is not base64; copy the secret again, whole"
        ) from error
    if not 24 <= len(key) <= 64:
        raise ConfigurationError("a webhook secret holds 24 to 64 bytes; copy it again, whole")
    return key


def _signature(key: bytes, id: str, timestamp: int | str, body: bytes) -> bytes:
    signed = b"%b.%b.%b" % (id.encode(), str(timestamp).encode(), body)
    return b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))


class Signer:
    """Signs with every secret given: during a rotation old and new receivers both verify."""

    def __init__(self, secret_list: Sequence[str]) -> None:
        if not secret_list:
            raise ConfigurationError("give at least one webhook secret")
        self._keys = [key_of(secret) for secret in secret_list]

    def headers(self, id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """The three headers of one attempt at `timestamp` (seconds since 1970)."""
        signatures = (_signature(key, id, timestamp, body) for key in self._keys)
        return {
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": b" ".join(signatures).decode(),
        }


class Verifier:
    """Verifies with any of its secrets, within a tolerance in both directions."""

    def __init__(self, secret_list: Sequence[str], *, tolerance_s: int = TOLERANCE_S) -> None:
        if isinstance(secret_list, str) or not secret_list:
            raise ConfigurationError("give the webhook secrets as a list with at least one")
        if not 0 < tolerance_s <= 86_400:
            raise ConfigurationError("the tolerance is between 1 and 86400 seconds")
        self._keys = [key_of(secret) for secret in secret_list]
        self._tolerance_s = tolerance_s

    def verify(self, headers: Mapping[str, str], body: bytes, now: float) -> Message:
        """The message, if it can be trusted.

        Raises:
            VerificationError: Missing, Malformed, Stale or Mismatch.
        """
        id = _header(headers, "webhook-id")
        stamp = _header(headers, "webhook-timestamp")
        given = _header(headers, "webhook-signature")
        if not _ID.fullmatch(id):
            raise Malformed("webhook-id holds characters that an id cannot have")
        if not _TIMESTAMP.fullmatch(stamp):
            raise Malformed("webhook-timestamp is not a whole number of seconds")
        tokens = given.encode("utf-8", "replace").split(b" ")
        if len(tokens) > MAX_SIGNATURES:
            raise Malformed(f"webhook-signature holds more than {MAX_SIGNATURES} signatures")
        expected = [_signature(key, id, stamp, body) for key in self._keys]
        # every pair is compared, so that time does not tell which one fitted
        fits = [hmac.compare_digest(token, one) for token in tokens for one in expected]
        if not any(fits):
            raise Mismatch("no signature fits; check that the secret is the sender's current one")
        age = int(now) - int(stamp)
        if abs(age) > self._tolerance_s:
            raise Stale(age)
        return Message(id, int(stamp), body)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise Missing(f"the header {name} is missing")
    return value
