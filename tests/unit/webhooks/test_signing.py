"""Signing and verifying: published vectors, and every attack that we know of."""

import base64
import hashlib
import hmac
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webhooks.ed25519 import new_key_pair
from webhooks.errors import (
    ConfigurationError,
    Malformed,
    Mismatch,
    Missing,
    Stale,
    VerificationError,
)
from webhooks.keys import Key, new_secret
from webhooks.message import Message
from webhooks.signing import MAX_SIGNATURES, Signer, Verifier

# published with the specification's libraries, and with Svix's server for v1a
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = (
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
)
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))


def headers(**changed: str | None) -> dict[str, str]:
    """The vector's headers, some of them changed or left out."""
    found = {"id": ID, "timestamp": str(AT), "signature": V1} | changed
    return {f"webhook-{name}": value for name, value in found.items() if value is not None}


def signed(id: str, timestamp: str, body: bytes, key: bytes = KEY) -> str:
    """A right signature, whatever is signed."""
    whole = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, whole, "sha256")).decode()


def verify(
    given: dict[str, str], body: bytes = BODY, now: float = AT, keys: Any = (SECRET,)
) -> Message:
    return Verifier(list(keys)).verify(given, body, now)


# --- vectors -------------------------------------------------------------------------------------


def test_the_published_vector_is_signed_as_published() -> None:
    assert Signer([SECRET]).headers(ID, AT, BODY) == headers()


def test_the_published_vector_verifies() -> None:
    assert verify(headers()) == Message(ID, AT, BODY)


def test_the_asymmetric_vector_is_signed_as_published() -> None:
    assert Signer([PRIVATE]).headers(ID, AT, BODY) == headers(signature=V1A)


def test_the_asymmetric_vector_verifies() -> None:
    assert verify(headers(signature=V1A), keys=[PUBLIC]).id == ID


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{}\n", "é".encode(), b"x" * 1_000_000])
@pytest.mark.parametrize("pair", [(SECRET, SECRET), (PRIVATE, PUBLIC)], ids=["v1", "v1a"])
def test_any_bytes_are_signed(body: bytes, pair: tuple[str, str]) -> None:
    ours, theirs = pair
    assert verify(Signer([ours]).headers("a", AT, body), body, keys=[theirs]).body == body


# --- the time ------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [-300, -1, 0, 1, 300, 300.9])
def test_within_the_tolerance(late: float) -> None:
    assert verify(headers(), now=AT + late)


@pytest.mark.parametrize(("late", "says"), [(301, "301 s old"), (-301, "301 s in the future")])
def test_outside_of_it(late: int, says: str) -> None:
    with pytest.raises(Stale, match=says) as caught:
        verify(headers(), now=AT + late)
    assert caught.value.age_s == late


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "nan",
        "inf",
        "-inf",
        "1e9",
        "1614265330.0",
        "1614265330.",
        "+1614265330",
        "-1614265330",
        "01614265330",
        "0",
        "1_614_265_330",
        "1,614,265,330",
        "0x6037b5f2",
        "\uff11\uff16\uff11\uff14\uff12\uff16\uff15\uff13\uff13\uff10",
        "\u0661\u0666\u0661\u0664\u0662\u0666\u0665\u0663\u0663\u0660",
        "1614265330000",
        "1614265330abc",
        "1614265330,1614265330",
        "1614265330, 1614265330",
        "1614265330\n",
        "1614265330\r\nx: y",
        "16142\x0065330",
        "1" * 400,
        "[1614265330]",
    ],
)
def test_a_timestamp_that_is_not_whole_seconds_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="webhook-timestamp"):
        verify(headers(timestamp=text, signature=signed(ID, text, BODY)))


@pytest.mark.parametrize(
    "tolerance", [0, -1, 0.5, None, False, True, math.nan, math.inf, 86_401, "300"]
)
def test_the_tolerance_cannot_be_off_by_accident(tolerance: Any) -> None:
    with pytest.raises(ConfigurationError, match="tolerance"):
        Verifier([SECRET], tolerance_s=tolerance)


def test_the_tolerance_can_be_set() -> None:
    assert Verifier([SECRET], tolerance_s=900).verify(headers(), BODY, AT + 900)
    with pytest.raises(Stale):
        Verifier([SECRET], tolerance_s=30).verify(headers(), BODY, AT + 31)


def test_a_changed_timestamp_does_not_help() -> None:
    with pytest.raises(Mismatch):
        verify(headers(timestamp=str(AT + 1000)), now=AT + 1000)


# --- the signature -------------------------------------------------------------------------------

HEX = base64.b64decode(V1[3:]).hex()
URLSAFE = V1.replace("+", "-").replace("/", "_")
LENIENT = V1[:-2] + chr(ord(V1[-2]) + 1) + "="  # other spare bits, the same bytes

NEVER = {
    "unknown label": V1.replace("v1,", "v2,"),
    "capital label": V1.replace("v1,", "V1,"),
    "label none": V1.replace("v1,", "none,"),
    "empty label": V1.replace("v1,", ","),
    "no label": V1.removeprefix("v1,"),
    "label of the other kind": V1.replace("v1,", "v1a,"),
    "label of another header": V1.replace("v1,", "sha256="),
    "cut": V1[:-5],
    "extended": V1[:-1] + "AAAA=",
    "padding lost": V1.rstrip("="),
    "padding added": V1 + "=",
    "URL-safe": URLSAFE,
    "hex": "v1," + HEX,
    "spare bits": LENIENT,
    "junk inside": V1[:10] + "!" + V1[10:],
    "space inside": V1[:10] + " " + V1[10:],
    "zeros": "v1," + base64.b64encode(bytes(32)).decode(),
    "empty value": "v1,",
    "label alone": "v1",
    "not ASCII": "v1,é" + V1[4:],
    "a body's digest": "v1," + base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
}


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER.keys())
def test_no_other_writing_of_a_signature_is_taken(text: str) -> None:
    with pytest.raises((Mismatch, Malformed)):
        verify(headers(signature=text))


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER.keys())
def test_what_cannot_be_read_does_not_hide_what_can(text: str) -> None:
    assert verify(headers(signature=f"{text} {V1}"))
    assert verify(headers(signature=f"{V1} {text}"))


@pytest.mark.parametrize("joined", [f"{V1},{V1}", f"{V1}, {V1}", f"v1,{V1[3:][::-1]},{V1}"])
def test_two_header_lines_may_reach_us_as_one(joined: str) -> None:
    assert verify(headers(signature=joined))


def test_thousands_of_signatures_are_refused_before_they_are_compared() -> None:
    with pytest.raises(Malformed, match="longer"):
        verify(headers(signature=" ".join([V1] * 5000)))
    with pytest.raises(Malformed, match="more than"):
        verify(headers(signature=" ".join([V1] * (MAX_SIGNATURES + 1))))
    assert verify(headers(signature=" ".join([V1] * MAX_SIGNATURES)))


def test_the_comparison_takes_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    true = hmac.compare_digest

    def watched(a: bytes, b: bytes) -> bool:
        seen.append(a)
        return true(a, b)

    monkeypatch.setattr("webhooks.keys.hmac.compare_digest", watched)
    other = signed("another", str(AT), BODY)
    verify(headers(signature=f"{V1} {other}"))
    assert seen == [V1.encode(), other.encode()]  # no early end once one fits


# --- secrets -------------------------------------------------------------------------------------


def test_another_secret_does_not_fit() -> None:
    with pytest.raises(Mismatch, match="the sender's current one"):
        verify(headers(), keys=[new_secret()])


def test_knowing_the_public_key_is_not_enough_to_sign() -> None:
    raw = base64.b64decode(PUBLIC.removeprefix("whpk_"))
    for key in (raw, PUBLIC.encode(), b""):
        forged = signed(ID, str(AT), BODY, key)
        for text in (forged, forged.replace("v1,", "v1a,")):
            with pytest.raises((Mismatch, Malformed)):
                verify(headers(signature=text), keys=[PUBLIC])


def test_the_other_kind_of_signature_is_named() -> None:
    with pytest.raises(Mismatch, match="whpk_"):
        verify(headers(signature=V1A))
    with pytest.raises(Mismatch, match="whsec_"):
        verify(headers(), keys=[PUBLIC])


ORDER = 2**252 + 27742317777372353535851937790883648493


def raised(signature: bytes, by: int) -> bytes:
    """The same signature with another S that means the same number modulo the order."""
    s = int.from_bytes(signature[32:], "little") + by
    return signature[:32] + s.to_bytes(32, "little")


def test_an_asymmetric_signature_has_one_form_only() -> None:
    raw = base64.b64decode(V1A.removeprefix("v1a,"))
    for forged in (raised(raw, ORDER), bytes(64), raw[:63], raw + b"\x00", raw[32:] + raw[:32]):
        text = "v1a," + base64.b64encode(forged).decode()
        with pytest.raises((Mismatch, Malformed)):
            verify(headers(signature=text), keys=[PUBLIC])


def test_few_asymmetric_signatures_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    junk = " ".join("v1a," + base64.b64encode(os.urandom(64)).decode() for _ in range(10))
    with pytest.raises(Mismatch):
        verify(headers(signature=f"{junk} {V1A}"), keys=[PUBLIC])


# --- rotation ------------------------------------------------------------------------------------


def test_old_and_new_receivers_both_verify_during_a_rotation() -> None:
    old, new = new_secret(), new_secret()
    sent = Signer([new, old]).headers(ID, AT, BODY)
    assert verify(sent, keys=[old])
    assert verify(sent, keys=[new])
    assert verify(sent, keys=[new, old])


def test_a_secret_can_go_over_to_a_key_pair() -> None:
    private, public = new_key_pair()
    sent = Signer([private, SECRET]).headers(ID, AT, BODY)
    assert sent["webhook-signature"].startswith("v1a,")
    assert verify(sent, keys=[SECRET])
    assert verify(sent, keys=[public])


def test_the_message_names_the_key_that_fitted() -> None:
    keys = [Key(new_secret(), name="new"), Key(SECRET, name="old")]
    assert verify(headers(), keys=keys).key == "old"


def test_a_key_signs_and_verifies_only_while_it_counts() -> None:
    noon = datetime.fromtimestamp(AT, UTC)
    new, old = new_secret(), SECRET
    keys = [
        Key(new, name="new", since=noon),
        Key(old, name="old", until=noon + timedelta(seconds=10)),
    ]
    signer, verifier = Signer(keys), Verifier(keys)

    def count(at: int) -> int:
        return len(signer.headers(ID, at, BODY)["webhook-signature"].split())

    assert [count(AT + s) for s in (-1, 0, 9, 10)] == [1, 2, 2, 1]
    assert verifier.verify(headers(), BODY, AT + 9).key == "old"
    with pytest.raises(Mismatch, match="does not count now"):
        verifier.verify(headers(), BODY, AT + 10)


def test_signing_when_no_key_counts_is_an_error() -> None:
    gone = Key(SECRET, until=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ConfigurationError, match="no webhook key counts"):
        Signer([gone]).headers(ID, AT, BODY)


# --- the other headers ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
@pytest.mark.parametrize("value", [None, "", " ", "\t"])
def test_a_missing_header_is_named(name: str, value: str | None) -> None:
    with pytest.raises(Missing, match=f"webhook-{name} is missing"):
        verify(headers(**{name: value}))


@pytest.mark.parametrize(
    "id",
    [
        f"{ID},{ID}",
        f"{ID}, {ID}",
        "a b",
        "a\r\nx: y",
        "a\x00",
        "é",
        "a" * 257,
        "a" * 65_536,
        "a.b",
    ],
)
def test_an_id_that_cannot_be_one_is_malformed(id: str) -> None:
    with pytest.raises(Malformed, match="webhook-id"):
        verify(headers(id=id, signature=signed(id, str(AT), BODY)))
    with pytest.raises(ConfigurationError, match="message id"):
        Signer([SECRET]).headers(id, AT, BODY)


def test_the_dots_cannot_be_moved() -> None:
    """`a` + `T` + `X.rest` are the same bytes as `a.T` + `X` + `rest`."""
    body = f"{AT}.{{}}".encode()
    sent = Signer([SECRET]).headers("a", AT, body)
    moved = sent | {"webhook-id": f"a.{AT}"}
    with pytest.raises(Malformed):
        verify(moved, b"{}")


def test_white_space_around_a_value_is_not_part_of_it() -> None:
    assert verify(headers(id=f" {ID}\t", timestamp=f"{AT} ", signature=f" {V1} "))


@pytest.mark.parametrize("spell", [str.title, str.upper])
def test_names_are_known_in_any_case(spell: Callable[[str], str]) -> None:
    assert verify({spell(name): value for name, value in headers().items()})


def test_of_two_spellings_the_verified_one_is_told() -> None:
    both = {"Webhook-Id": "another", **headers()}
    assert verify(both).id == ID
    with pytest.raises(Mismatch):
        verify({"Webhook-Id": ID, **headers(id="another")})


def test_families_of_headers_are_not_mixed() -> None:
    svix = {name.replace("webhook", "svix"): value for name, value in headers().items()}
    with pytest.raises(Missing):
        verify(svix)
    with pytest.raises(Mismatch):
        verify(headers(id="another") | {"svix-id": ID})


# --- the body ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"test":2432232314}',
        BODY + b"\n",
        b"\xef\xbb\xbf" + BODY,
        BODY.replace(b"4}", b"5}"),
        b"",
        BODY.decode().encode("utf-16"),
    ],
)
def test_another_body_does_not_fit(body: bytes) -> None:
    with pytest.raises(Mismatch):
        verify(headers(), body)


@pytest.mark.parametrize("body", [BODY.decode(), None, {"test": 2432232314}, bytearray(BODY)])
def test_what_is_not_bytes_was_changed_already(body: Any) -> None:
    with pytest.raises(TypeError, match=r"get_data\(\)"):
        verify(headers(), body)


# --- what is said --------------------------------------------------------------------------------


def test_no_error_shows_a_secret_or_a_signature() -> None:
    bad = [headers(signature=text) for text in [*NEVER.values(), V1A, signed("x", "1", b"")]] + [
        headers(id="a.b"),
        headers(timestamp="x"),
    ]
    told = []
    for one in bad:
        with pytest.raises(VerificationError) as caught:
            verify(one)
        told.append(str(caught.value))
    with pytest.raises(Stale) as stale:
        verify(headers(), now=AT + 1000)
    for text in [*told, str(stale.value)]:
        assert SECRET[6:] not in text
        assert V1[3:20] not in text
        assert "g0hM9" not in text


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500"))
ALPHABET = "v1aV,.+/= \t\r\n=0123456789abcdefXYZ-_é\x00\u0661" + V1 + V1A
texts = st.one_of(
    st.text(ALPHABET, max_size=200),
    st.text(max_size=50),
    st.sampled_from([V1, V1A, ID, str(AT), f"{V1} {V1A}", f"{V1},{V1}"]),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["id", "timestamp", "signature"]), texts),
    st.binary(max_size=100) | st.just(BODY),
    st.sampled_from([(SECRET,), (PUBLIC,), (PUBLIC, SECRET)]),
)
def test_whatever_comes_only_documented_errors_come_out(
    changed: dict[str, str], body: bytes, keys: tuple[str, ...]
) -> None:
    given_headers = headers(**changed)
    try:
        message = verify(given_headers, body, keys=keys)
    except VerificationError:
        return
    # nothing but the vector itself, give or take space and further entries, can be genuine
    assert (message.id, message.timestamp, message.body) == (ID, AT, BODY)
