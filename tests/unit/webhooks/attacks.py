"""Every attack that we know of, as (group, what is tried, what is expected, how to try it).

What is expected and got is a few words: the status and the count of a receiver's answer, or how a
secret or an address was refused.
"""

import base64
import hmac
import json
import logging
import string
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask

from webhooks.addresses import judge
from webhooks.ed25519 import new_key_pair
from webhooks.errors import ConfigurationError, WebhookError
from webhooks.keys import new_secret
from webhooks.receiver import Receiver
from webhooks.replay import Claim, MemoryReplay
from webhooks.sender import Request, Sender
from webhooks.signing import MAX_SIGNATURES, Signer, Verifier

SECRET = new_secret()
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
PRIVATE, PUBLIC = new_key_pair()
PUBLIC_RAW = base64.b64decode(PUBLIC.removeprefix("whpk_"))
BODY = json.dumps({"type": "batch.completed", "data": {"id": "batch_1"}}).encode()
ID = "evt_1"
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
REFUSED = "refused: ConfigurationError"


@dataclass(frozen=True)
class Attack:
    """What is tried; `attempt` does it and says in a few words what came of it."""

    group: str
    what: str
    expected: str
    attempt: Callable[[], str]


def now() -> str:
    return str(int(time.time()))


def signature(key: bytes, id: str, stamp: str, body: bytes) -> str:
    """A `v1` entry over any id and timestamp, whether or not a signer would sign them."""
    signed = f"{id}.{stamp}.".encode("utf-8", "surrogateescape") + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class Target:
    """A receiver in an application; `runs` counts what its handler was called with."""

    def __init__(self, keys: list[str] | None = None, **options: Any) -> None:
        self.receiver = Receiver(keys or [SECRET], **options)
        self.runs: list[str] = []
        self.receiver.on("*")(lambda event: self.runs.append(event.id))
        self.app = Flask("attacked")
        self.receiver.init_app(self.app, "/hook")

    def post(self, headers: Mapping[str, str], body: bytes, **environ: Any) -> Any:
        """As a server hands it over: names and values that a client library would not send."""
        given = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
        return self.app.test_client().post("/hook", data=body, environ_overrides=given | environ)

    def says(self, headers: Mapping[str, str], body: bytes, **environ: Any) -> str:
        """The status, and what the receiver counted; what is not handled must not have run."""
        status = self.post(headers, body, **environ).status_code
        [word] = self.receiver.counts
        assert len(self.runs) == (word == "handled")
        return f"{status} {word}"


def late(seconds: int) -> Callable[[], str]:
    """A genuine request, overheard and sent so many seconds later (or earlier)."""

    def attempt() -> str:
        headers = Signer([SECRET]).headers(ID, int(time.time()) - seconds, BODY)
        return Target().says(headers, BODY)

    return attempt


def stamped(text: str) -> str:
    """A timestamp of any form, signed as it stands."""
    headers = {"webhook-id": ID, "webhook-timestamp": text}
    return Target().says(headers | {"webhook-signature": signature(KEY, ID, text, BODY)}, BODY)


def named(id: str) -> str:
    """An id of any form, signed as it stands."""
    stamp = now()
    headers = {"webhook-id": id, "webhook-timestamp": stamp}
    return Target().says(headers | {"webhook-signature": signature(KEY, id, stamp, BODY)}, BODY)


def entries(change: Callable[[str], str]) -> str:
    """The signature header, changed."""
    headers = Signer([SECRET]).headers(ID, int(now()), BODY)
    return Target().says(
        headers | {"webhook-signature": change(headers["webhook-signature"])}, BODY
    )


def lacking(name: str) -> str:
    headers = Signer([SECRET]).headers(ID, int(now()), BODY)
    del headers[name]
    return Target().says(headers, BODY)


def as_body(change: Callable[[bytes], bytes]) -> str:
    """Another body than the one that was signed."""
    return Target().says(Signer([SECRET]).headers(ID, int(now()), BODY), change(BODY))


def signed_body(body: bytes) -> str:
    """A body that is signed, whatever it is."""
    return Target().says(Signer([SECRET]).headers(ID, int(now()), body), body)


def configured(value: Any) -> str:
    """What comes of a secret that is given to a receiver."""
    try:
        Receiver([value])
    except WebhookError as error:
        told = str(error)
        assert not isinstance(value, str) or len(value) < 10 or value[6:20].strip() not in told
        return f"refused: {type(error).__name__}"
    return "taken"


# --- the groups ----------------------------------------------------------------------------------


def timestamps() -> list[Attack]:
    def of(form: str) -> Callable[[], str]:
        return lambda: stamped(form.replace("T", now()))

    wide = {ord(str(n)): 0xFF10 + n for n in range(10)}
    arabic = {ord(str(n)): 0x0660 + n for n in range(10)}
    forms = {
        "a word": "yesterday",
        "NaN": "nan",
        "infinite": "inf",
        "minus infinite": "-inf",
        "with an exponent": "1.7e9",
        "with a fraction": "T.0",
        "with a point": "T.",
        "with a plus": "+T",
        "negative": "-T",
        "with a leading zero": "0T",
        "zero": "0",
        "with underscores": "1_700_000_000",
        "hexadecimal": "0x6037b5f2",
        "in milliseconds": "T000",
        "of 400 digits": "1" * 400,
        "with a tail": "Tabc",
        "two lines folded into one": "T,T",
        "with a line end inside": "T\r\nx: y",
    }
    malformed = [Attack("timestamp", k, "400 malformed", of(v)) for k, v in forms.items()]
    return [
        Attack("timestamp", "older than the tolerance", "401 stale", late(330)),
        Attack("timestamp", "newer than the tolerance", "401 stale", late(-330)),
        Attack("timestamp", "within the tolerance, old", "200 handled", late(270)),
        Attack("timestamp", "within the tolerance, new", "200 handled", late(-270)),
        Attack("timestamp", "changed after signing", "401 mismatch",
               lambda: replaced("webhook-timestamp", "9")),
        *malformed,
        Attack("timestamp", "full-width digits", "400 malformed",
               lambda: stamped(now().translate(wide))),
        Attack("timestamp", "Arabic digits", "400 malformed",
               lambda: stamped(now().translate(arabic))),
    ]  # fmt: skip


def secrets() -> list[Attack]:
    bad: dict[str, Any] = {
        "empty": "",
        "None": None,
        "white space": "  \n",
        "the prefix alone": "whsec_",
        "not base64": "whsec_" + "!" * 32,
        "not ASCII": "whsec_" + "é" * 32,
        "with a line end": SECRET + "\n",
        "pasted twice": SECRET * 2,
        "with its label, v1,whsec_…": "v1," + SECRET,
        "too short": "whsec_" + base64.b64encode(bytes(23)).decode(),
        "cut off": SECRET[:-5],
        "URL-safe base64": "whsec_" + base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        "an API token": "r8_abcdefghijklmnopqrstuvwxyz012345",
        "a private ed25519 key": PRIVATE,
        "a public key's bytes as whsk_": PUBLIC.replace("whpk_", "whsk_"),
    }
    refused = [Attack("secret", k, REFUSED, lambda v=v: configured(v)) for k, v in bad.items()]
    return [
        *refused,
        Attack("secret", "a forger signs with an empty key", "401 mismatch",
               lambda: entries(lambda _: signature(b"", ID, now(), BODY))),
        Attack("secret", "a forger signs with another secret", "401 mismatch",
               lambda: entries(lambda _: signature(b"k" * 32, ID, now(), BODY))),
        Attack("secret", "a forger signs with the secret's text", "401 mismatch",
               lambda: entries(lambda _: signature(SECRET.encode(), ID, now(), BODY))),
        Attack("secret", "the tolerance is switched off", REFUSED,
               lambda: tolerance(0)),
        Attack("secret", "the tolerance is None", REFUSED, lambda: tolerance(None)),
    ]  # fmt: skip


def tolerance(value: Any) -> str:
    try:
        Verifier([SECRET], tolerance_s=value)
    except ConfigurationError:
        return REFUSED
    return "taken"


def signatures() -> list[Attack]:
    def label(new: str) -> Callable[[], str]:
        return lambda: entries(lambda v: v.replace("v1,", new))

    def hexed(v: str) -> str:
        return "v1," + base64.b64decode(v[3:]).hex()

    def spare(v: str) -> str:
        """The last letter holds two bits that no byte needs."""
        return v[:-2] + LETTERS[LETTERS.index(v[-2]) + 1] + "="

    changes: dict[str, tuple[str, Callable[[str], str]]] = {
        "cut": ("400 malformed", lambda v: v[:-5]),
        "longer": ("400 malformed", lambda v: v[:-1] + "AAAA" * 12 + "="),
        "without padding": ("400 malformed", lambda v: v.rstrip("=")),
        "with more padding": ("401 mismatch", lambda v: v + "="),
        "other spare bits, the same bytes": ("401 mismatch", spare),
        "in hexadecimal": ("400 malformed", hexed),
        "with junk inside": ("400 malformed", lambda v: v[:10] + "!" + v[10:]),
        "with a space inside": ("400 malformed", lambda v: v[:10] + " " + v[10:]),
        "not ASCII": ("400 malformed", lambda v: "v1,é" + v[4:]),
        "all zero": ("401 mismatch", lambda _: "v1," + base64.b64encode(bytes(32)).decode()),
        "the label alone": ("400 malformed", lambda _: "v1,"),
        "junk before a genuine one": ("200 handled", lambda v: f"x, ,v9,== {v}"),
        "junk after a genuine one": ("200 handled", lambda v: f"{v} v1,é v2,{v[3:]}"),
        "two lines folded into one": ("200 handled", lambda v: f"v1,{'A' * 43}=,{v}"),
        "thousands of entries": ("400 malformed", lambda v: " ".join([v] * 5000)),
        "one entry too many": ("400 malformed", lambda v: " ".join([v] * (MAX_SIGNATURES + 1))),
    }
    labels = ["v1a,", "V1,", "v2,", "none,", ",", "", "v1=", "sha256="]
    return [
        Attack("signature", "URL-safe base64", "400 malformed", url_safe),
        *(
            Attack("signature", f"the label {one!r}", label_answer(one), label(one))
            for one in labels
        ),
        *(Attack("signature", k, e, lambda c=c: entries(c)) for k, (e, c) in changes.items()),
    ]


def label_answer(label: str) -> str:
    return "401 mismatch" if label == "v1a," else "400 malformed"


def url_safe() -> str:
    """Of a signature that has a letter in which the two alphabets differ."""
    stamp = int(now())
    for number in range(1000):
        headers = Signer([SECRET]).headers(f"evt_{number}", stamp, BODY)
        text = headers["webhook-signature"]
        if "+" in text or "/" in text:
            safe = text.replace("+", "-").replace("/", "_")
            return Target().says(headers | {"webhook-signature": safe}, BODY)
    raise AssertionError("never")


def metadata() -> list[Attack]:
    def moved() -> str:
        """`a` + `T` + `X.rest` are the bytes of `a.T` + `X` + `rest`."""
        stamp = now()
        body = f"{stamp}.".encode() + BODY
        headers = Signer([SECRET]).headers("a", int(stamp), body)
        return Target().says(headers | {"webhook-id": f"a.{stamp}"}, BODY)

    def cased() -> str:
        """Two spellings of one name reach us as one value, joined."""
        headers = Signer([SECRET]).headers(ID, int(now()), BODY)
        return Target().says(headers | {"webhook-id": f"{ID},evt_2"}, BODY)

    def other_family() -> str:
        headers = Signer([SECRET]).headers(ID, int(now()), BODY)
        return Target().says({k.replace("webhook", "svix"): v for k, v in headers.items()}, BODY)

    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    ids = {
        "an id with a line end": "evt_1\r\nx: y",
        "an id with a space": "evt 1",
        "an id with a NUL": "evt\x00",
        "an id that is not ASCII": "evt_é",
        "an id of 64 kB": "a" * 65_536,
        "an id with a dot": "evt.1",
        "two ids folded into one": f"{ID}, {ID}",
    }
    return [
        *(Attack("headers", f"{n} missing", "400 missing", lambda n=n: lacking(n)) for n in names),
        *(
            Attack("headers", f"{n} blank", "400 missing", lambda n=n: replaced(n, " "))
            for n in names
        ),
        *(Attack("headers", k, "400 malformed", lambda v=v: named(v)) for k, v in ids.items()),
        Attack("headers", "the dots moved from the body to the id", "400 malformed", moved),
        Attack("headers", "two spellings of one name", "400 malformed", cased),
        Attack("headers", "another id than was signed", "401 mismatch",
               lambda: replaced("webhook-id", "evt_2")),
        Attack("headers", "the other family, svix-*", "400 missing", other_family),
    ]  # fmt: skip


def replaced(name: str, text: str) -> str:
    """A header that was changed after signing."""
    headers = Signer([SECRET]).headers(ID, int(now()), BODY)
    return Target().says(headers | {name: text}, BODY)


def bodies() -> list[Attack]:
    changed: dict[str, Callable[[bytes], bytes]] = {
        "serialised again": lambda b: json.dumps(json.loads(b), indent=1).encode(),
        "with a line end": lambda b: b + b"\n",
        "with a byte order mark": lambda b: b"\xef\xbb\xbf" + b,
        "another one": lambda b: b.replace(b"batch_1", b"batch_2"),
        "empty": lambda b: b"",
    }
    odd = {
        "signed, not UTF-8": b'{"type": "\xff"}',
        "signed, not JSON": b"oops",
        "signed, no object": b"[]",
        "signed, no type": b"{}",
        "signed, NaN inside": b'{"type": "a", "data": NaN}',
        "signed, 200,000 deep": b"[" * 200_000,
        "signed, a number of 10,000 digits": b'{"type": "a", "n": ' + b"1" * 10_000 + b"}",
    }
    return [
        *(Attack("body", k, "401 mismatch", lambda c=c: as_body(c)) for k, c in changed.items()),
        *(Attack("body", k, "400 unreadable", lambda b=b: signed_body(b)) for k, b in odd.items()),
    ]


class _Away(MemoryReplay):
    def claim(self, id: str, lease_s: float) -> Claim:
        raise ConnectionError


def again() -> str:
    target, headers = Target(), Signer([SECRET]).headers(ID, int(now()), BODY)
    statuses = [target.post(headers, BODY).status_code for _ in range(3)]
    return f"{statuses}, run {len(target.runs)} time"


def resigned() -> str:
    """A genuine retry has another timestamp and signature, and the same id."""
    target, at = Target(), int(now())
    for seconds in (100, 0):
        target.post(Signer([SECRET]).headers(ID, at - seconds, BODY), BODY)
    return f"run {len(target.runs)} time"


def together() -> str:
    target, headers = Target(), Signer([SECRET]).headers(ID, int(now()), BODY)
    gate = threading.Barrier(8)

    def one() -> None:
        gate.wait(30)
        target.post(headers, BODY)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return f"run {len(target.runs)} time"


def store_away() -> str:
    headers = Signer([SECRET]).headers(ID, int(now()), BODY)
    return Target(replay=_Away()).says(headers, BODY)


def short_memory() -> str:
    try:
        Receiver([SECRET], replay=MemoryReplay(kept_s=599))
    except ConfigurationError:
        return REFUSED
    return "taken"


def replays() -> list[Attack]:
    return [
        Attack("replay", "the same request again", "[200, 200, 200], run 1 time", again),
        Attack("replay", "the same id, signed again", "run 1 time", resigned),
        Attack("replay", "eight at the same moment", "run 1 time", together),
        Attack("replay", "while the id store is away", "503 store_down", store_away),
        Attack("replay", "a store that forgets too soon", REFUSED, short_memory),
    ]


def oracles() -> list[Attack]:
    def forgeries() -> list[tuple[dict[str, str], bytes]]:
        at = int(now())
        return [
            (Signer([new_secret()]).headers(ID, at, BODY), BODY),
            (Signer([SECRET]).headers(ID, at - 1000, BODY), BODY),
            (Signer([SECRET]).headers(ID, at, BODY), BODY + b" "),
        ]

    def one_answer() -> str:
        answers = {
            (answer.status_code, answer.data)
            for answer in (Target().post(*one) for one in forgeries())
        }
        return f"{len(answers)} answer"

    def said() -> str:
        """The answers, and all that is logged."""
        stream = logging.StreamHandler(told := _Lines())  # type: ignore[var-annotated]
        root = logging.getLogger("webhooks")
        root.addHandler(stream)
        try:
            text = "".join(Target().post(*one).text for one in forgeries())
        finally:
            root.removeHandler(stream)
        text += "".join(told.lines)
        expected = signature(KEY, ID, now(), BODY)
        parts = [
            SECRET[6:],
            expected[3:],
            *(one["webhook-signature"][3:] for one, _ in forgeries()),
        ]
        return "nothing of them" if not any(part in text for part in parts) else "it is told"

    def compares() -> str:
        """All entries are compared in constant time, also after one that fits."""
        headers = Signer([SECRET]).headers(ID, int(now()), BODY)
        fits = headers["webhook-signature"]
        count = 0
        true = hmac.compare_digest

        def counted(a: Any, b: Any) -> bool:
            nonlocal count
            count += 1
            return true(a, b)

        hmac.compare_digest = counted  # type: ignore[assignment]
        try:
            Verifier([SECRET]).verify(
                headers | {"webhook-signature": f"{fits} v1,{'A' * 43}="}, BODY, time.time()
            )
        finally:
            hmac.compare_digest = true
        return f"{count} of 2 compared"

    return [
        Attack("oracle", "another answer for each reason", "1 answer", one_answer),
        Attack("oracle", "secrets and signatures in answers and logs", "nothing of them", said),
        Attack("oracle", "an end of comparing that is early", "2 of 2 compared", compares),
    ]


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines.append(text)

    def flush(self) -> None:
        pass


ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
Y_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826


def asymmetric(change: Callable[[bytes], bytes]) -> Callable[[], str]:
    """A `v1a` signature whose bytes are changed."""

    def attempt() -> str:
        headers = Signer([PRIVATE]).headers(ID, int(now()), BODY)
        raw = base64.b64decode(headers["webhook-signature"].removeprefix("v1a,"))
        text = "v1a," + base64.b64encode(change(raw)).decode()
        return Target([PUBLIC]).says(headers | {"webhook-signature": text}, BODY)

    return attempt


def confusion() -> list[Attack]:
    def keyed(key: bytes, label: str = "v1,") -> Callable[[], str]:
        def attempt() -> str:
            stamp = now()
            text = signature(key, ID, stamp, BODY).replace("v1,", label)
            headers = {"webhook-id": ID, "webhook-timestamp": stamp, "webhook-signature": text}
            return Target([PUBLIC]).says(headers, BODY)

        return attempt

    def raised(raw: bytes) -> bytes:
        s = int.from_bytes(raw[32:], "little") + ORDER
        return raw[:32] + s.to_bytes(32, "little")

    def point(y: int) -> Callable[[], str]:
        return lambda: configured("whpk_" + base64.b64encode(y.to_bytes(32, "little")).decode())

    small = {"0": 0, "1": 1, "-1": FIELD - 1, "of order 8": Y_8, "of order 8, minus": FIELD - Y_8}
    sign = 2**255
    return [
        Attack("keys", "HMAC by the public key", "401 mismatch", keyed(PUBLIC_RAW)),
        Attack("keys", "HMAC by the public key's text", "401 mismatch", keyed(PUBLIC.encode())),
        Attack("keys", "HMAC by the public key, called v1a", "401 mismatch",
               keyed(PUBLIC_RAW, "v1a,")),
        Attack("keys", "HMAC by nothing, for a receiver with a public key", "401 mismatch",
               keyed(b"")),
        Attack("keys", "the public key to sign with", REFUSED, public_signs),
        Attack("ed25519", "a genuine signature", "200 handled", asymmetric(lambda raw: raw)),
        Attack("ed25519", "S + L", "401 mismatch", asymmetric(raised)),
        Attack("ed25519", "all zero", "401 mismatch", asymmetric(lambda raw: bytes(64))),
        Attack("ed25519", "its halves changed over", "401 mismatch",
               asymmetric(lambda raw: raw[32:] + raw[:32])),
        Attack("ed25519", "a byte short", "400 malformed", asymmetric(lambda raw: raw[:63])),
        *(Attack("ed25519", f"a public key of small order, y = {k}", REFUSED, point(y))
          for k, y in small.items()),
        *(Attack("ed25519", f"a public key of small order, y = {k}, its sign set", REFUSED,
                 point(y + sign)) for k, y in small.items()),
        Attack("ed25519", "a public key that is no point in its first form", REFUSED,
               point(FIELD + 1)),
    ]  # fmt: skip


def public_signs() -> str:
    try:
        Signer([PUBLIC])
    except ConfigurationError:
        return REFUSED
    return "taken"


class _Unread(BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("it was read")


def floods() -> list[Attack]:
    def large() -> str:
        body = {"wsgi.input": _Unread(), "CONTENT_LENGTH": str(10**9)}
        return Target(max_body_bytes=1000).says({}, b"", **body)

    def endless() -> str:
        stream = BytesIO(b"x" * 5_000_000)
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        said = Target(max_body_bytes=1000).says({}, b"", **{"wsgi.input": stream, **chunked})
        assert stream.tell() < 100_000
        return said

    def many_keys() -> str:
        """v1a entries cost most: only the first few are verified."""
        junk = " ".join(f"v1a,{base64.b64encode(bytes([n]) * 64).decode()}" for n in range(50))
        headers = Signer([PRIVATE]).headers(ID, int(now()), BODY)
        return Target([PUBLIC]).says(headers | {"webhook-signature": junk}, BODY)

    return [
        Attack("flood", "a body of 1 GB by its content-length: not read", "413 too_large", large),
        Attack("flood", "a body that never ends: read to the limit", "413 too_large", endless),
        Attack("flood", "50 signatures by key pairs", "401 mismatch", many_keys),
    ]


ADDRESSES = {
    "loopback": "127.0.0.1",
    "multicast": "224.0.0.1",
    "192.0.0.9": "192.0.0.9",
    "6to4 relay": "192.88.99.1",
    "cloud metadata": "169.254.169.254",
    "IPv4-compatible": "::127.0.0.1",
    "IPv4-mapped": "::ffff:127.0.0.1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64, local": "64:ff9b:1::1",
    "6to4 of loopback": "2002:7f00:1::1",
    "Teredo": "2001:0:7f00:1::1",
    "ORCHID": "2001:20::1",
    "3fff::/20": "3fff::1",
    "5f00::/16": "5f00::1",
    "site-local": "fec0::1",
    "unique local": "fd00::1",
}
SPELLINGS = [
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "\u2460\u2461\u2466.0.0.1",
    "localhost",
    "[::ffff:127.0.0.1]",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
    "127.0.0.1#@example.com",
]


def judged(address: str) -> str:
    return "not dialled" if judge(address) else "dialled"


def dialled(host: str) -> str:
    """A POST to a port where somebody listens; whatever comes, nobody may be connected."""
    from tests.servers.endpoint import Endpoint, status

    with Endpoint(status(200)) as endpoint:
        place, _, rest = host.partition("#")
        url = f"http://{place}:{endpoint.port}/hook" + (f"#{rest}" if rest else "")
        outcomes: list[Any] = []
        sender = Sender(timeout_s=10)
        try:
            sender.send([Request("dlv", url, b"{}", {})], lambda _, one: outcomes.append(one))
        finally:
            sender.close()
        assert outcomes[0].error
        return "dialled" if endpoint.connections or outcomes[0].delivered else "not dialled"


def addresses() -> list[Attack]:
    return [
        *(
            Attack("address", f"{name}, {one}", "not dialled", lambda one=one: judged(one))
            for name, one in ADDRESSES.items()
        ),
        *(
            Attack("address", f"spelled http://{one}/", "not dialled", lambda one=one: dialled(one))
            for one in SPELLINGS
        ),
    ]


ATTACKS = [
    *timestamps(),
    *secrets(),
    *signatures(),
    *metadata(),
    *bodies(),
    *replays(),
    *oracles(),
    *confusion(),
    *floods(),
    *addresses(),
]


def markdown(rows: list[tuple[str, str, str, str]]) -> str:
    """A table of (group, what, expected, got)."""
    lines = ["| of | what is tried | expected | got |", "| --- | --- | --- | --- |"]
    safe = [[cell.replace("|", "&#124;").replace("\r\n", " ") for cell in row] for row in rows]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in safe)]) + "\n"
