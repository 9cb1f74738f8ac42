"""Ways to reach people: mail, and a chat that takes Slack's incoming webhooks."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from notifier.settings import Mail, Settings

TIMEOUT_S = 30


class Channel(Protocol):
    """Somewhere to say something; `name` is for our own notes of who was told."""

    name: str

    def tell(self, title: str, text: str) -> None:
        """Say it.

        Raises:
            NotTold: it did not get there; it may be tried again.
        """


class NotTold(Exception):
    """It did not get there. Says neither an address nor a password: a chat's address is both."""


class MailChannel:
    """One mail for each thing told, in one connection of its own."""

    name = "mail"

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def tell(self, title: str, text: str) -> None:
        """Send a mail."""
        message = EmailMessage()
        message["Subject"] = f"[penstock] {title}"
        message["From"], message["To"] = self._mail.sender, ", ".join(self._mail.to)
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="penstock")
        message["Auto-Submitted"] = "auto-generated"  # so that no one's holiday answers
        message.set_content(f"{title}\n\n{text}\n")
        try:
            with self._connected() as server:
                if self._mail.user:
                    server.login(self._mail.user, self._mail.password)
                refused = server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(f"the mail was not taken: {type(error).__name__}") from None
        if refused:
            raise NotTold(f"the mail was not taken for {len(refused)} of its addresses")

    def _connected(self) -> smtplib.SMTP:
        host, port = self._mail.host, self._mail.port
        context = ssl.create_default_context()
        if self._mail.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        try:
            if self._mail.security == "starttls":
                server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """A chat's address is a secret, and is given to nobody else."""


class ChatChannel:
    """A POST of `{"text": …}`, which Slack, Mattermost, Discord (/slack) and others take."""

    name = "chat"

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(_NoRedirects())

    def tell(self, title: str, text: str) -> None:
        """Post a message."""
        body = json.dumps({"text": f"*{_plain(title)}*\n{_plain(text)}"}).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._url, data=body, headers=kind)  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                answer.read(1024)
        except urllib.error.HTTPError as error:
            error.close()
            raise NotTold(f"the chat answered {error.code}") from None
        except (OSError, ValueError) as error:
            raise NotTold(f"the chat was not reached: {type(error).__name__}") from None


def _plain(text: str) -> str:
    """Text that is no markup there."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def channels(settings: Settings) -> list[Channel]:
    """Those that are set up."""
    found: list[Channel] = []
    if settings.mail:
        found.append(MailChannel(settings.mail))
    if settings.chat_url:
        found.append(ChatChannel(settings.chat_url))
    return found
