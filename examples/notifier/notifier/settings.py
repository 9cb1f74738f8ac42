"""What the environment says, read once; everything that is wrong is told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from webhooks.errors import ConfigurationError
from webhooks.signing import Verifier

ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Mail:
    """A server that takes mail, and from whom to whom it goes."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Alert:
    """An alert is raised at this error rate of at least so many rows within the window."""

    rate: float
    window_s: float
    rows: int


@dataclass(frozen=True)
class Settings:
    """All of it."""

    secrets: list[str]
    mail: Mail | None
    chat_url: str | None
    alert: Alert
    data: Path


class Problems(ConfigurationError):
    """The settings that cannot be used, one a line, and what to do about each."""


def load(environment: Mapping[str, str]) -> Settings:
    """The settings.

    Raises:
        Problems: naming all that is wrong; no value is repeated.
    """
    reader = _Reader(environment)
    settings = Settings(
        secrets=reader.read("PENSTOCK_WEBHOOK_SECRET", _secrets),
        mail=_mail(reader),
        chat_url=reader.read("CHAT_WEBHOOK_URL", _url, default=None),
        alert=Alert(
            rate=reader.read("ALERT_ERROR_RATE", _number(0.001, 1), default=0.2),
            window_s=reader.read("ALERT_WINDOW_S", _number(1, 30 * 86_400), default=3600.0),
            rows=int(reader.read("ALERT_MIN_ROWS", _number(1, 1e9), default=20)),
        ),
        data=Path(environment.get("NOTIFIER_DATA") or "notifier-data"),
    )
    if not ("SMTP_HOST" in reader.given or "CHAT_WEBHOOK_URL" in reader.given):
        reader.problems.append("set SMTP_HOST or CHAT_WEBHOOK_URL: else nobody would be told")
    if reader.problems:
        raise Problems("\n".join(["the notifier cannot start:", *reader.problems]))
    return settings


class _Reader:
    """Reads one setting after another, and keeps what is wrong for the end."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.given = {name: text.strip() for name, text in environment.items() if text.strip()}
        self.problems: list[str] = []

    def read(self, name: str, make: Callable[[str], Any], **default: Any) -> Any:
        if name not in self.given:
            if not default:
                self.problems.append(f"{name} is not set")
            return default.get("default")
        try:
            return make(self.given[name])
        except (ValueError, ConfigurationError) as error:
            self.problems.append(f"{name}: {error}")
            return default.get("default")


def _mail(reader: _Reader) -> Mail | None:
    if "SMTP_HOST" not in reader.given:
        return None
    security = reader.read("SMTP_SECURITY", _one_of("starttls", "tls", "none"), default="starttls")
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    mail = Mail(
        host=reader.given["SMTP_HOST"],
        port=int(reader.read("SMTP_PORT", _number(1, 65_535), default=usual)),
        security=security,
        user=reader.given.get("SMTP_USER", ""),
        password=reader.given.get("SMTP_PASSWORD", ""),
        sender=reader.read("MAIL_FROM", _address),
        to=reader.read("MAIL_TO", lambda text: tuple(map(_address, text.split(",")))),
    )
    if bool(mail.user) != bool(mail.password):
        reader.problems.append("SMTP_USER and SMTP_PASSWORD: set both, or neither")
    if mail.password and security == "none" and mail.host not in LOOPBACK:
        reader.problems.append("SMTP_SECURITY: none would send SMTP_PASSWORD in the clear")
    return mail


def _secrets(text: str) -> list[str]:
    Verifier(text.split())
    return text.split()


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text.strip()):
        raise ValueError("an address is such as ops@example.com; several are parted by commas")
    return text.strip()


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    except ValueError:
        good = False
    if not (good and parts.hostname):
        raise ValueError("give the whole address that the chat shows; it begins with https://")
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def make(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return make


def _number(least: float, most: float) -> Callable[[str], float]:
    def make(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            raise ValueError(f"a number from {least:g} to {most:g}")
        return number

    return make
