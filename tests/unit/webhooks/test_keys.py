"""How secrets and keys are written, and everything that is refused before it is used."""

import base64
import hmac
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.ed25519 import _FIELD, _SMALL_ORDER, new_key_pair
from webhooks.errors import ConfigurationError
from webhooks.keys import HmacKey, Key, new_secret, signing_key, verifying_key
from webhooks.signing import Signer, Verifier

GOOD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE, PUBLIC = new_key_pair()


def encoded(prefix: str, raw: bytes) -> str:
    return prefix + base64.b64encode(raw).decode()


BAD_SECRETS = {
    "empty": ("", "empty"),
    "blank": ("  \n", "empty"),
    "prefix only": ("whsec_", "not base64"),
    "no prefix": (GOOD.removeprefix("whsec_"), "begins with whsec_"),
    "another service's": ("sk_live_abcdefghijklmnopqrstuvwxyz", "another service's"),
    "capital prefix": (GOOD.replace("whsec_", "WHSEC_"), "begins with whsec_"),
    "pasted with its label": ("v1," + GOOD, "remove the v1,"),
    "pasted with the other label": ("v1a," + PUBLIC, "remove the v1, or v1a,"),
    "pasted twice": (GOOD + GOOD, "pasted twice"),
    "a line end": (GOOD + "\n", "white space"),
    "a space before": (" " + GOOD, "white space"),
    "a space inside": ("whsec_MfKQ9r8GKYqr TwjUPD8ILPZIo2LaLaSw", "not base64"),
    "not base64": ("whsec_" + "!" * 32, "not base64"),
    "not ASCII": ("whsec_" + "é" * 32, "not base64"),
    "URL-safe base64": (encoded("whsec_", b"\xff" * 32).replace("/", "_"), "not base64"),
    "padding lost": (encoded("whsec_", b"k" * 32).rstrip("="), "not base64"),
    "cut off": (encoded("whsec_", b"k" * 32)[:-5], "not base64"),
    "last letter changed": (encoded("whsec_", b"k" * 32)[:-2] + "t=", "not base64"),
    "too short": (encoded("whsec_", b"k" * 23), "23; copy it again"),
    "too long": (encoded("whsec_", b"k" * 65), "65; copy it again"),
    "None": (None, "empty"),
    "bytes": (GOOD.encode(), "empty"),
}


@pytest.mark.parametrize(("secret", "says"), BAD_SECRETS.values(), ids=BAD_SECRETS.keys())
def test_a_secret_that_cannot_be_meant_is_refused_at_once(secret: str, says: str) -> None:
    for make in (Signer, Verifier):
        with pytest.raises(ConfigurationError, match=says) as caught:
            make([secret])
        assert not secret or len(secret) < 10 or str(secret)[6:20].strip() not in str(caught.value)


@pytest.mark.parametrize("size", [24, 32, 64])
def test_24_to_64_bytes_are_a_secret(size: int) -> None:
    assert Verifier([encoded("whsec_", bytes(range(size)))])


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=300), st.binary(max_size=300))
def test_a_signature_is_the_hmac_of_the_library(key: bytes, prefix: bytes, body: bytes) -> None:
    mac = hmac.digest(key, prefix + body, "sha256")
    assert HmacKey(key).sign(prefix, body) == b"v1," + base64.b64encode(mac)


def test_fresh_secrets_can_be_used_and_differ() -> None:
    assert new_secret() != new_secret()
    assert Signer([new_secret()])


@pytest.mark.parametrize("keys", [[], (), "", GOOD, Key(GOOD), None])
def test_a_list_with_at_least_one_is_asked_for(keys: list[str]) -> None:
    for make in (Signer, Verifier):
        with pytest.raises(ConfigurationError, match="list with at least one"):
            make(keys)


# --- the two kinds of key in each other's place --------------------------------------------------


def test_a_public_key_is_never_an_hmac_secret() -> None:
    with pytest.raises(ConfigurationError, match="public key and cannot sign"):
        Signer([PUBLIC])
    assert verifying_key(PUBLIC).label == b"v1a,"


def test_a_private_key_belongs_on_no_receiver() -> None:
    with pytest.raises(ConfigurationError, match="belongs on no receiver") as caught:
        Verifier([PRIVATE])
    assert PRIVATE[5:] not in str(caught.value)


@pytest.mark.parametrize("size", [0, 31, 33, 63, 65])
def test_keys_of_another_length_are_refused(size: int) -> None:
    for make, prefix in ((signing_key, "whsk_"), (verifying_key, "whpk_")):
        with pytest.raises(ConfigurationError):
            make(encoded(prefix, b"k" * size))


def test_a_seed_alone_is_a_private_key_too() -> None:
    raw = base64.b64decode(PRIVATE.removeprefix("whsk_"))
    short = encoded("whsk_", raw[:32])
    assert Signer([short]).headers("a", 1, b"") == Signer([PRIVATE]).headers("a", 1, b"")


def test_halves_of_two_keys_are_refused() -> None:
    ours = base64.b64decode(PRIVATE.removeprefix("whsk_"))
    theirs = base64.b64decode(new_key_pair()[0].removeprefix("whsk_"))
    with pytest.raises(ConfigurationError, match="do not belong together"):
        Signer([encoded("whsk_", ours[:32] + theirs[32:])])


# --- points for which anybody can sign -----------------------------------------------------------

D = -121665 * pow(121666, -1, _FIELD) % _FIELD


def times_eight_is_nothing(y: int) -> bool:
    """Whether the points with this y have an order that divides 8, by the curve's own law."""
    squared = (y * y - 1) * pow(D * y * y + 1, -1, _FIELD) % _FIELD
    x = pow(squared, (_FIELD + 3) // 8, _FIELD)
    if x * x % _FIELD != squared:
        x = x * pow(2, (_FIELD - 1) // 4, _FIELD) % _FIELD
    assert x * x % _FIELD == squared, "not on the curve"
    for _ in range(3):
        k = D * x * x * y * y
        x, y = (
            2 * x * y * pow(1 + k, -1, _FIELD) % _FIELD,
            (y * y + x * x) * pow(1 - k, -1, _FIELD) % _FIELD,
        )
    return (x, y) == (0, 1)


def test_our_list_of_small_orders_is_right_and_whole() -> None:
    # 8 points: y = 1 and y = -1 once, y = 0 and the two of order 8 with both signs of x
    assert len(_SMALL_ORDER) == 5
    assert all(times_eight_is_nothing(y) for y in _SMALL_ORDER)
    assert not times_eight_is_nothing(4 * pow(5, -1, _FIELD) % _FIELD)  # the base point


@pytest.mark.parametrize("y", [*sorted(_SMALL_ORDER), _FIELD, _FIELD + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_such_keys_are_refused(y: int, sign: int) -> None:
    raw = (y | sign << 255).to_bytes(32, "little")
    with pytest.raises(ConfigurationError, match="anybody can sign"):
        Verifier([encoded("whpk_", raw)])


# --- names and dates -----------------------------------------------------------------------------


def test_a_key_never_shows_its_value() -> None:
    assert GOOD[6:] not in repr(Key(GOOD, name="main"))


@pytest.mark.parametrize("at", [datetime(2030, 1, 1), "2030-01-01", 5])  # noqa: DTZ001 - the fault
def test_dates_need_a_zone(at: datetime) -> None:
    for dates in ({"since": at}, {"until": at}):
        with pytest.raises(ConfigurationError, match="time zone"):
            Key(GOOD, **dates)


def test_a_key_that_never_counts_is_refused() -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    with pytest.raises(ConfigurationError, match="since comes before"):
        Key(GOOD, since=noon, until=noon)


def test_when_a_key_counts() -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    key = Key(GOOD, since=noon, until=noon + timedelta(hours=1))
    begins = noon.timestamp()
    assert [key.counts(begins + s) for s in (-1, 0, 3599, 3600)] == [False, True, True, False]
    assert Key(GOOD).counts(0)


# --- without the extra ---------------------------------------------------------------------------


def test_without_cryptography_the_error_says_what_to_install() -> None:
    program = """
import sys
sys.modules["cryptography"] = None
from webhooks.errors import ConfigurationError
from webhooks.signing import Signer, Verifier
Verifier([sys.argv[1]])
for make, key in ((Signer, sys.argv[2]), (Verifier, sys.argv[3])):
    try:
        make([key])
    except ConfigurationError as error:
        print(error)
"""
    words = [sys.executable, "-c", program, GOOD, PRIVATE, PUBLIC]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.count("pip install '.[ed25519]' in a checkout") == 2
