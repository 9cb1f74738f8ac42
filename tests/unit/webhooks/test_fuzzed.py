"""Whatever is posted, a receiver answers with a status that is documented, and never fails itself.

FUZZ_EXAMPLES says how many requests are tried; a few hundred else.
"""

import json
import os
import time
from io import BytesIO
from itertools import count, product
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webhooks.ed25519 import new_key_pair
from webhooks.errors import VerificationError, WebhookError
from webhooks.keys import new_secret, verifying_key
from webhooks.message import Event
from webhooks.receiver import Receiver
from webhooks.signing import HEADERS, Signer, Verifier

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
MOST = 10_000
SECRET = new_secret()
PRIVATE, PUBLIC = new_key_pair()
NUMBERS = count()
#: without a handler that fails or a store that is away; 200 is genuine, whoever sent it
ANSWERS = {200, 400, 401, 413}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

#: what a server may hand over: any byte that HTTP lets through, as latin-1
anything = st.text(st.characters(max_codepoint=255), max_size=300)
entry = st.sampled_from(["v1,", "v1a,", "v2,", "", "v1", ",", " ", "=="])
near = st.lists(
    st.one_of(entry, st.text("ABCabc019+/= ,v", max_size=90), st.just("A" * 43 + "=")), max_size=12
).map("".join)
numbers = st.one_of(
    st.integers().map(str), st.floats().map(str), st.just(str(int(time.time()))), anything
)
odd = {
    "webhook-id": st.one_of(anything, st.just("evt_1"), st.text("evt_1., \t\r\n", max_size=300)),
    "webhook-timestamp": numbers,
    "webhook-signature": st.one_of(near, anything, st.just("v1," + "A" * 43 + "= " * 4000)),
}
kinds = st.one_of(
    st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "text/plain; charset=utf-16",
            "",
        ]
    ),
    anything,
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
events = st.fixed_dictionaries(
    {"type": st.text(max_size=30) | values},
    optional={"timestamp": values, "sequence": values, "data": values, "extra": values},
).map(lambda event: json.dumps(event).encode())
contents = st.one_of(st.binary(max_size=300), events, values.map(lambda v: json.dumps(v).encode()))


class Target:
    """An application whose handler notes the bodies that it was given; nothing is caught."""

    def __init__(self) -> None:
        self.app = Flask("fuzzed")
        self.app.testing = True  # whatever is raised comes out
        self.receiver = Receiver([SECRET, PUBLIC], max_body_bytes=MOST)
        self.receiver.init_app(self.app, "/hook")
        self.handled: list[Event[Any]] = []
        self.receiver.on("*")(self.handled.append)

    def post(self, headers: dict[str, str], body: bytes, environ: dict[str, Any]) -> int:
        given_headers = {
            f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()
        }
        whole = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer = self.app.test_client().post(
            "/hook", environ_overrides=whole | given_headers | environ
        )
        return answer.status_code


@pytest.fixture(scope="module")
def target() -> Target:
    return Target()


environs = st.fixed_dictionaries(
    {"CONTENT_TYPE": kinds},
    optional={
        "CONTENT_LENGTH": st.sampled_from(["", "0", "-1", "1", "x", "999999999", "1e3", "\xff"]),
        "HTTP_TRANSFER_ENCODING": st.sampled_from(["chunked", "gzip", ""]),
        "wsgi.input_terminated": st.booleans(),
        "HTTP_CONTENT_ENCODING": anything,
        "HTTP_X_FORWARDED_FOR": anything,
    },
)


def three(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Three of a kind; every one of them meets every one of the others."""
    return st.lists(of, min_size=3, max_size=3)


@settings(max_examples=EXAMPLES // 9 + 1, deadline=None, suppress_health_check=SLOW)
@given(three(st.fixed_dictionaries({}, optional=odd)), three(contents), environs)
def test_what_nobody_signed_is_refused_with_a_documented_status(
    target: Target, headers: list[dict[str, str]], bodies: list[bytes], environ: dict[str, Any]
) -> None:
    for given_headers, body in product(headers, bodies):
        assert target.post(given_headers, body, environ) in ANSWERS - {200}
        assert target.handled == []


changes = st.dictionaries(st.sampled_from(HEADERS), anything, max_size=1)


@settings(max_examples=EXAMPLES // 9 + 1, deadline=None, suppress_health_check=SLOW)
@given(three(contents), three(st.tuples(environs, changes)), st.sampled_from([SECRET, PRIVATE]))
def test_what_is_signed_is_handled_or_refused_with_a_documented_status(
    target: Target,
    bodies: list[bytes],
    around: list[tuple[dict[str, Any], dict[str, str]]],
    key: str,
) -> None:
    for body, (environ, changed) in product(bodies, around):
        headers = Signer([key]).headers(f"evt_{next(NUMBERS)}", int(time.time()), body)
        status = target.post(headers | changed, body, environ)
        events, target.handled[:] = list(target.handled), []
        assert status in ANSWERS
        assert len(events) == (status == 200)
        assert all(event.content == json.loads(body) for event in events)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(
    st.dictionaries(st.sampled_from(HEADERS) | st.text(max_size=20), st.text(max_size=300)),
    st.binary(max_size=100),
    st.floats(0, 1e12) | st.just(time.time()),
)
def test_a_verifier_without_flask_raises_what_is_documented(
    headers: dict[str, str], body: bytes, now: float
) -> None:
    with pytest.raises(VerificationError):
        Verifier([SECRET, PUBLIC]).verify(headers, body, now)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(
    st.one_of(
        st.text(max_size=120),
        st.binary(max_size=70).map(lambda raw: f"whsec_{raw.hex()}"),
        st.tuples(
            st.sampled_from(["whsec_", "whpk_", "whsk_", "v1,whsec_"]),
            st.text("ABCabc019+/= \n", max_size=100),
        ).map("".join),
    )
)
def test_a_secret_is_taken_or_refused_as_documented(value: str) -> None:
    told = refusal(value)
    assert len(value) < 12 or value not in told


def refusal(value: str) -> str:
    try:
        verifying_key(value)
    except WebhookError as error:
        return str(error)
    return ""
