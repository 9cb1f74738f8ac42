"""Secrets and keys as they are written (whsec_, whsk_, whpk_), with names and dates."""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from typing import Any, Protocol

from webhooks.errors import ConfigurationError

SECRET = "whsec_"  # noqa: S105 - how a secret begins, not one
PRIVATE = "whsk_"
PUBLIC = "whpk_"
#: of SHA-256; no secret is longer, see `_of_length`
BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


@dataclass(frozen=True)
class Key:
    """A secret or key, a name to know it by in logs, and the time in which it counts.

    Args:
        value: `whsec_…` on both sides, or `whsk_…` to sign and `whpk_…` to verify.
        name: what logs call it; never the value.
        since: when it begins to count, with a time zone; always, if None.
        until: when it stops counting, with a time zone; never, if None.
    """

    value: str = field(repr=False)
    name: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        for at in (self.since, self.until):
            if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
                raise ConfigurationError(
                    "a key's since and until are datetimes with a time zone,"
                    " such as datetime(2030, 1, 1, tzinfo=UTC)"
                )
        if self.since and self.until and self.since >= self.until:
            raise ConfigurationError("a key's since comes before its until")

    def counts(self, at: float) -> bool:
        """Whether it counts at a time, in seconds since 1970."""
        if self.since is not None and at < self.since.timestamp():
            return False
        return self.until is None or at < self.until.timestamp()


class SigningKey(Protocol):
    """What makes one entry of webhook-signature."""

    def sign(self, prefix: bytes, body: bytes) -> bytes:
        """The entry, label included, for what was joined of id, timestamp and body."""


class VerifyingKey(Protocol):
    """What knows one entry of webhook-signature from a forged one."""

    #: the only label whose entries it looks at
    label: bytes

    def fits(self, prefix: bytes, body: bytes, entries: list[bytes]) -> bool:
        """Whether one of the entries is its signature."""


class HmacKey:
    """`v1`: HMAC-SHA256, the same secret on both sides."""

    label = b"v1,"

    def __init__(self, key: bytes) -> None:
        # RFC 2104 by its two hashes, begun once for each key: the hmac module's own objects take
        # a third longer for a small body. A key is no longer than a block, so that it is not hashed
        block = key.ljust(BLOCK_BYTES, b"\0")
        self._inner = sha256(block.translate(_INNER))
        self._outer = sha256(block.translate(_OUTER))

    def sign(self, prefix: bytes, body: bytes) -> bytes:
        """The entry; the body is hashed where it lies, however large."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(prefix)
        inner.update(body)
        outer.update(inner.digest())
        return b"v1," + binascii.b2a_base64(outer.digest(), newline=False)

    def fits(self, prefix: bytes, body: bytes, entries: list[bytes]) -> bool:
        """Compare all, so that time does not tell which one fitted."""
        expected = self.sign(prefix, body)
        if len(entries) == 1:
            return hmac.compare_digest(entries[0], expected)
        found = [hmac.compare_digest(entry, expected) for entry in entries]
        return any(found)


def new_secret() -> str:
    """A fresh secret: 32 random bytes, shown as `whsec_` and base64."""
    return SECRET + base64.b64encode(secrets.token_bytes(32)).decode()


def signing_key(value: str) -> SigningKey:
    """What signs with a `whsec_` secret or a `whsk_` key.

    Raises:
        ConfigurationError: it cannot be used; the message says what to do.
    """
    prefix, raw = _decoded(value)
    if prefix == PUBLIC:
        raise ConfigurationError("whpk_… is a public key and cannot sign; give the whsk_… key")
    if prefix == PRIVATE:
        key: SigningKey = _ed25519().PrivateKey(raw)
        return key
    return HmacKey(_of_length(raw))


def verifying_key(value: str) -> VerifyingKey:
    """What verifies with a `whsec_` secret or a `whpk_` key.

    Raises:
        ConfigurationError: it cannot be used; the message says what to do.
    """
    prefix, raw = _decoded(value)
    if prefix == PRIVATE:
        raise ConfigurationError(
            "whsk_… is the sender's private key and belongs on no receiver;"
            " give the whpk_… key that goes with it"
        )
    if prefix == PUBLIC:
        key: VerifyingKey = _ed25519().PublicKey(raw)
        return key
    return HmacKey(_of_length(raw))


def _of_length(key: bytes) -> bytes:
    if not 24 <= len(key) <= BLOCK_BYTES:
        raise ConfigurationError(
            f"a webhook secret holds 24 to 64 bytes and this one {len(key)}; copy it again, whole"
        )
    return key


def _decoded(value: str) -> tuple[str, bytes]:
    """The prefix, and the bytes behind it."""
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError("the webhook secret is empty; set it to the whsec_… value")
    fault = _fault(value)
    if fault:
        raise ConfigurationError(fault)
    prefix = next(one for one in (SECRET, PRIVATE, PUBLIC) if value.startswith(one))
    text = value.removeprefix(prefix)
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise ConfigurationError(f"what follows {prefix} is not base64; copy it again, whole")
    return prefix, raw


def _fault(value: str) -> str | None:
    """What is wrong with how a secret is written, before its base64 is looked at."""
    if value != value.strip():
        return "the webhook secret has white space around it; remove it"
    if value.startswith(("v1,", "v1a,")):
        return "the webhook secret begins with whsec_; remove the v1, or v1a, before it"
    if not value.startswith((SECRET, PRIVATE, PUBLIC)):
        return (
            "a webhook secret begins with whsec_ (or whpk_ for a public key); this one does"
            " not, so it may be another service's, or an API token"
        )
    if any(value.count(prefix) > 1 for prefix in (SECRET, PRIVATE, PUBLIC)):
        return "the webhook secret was pasted twice; give it once"
    return None


def _ed25519() -> Any:
    """The part that needs an extra, imported when the first such key is given."""
    try:
        return import_module("webhooks.ed25519")
    except ImportError as error:
        raise ConfigurationError(
            "whsk_… and whpk_… keys need: pip install '.[ed25519]' in a checkout of Penstock"
        ) from error
