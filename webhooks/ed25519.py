"""`v1a`: ed25519, a private key that signs and a public one that verifies."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from webhooks.errors import ConfigurationError

_FIELD = 2**255 - 19
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
#: y of the points of order 1, 2, 4 and 8: anybody can sign for such a key
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8})
#: entries of one header that are worth a verification; an honest sender sends two in a rotation
_MOST = 10


class PrivateKey:
    """Signs; what follows `whsk_` is the 32-byte seed, or seed and public key."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) not in (32, 64):
            raise ConfigurationError(
                f"a whsk_… key holds 32 or 64 bytes and this one {len(raw)}; copy it again, whole"
            )
        self._key = Ed25519PrivateKey.from_private_bytes(raw[:32])
        if raw[32:] and raw[32:] != self.public:
            raise ConfigurationError(
                "the two halves of the whsk_… key do not belong together; copy it again, whole"
            )

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, prefix: bytes, body: bytes) -> bytes:
        """One entry of webhook-signature."""
        return b"v1a," + base64.b64encode(self._key.sign(prefix + body))


class PublicKey:
    """Verifies; what follows `whpk_` is 32 bytes."""

    label = b"v1a,"

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 32:
            raise ConfigurationError(
                f"a whpk_… key holds 32 bytes and this one {len(raw)}; copy it again, whole"
            )
        y = int.from_bytes(raw, "little") % 2**255
        if y >= _FIELD or y in _SMALL_ORDER:
            raise ConfigurationError(
                "this whpk_… key is one for which anybody can sign; get another from the sender"
            )
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    def fits(self, prefix: bytes, body: bytes, entries: list[bytes]) -> bool:
        """Whether one of the first few `v1a` entries is its signature."""
        ours = [entry for entry in entries if entry.startswith(self.label)]
        return any(self._fits(prefix + body, entry) for entry in ours[:_MOST])

    def _fits(self, signed: bytes, entry: bytes) -> bool:
        try:
            signature = base64.b64decode(entry.removeprefix(self.label), validate=True)
            self._key.verify(signature, signed)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def new_key_pair() -> tuple[str, str]:
    """A fresh `whsk_` key for the sender and the `whpk_` key for its receivers."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    private = base64.b64encode(key.private_bytes_raw() + public).decode()
    return f"whsk_{private}", f"whpk_{base64.b64encode(public).decode()}"
