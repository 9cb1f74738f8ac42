"""The notifier example: a real application, a real SMTP server, a real HTTP server."""

import gc
import json
import re
import ssl
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers.certificate import certificate
from tests.servers.endpoint import Endpoint, resets, status
from tests.servers.penstock import ROOT, Penstock, until
from tests.servers.process import Server, free_port
from webhooks import new_secret
from webhooks.errors import ConfigurationError
from webhooks.testing import signed_request

EXAMPLE = ROOT / "examples" / "notifier"
SECRET = new_secret()
PASSWORD = "correct-horse-battery"
NUMBERS = count()


class Mails:
    """An SMTP server on loopback, and the mails it took."""

    def __init__(self, port: int | None = None, **options: Any) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self._closed = False
        self.port = port or free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._server.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.to += envelope.rcpt_tos
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.taken]

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._server.stop()
            with warnings.catch_warnings():  # a connection that was open is left to the collector
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()


@pytest.fixture
def mails() -> Iterator[Mails]:
    with closing(Mails()) as server:
        yield server


class Notifier:
    """The example under Flask's server, in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._log = folder / "notifier.log"
        env = {
            "PYTHONPATH": str(ROOT),
            "PENSTOCK_WEBHOOK_SECRET": SECRET,
            "MAIL_FROM": "penstock@example.com",
            "MAIL_TO": "ann@example.com, bob@example.com",
            "NOTIFIER_DATA": str(folder / "data"),
            **settings,
        }
        words = [sys.executable, "-m", "flask", "--app", "notifier", "run", "--port", self.port]
        self._server = Server([str(word) for word in words], self._log, env=env, cwd=EXAMPLE)
        self._server.wait_for(self.port, 60)

    def post(self, type: str, data: dict[str, Any], id: str | None = None) -> str:
        """Deliver an event; its id."""
        id = id or f"evt_{next(NUMBERS)}"
        asked = signed_request(SECRET, {"type": type, "data": data}, id=id)
        answer = httpx.post(self.url, content=asked["data"], headers=asked["headers"])
        assert answer.status_code in (200, 202)
        return id

    def batch(self, id: str, completed: int, failed: int = 0, **more: Any) -> str:
        counts = {"total": completed + failed, "completed": completed, "failed": failed}
        return self.post("batch.completed", {"id": id, "request_counts": counts, **more})

    def log(self) -> str:
        return self._log.read_text()

    def close(self) -> None:
        self._server.stop()


@pytest.fixture
def start(tmp_path: Path, mails: Mails) -> Iterator[Callable[..., Notifier]]:
    """Starts the example with a mail server that needs no password."""
    started: list[Notifier] = []

    def one(**settings: str) -> Notifier:
        by_mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mails.port), "SMTP_SECURITY": "none"}
        started.append(Notifier(tmp_path, **by_mail | settings))
        return started[-1]

    yield one
    for notifier in started:
        notifier.close()


def texts(chat: Endpoint) -> list[str]:
    return [json.loads(one.partition(b"\r\n\r\n")[2])["text"] for one in chat.requests]


def test_failures_are_told_by_mail_and_in_the_chat_once(
    start: Callable[..., Notifier], mails: Mails
) -> None:
    with Endpoint(status(200)) as chat:
        notifier = start(CHAT_WEBHOOK_URL=chat.url)
        notifier.batch("batch_good", 5)
        notifier.post("batch.in_progress", {"id": "batch_good"})
        notifier.post("prediction.completed", {"id": "pred_good", "status": "succeeded"})
        notifier.post("prediction.completed", {"id": "pred_off", "status": "canceled"})
        counts = {"total": 0, "completed": 0, "failed": 0}
        notifier.post("batch.failed", {"id": "batch_bad", "request_counts": counts})
        for _ in range(3):  # the same event again is no news
            notifier.post("prediction.completed", {"id": "pred_x", "status": "failed"}, "evt_x")
        notifier.batch("batch_part", 7, 2)
        until(lambda: len(mails.taken) == 3 and len(chat.requests) == 3)
        assert sorted(mails.subjects()) == [
            "[penstock] batch batch_bad failed",
            "[penstock] batch batch_part completed, 2 rows failed",
            "[penstock] prediction pred_x failed",
        ]
        assert "*prediction pred_x failed*" in "".join(texts(chat))
    part = next(mail for mail in mails.taken if "batch_part" in mail["Subject"])
    assert "2 of 9 rows" in part.get_content()
    assert "penstock batch results batch_part" in part.get_content()
    assert set(mails.to) == {"ann@example.com", "bob@example.com"}


def test_what_a_user_gave_a_model_is_told_to_nobody(
    start: Callable[..., Notifier], mails: Mails
) -> None:
    notifier = start()
    private = {"input": {"text": "private-in"}, "error": "private-error", "logs": "private-log"}
    notifier.post("prediction.completed", {"id": "pred_x", "status": "failed", **private})
    until(lambda: mails.taken)
    assert "private" not in mails.taken[0].as_string() + notifier.log()


def test_an_alert_is_raised_once_and_ended_once(
    start: Callable[..., Notifier], mails: Mails
) -> None:
    notifier = start(ALERT_ERROR_RATE="0.5", ALERT_MIN_ROWS="4", ALERT_WINDOW_S="3600")

    def alerts() -> list[str]:
        return [subject for subject in mails.subjects() if "alert" in subject.lower()]

    notifier.batch("batch_0", 0, 3)  # all of them, but too few to tell
    until(lambda: len(mails.taken) == 1)
    assert alerts() == []
    notifier.batch("batch_1", 1, 4)
    until(alerts)
    notifier.batch("batch_2", 1, 1)
    until(lambda: len(mails.taken) == 4)
    assert alerts() == ["[penstock] ALERT: 88% of rows fail"]
    notifier.batch("batch_3", 20)
    until(lambda: len(alerts()) == 2)
    assert alerts()[1] == "[penstock] the alert is over"
    over = mails.taken[-1].get_content()
    assert "8 of 30 rows failed within 3600 s; the limit is 50% of 4 rows." in over


def test_a_mail_server_that_is_away_does_not_silence_the_chat(
    start: Callable[..., Notifier], mails: Mails
) -> None:
    mails.close()
    with Endpoint(status(200)) as chat:
        notifier = start(CHAT_WEBHOOK_URL=chat.url)
        notifier.post("prediction.completed", {"id": "pred_x", "status": "failed"})
        until(lambda: "the mail was not taken: ConnectionRefusedError" in notifier.log())
        with closing(Mails(mails.port)) as back:
            until(lambda: back.taken, 60)
            assert back.subjects() == ["[penstock] prediction pred_x failed"]
        assert len(chat.requests) == 1


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        (status(404), "the chat answered 404"),
        (status(302, "location: http://127.0.0.1:1/other"), "the chat answered 302"),
        (resets(), "the chat was not reached"),
    ],
)
def test_a_chat_that_does_not_take_it_is_logged_without_its_address(
    start: Callable[..., Notifier], mails: Mails, manner: Any, says: str
) -> None:
    with Endpoint(manner) as chat:
        notifier = start(CHAT_WEBHOOK_URL=f"{chat.url}/T000/very-secret")
        notifier.post("prediction.completed", {"id": "pred_x", "status": "failed"})
        until(lambda: says in notifier.log())
        until(lambda: mails.taken)
        assert b"very-secret" in chat.requests[0]
    assert "very-secret" not in notifier.log()


class Login:
    """Takes one password."""

    def __call__(self, server: Any, session: Any, envelope: Any, how: Any, data: Any) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_mail_goes_over_tls_with_a_password(
    start: Callable[..., Notifier], tmp_path: Path, right: bool
) -> None:
    pem = certificate(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with closing(Mails(authenticator=Login(), **options)) as mails:
        password = PASSWORD if right else f"not-{PASSWORD}"
        notifier = start(
            SMTP_PORT=str(mails.port),
            SMTP_SECURITY="starttls",
            SMTP_USER="ops",
            SMTP_PASSWORD=password,
            SSL_CERT_FILE=str(tmp_path / "certificate.pem"),
        )
        notifier.post("prediction.completed", {"id": "pred_x", "status": "failed"})
        if right:
            until(lambda: mails.taken)
        else:
            until(lambda: "the mail was not taken: SMTPAuthenticationError" in notifier.log())
            assert mails.taken == []
    assert PASSWORD not in notifier.log()


# the mail server leaves the socket of a handshake that failed to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_that_nobody_vouches_for_is_refused(
    start: Callable[..., Notifier], tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "127.0.0.1"))
    with closing(Mails(tls_context=context)) as mails:
        notifier = start(SMTP_PORT=str(mails.port), SMTP_SECURITY="starttls")
        notifier.post("prediction.completed", {"id": "pred_x", "status": "failed"})
        until(lambda: "SSLCertVerificationError" in notifier.log())
        assert mails.taken == []
    gc.collect()


# --- settings -------------------------------------------------------------------------------------

GOOD = {
    "PENSTOCK_WEBHOOK_SECRET": SECRET,
    "SMTP_HOST": "smtp.example.com",
    "MAIL_FROM": "penstock@example.com",
    "MAIL_TO": "ann@example.com",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    from notifier.settings import load

    return load


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"PENSTOCK_WEBHOOK_SECRET": ""}, "PENSTOCK_WEBHOOK_SECRET is not set"),
        ({"PENSTOCK_WEBHOOK_SECRET": f"v1,{SECRET}"}, "SECRET: the webhook secret begins with"),
        ({"SMTP_HOST": ""}, "set SMTP_HOST or CHAT_WEBHOOK_URL"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY: one of starttls, tls, none"),
        ({"SMTP_PORT": "587x"}, "SMTP_PORT: a number from 1 to 65535"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT: a number from 1 to 65535"),
        ({"MAIL_FROM": ""}, "MAIL_FROM is not set"),
        ({"MAIL_TO": "ann"}, "MAIL_TO: an address is such as"),
        ({"MAIL_TO": "ann@x.y\nBcc: z@x.y"}, "MAIL_TO: an address is such as"),
        ({"SMTP_USER": "ops"}, "SMTP_USER and SMTP_PASSWORD: set both"),
        (
            {"SMTP_USER": "ops", "SMTP_PASSWORD": PASSWORD, "SMTP_SECURITY": "none"},
            "none would send SMTP_PASSWORD in the clear",
        ),
        ({"CHAT_WEBHOOK_URL": "hooks.example.com/very-secret"}, "begins with https://"),
        ({"CHAT_WEBHOOK_URL": "http://hooks.example.com/very-secret"}, "begins with https://"),
        ({"CHAT_WEBHOOK_URL": "https://[very-secret"}, "begins with https://"),
        ({"ALERT_ERROR_RATE": "20%"}, "ALERT_ERROR_RATE: a number from 0.001 to 1"),
        ({"ALERT_ERROR_RATE": "nan"}, "ALERT_ERROR_RATE: a number from 0.001 to 1"),
        ({"ALERT_WINDOW_S": "0"}, "ALERT_WINDOW_S: a number from 1"),
        ({"ALERT_MIN_ROWS": "-1"}, "ALERT_MIN_ROWS: a number from 1"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(
    load: Any, changes: dict[str, str], says: str
) -> None:
    assert load(GOOD).mail.port == 587
    with pytest.raises(ConfigurationError, match="the notifier cannot start") as caught:
        load(GOOD | changes)
    text = str(caught.value)
    assert says in text
    for private in (SECRET[6:], PASSWORD, "very-secret", "587x"):
        assert private not in text


def test_all_that_is_wrong_is_told_at_once(load: Any) -> None:
    wrong = {"SMTP_HOST": "x", "SMTP_PORT": "x", "MAIL_TO": "x", "ALERT_WINDOW_S": "x"}
    with pytest.raises(ConfigurationError, match="the notifier cannot start") as caught:
        load(wrong)
    lines = str(caught.value).splitlines()[1:]
    assert [line.split()[0].rstrip(":") for line in lines] == [
        "PENSTOCK_WEBHOOK_SECRET",
        "SMTP_PORT",
        "MAIL_FROM",
        "MAIL_TO",
        "ALERT_WINDOW_S",
    ]


def test_the_readme_names_every_setting() -> None:
    code = "".join(path.read_text() for path in (EXAMPLE / "notifier").glob("*.py"))
    told = (EXAMPLE / "README.md").read_text()
    names = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', code))
    assert {"PENSTOCK_WEBHOOK_SECRET", "SMTP_SECURITY", "CHAT_WEBHOOK_URL"} < names
    assert [name for name in names if f"`{name}`" not in told] == []


# --- with a real server ---------------------------------------------------------------------------


def test_a_failed_row_of_a_real_batch_is_mailed(
    start: Callable[..., Notifier], mails: Mails, tmp_path: Path
) -> None:
    server = Penstock(tmp_path)
    server.start()
    try:
        server.push("chaos-monkey", "demo/chaos-monkey")
        key = server.call("GET", "/v1/webhooks/default/secret")["key"]
        notifier = start(PENSTOCK_WEBHOOK_SECRET=key)
        rows = [{"custom_id": "a", "input": {"do": "fail"}}]
        id = server.submit("demo/chaos-monkey", rows, webhook=notifier.url)
        until(lambda: mails.taken, 90)
    finally:
        server.stop()
    assert mails.subjects() == [f"[penstock] batch {id} completed, 1 rows failed"]
