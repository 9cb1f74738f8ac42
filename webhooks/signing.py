"""Standard Webhooks: sign with every key that counts, verify with any of them."""

import re
from collections.abc import Mapping, Sequence

from webhooks.errors import ConfigurationError, Malformed, Mismatch, Missing, Stale
from webhooks.keys import Key, new_secret, signing_key, verifying_key
from webhooks.message import Message

__all__ = ["HEADERS", "TOLERANCE_S", "Key", "Signer", "Verifier", "new_secret"]

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
TOLERANCE_S = 300
MAX_HEADER = 8192
MAX_SIGNATURES = 50
V1_LENGTH = len("v1,") + 44
# no "." as the id would then blur into the timestamp, no "," as two folded ids would look like one
_ID = re.compile(r"[\x21-\x2b\x2d\x2f-\x7e]{1,256}")
#: what is signed before the body: an id and whole seconds, each with a dot behind it
_PREFIX = re.compile(_ID.pattern + r"\.[1-9][0-9]{0,11}\.")
# two header lines reach us joined by a comma, so that one may stand where a space should
_ENTRY = re.compile(rb"(?:^|(?<=[ ,]))v1a?,[A-Za-z0-9+/]{43,86}={1,2}(?=[ ,]|$)")


class Signer:
    """Signs with every key that counts, the newest first: old and new receivers both verify."""

    def __init__(self, keys: Sequence[str | Key]) -> None:
        self._keys = [(key, signing_key(key.value)) for key in _listed(keys)]

    def headers(self, id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """The three headers of one attempt at `timestamp` (whole seconds since 1970).

        Raises:
            ConfigurationError: the id cannot be sent, or no key counts at that time.
        """
        if not _ID.fullmatch(id):
            raise ConfigurationError("a message id is 1 to 256 visible characters, no dot or comma")
        prefix = f"{id}.{timestamp}.".encode()
        entries = [key.sign(prefix, body) for dated, key in self._keys if dated.counts(timestamp)]
        if not entries:
            raise ConfigurationError("no webhook key counts at this time; add a newer one")
        return {
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": b" ".join(entries).decode(),
        }


class Verifier:
    """Verifies with any of its keys, within a tolerance in both directions."""

    def __init__(self, keys: Sequence[str | Key], *, tolerance_s: float = TOLERANCE_S) -> None:
        number = isinstance(tolerance_s, int | float) and not isinstance(tolerance_s, bool)
        if not number or not 1 <= tolerance_s <= 86_400:
            raise ConfigurationError(
                "the tolerance is between 1 and 86400 seconds; without one, a message that was"
                " overheard could be sent again for ever"
            )
        #: when each counts (None: always), its name, and what knows its signatures
        self._keys = [
            (key.counts if key.since or key.until else None, key.name, verifying_key(key.value))
            for key in _listed(keys)
        ]
        self._tolerance_s = tolerance_s

    def verify(self, headers: Mapping[str, str], body: bytes, now: float) -> Message:
        """The message, if it can be trusted; `now` is in seconds since 1970.

        Raises:
            VerificationError: Missing, Malformed, Mismatch or Stale.
            TypeError: the body is not bytes; text may differ from what was signed.
        """
        if not isinstance(body, bytes):
            raise TypeError("give the body as the bytes that came, such as request.get_data()")
        id, stamp, given = _three(headers)
        prefix = f"{id}.{stamp}."
        if not _PREFIX.fullmatch(prefix):
            raise Malformed(_fault(id))
        name = self._who(prefix.encode(), body, given, now)
        at = int(stamp)
        age_s = int(now) - at
        if abs(age_s) > self._tolerance_s:
            raise Stale(age_s)
        return Message(id, at, body, name)

    def _who(self, prefix: bytes, body: bytes, given: str, now: float) -> str:
        """The name of the key that fits."""
        entries = _one(given) or _entries(given)
        for counts, name, key in self._keys:
            if (counts is None or counts(now)) and key.fits(prefix, body, entries):
                return name
        raise Mismatch(self._why(prefix, body, _entries(given)))

    def _why(self, prefix: bytes, body: bytes, entries: list[bytes]) -> str:
        if not any(entry.startswith(key.label) for *_, key in self._keys for entry in entries):
            wanted = "whpk_… key" if entries[0].startswith(b"v1a") else "whsec_… secret"
            return f"the message is signed in the other way; give the sender's {wanted}"
        if any(key.fits(prefix, body, entries) for *_, key in self._keys):
            return "the signature is by a key that does not count now; see its since and until"
        return "no signature fits; check that the secret is the sender's current one"


def _listed(keys: Sequence[str | Key]) -> list[Key]:
    if isinstance(keys, str | bytes | Key) or not keys:
        raise ConfigurationError("give the webhook secrets as a list with at least one")
    return [key if isinstance(key, Key) else Key(key) for key in keys]


def _fault(id: str) -> str:
    if not _ID.fullmatch(id):
        return "webhook-id is not one id of 1 to 256 visible characters without a dot"
    return "webhook-timestamp is not a whole number of seconds since 1970"


def _one(given: str) -> list[bytes] | None:
    """What nearly every request has, found at once: one entry, of the length of a `v1`."""
    if len(given) == V1_LENGTH and given.startswith("v1,") and given.isascii():
        return [given.encode()]
    return None


def _entries(given: str) -> list[bytes]:
    """The entries of webhook-signature that can be read; what else is there is left out."""
    if len(given) > MAX_HEADER:
        raise Malformed(f"webhook-signature is longer than {MAX_HEADER} characters")
    entries = _ENTRY.findall(given.encode("ascii", "replace"))
    if not entries:
        raise Malformed("webhook-signature holds no v1 or v1a signature that can be read")
    if len(entries) > MAX_SIGNATURES:
        raise Malformed(f"webhook-signature holds more than {MAX_SIGNATURES} signatures")
    return entries


def _three(headers: Mapping[str, str]) -> tuple[str, str, str]:
    """The values of `HEADERS`, without white space around them."""
    id, stamp, given = (headers.get(HEADERS[0]), headers.get(HEADERS[1]), headers.get(HEADERS[2]))
    if id and stamp and given:
        id, stamp, given = id.strip(" \t"), stamp.strip(" \t"), given.strip(" \t")
    if id and stamp and given:
        return id, stamp, given
    # spelled otherwise, or not there
    return _header(headers, HEADERS[0]), _header(headers, HEADERS[1]), _header(headers, HEADERS[2])


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if value is None:  # a plain dict knows one spelling only
        value = next((headers[one] for one in headers if one.lower() == name), "")
    value = value.strip(" \t")
    if not value:
        raise Missing(f"the header {name} is missing")
    return value
