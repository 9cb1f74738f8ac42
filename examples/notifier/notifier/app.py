"""The Flask application: what comes is kept, acknowledged, and told to people afterwards."""

import os
import time
from collections.abc import Mapping

from flask import Flask

from notifier.channels import Channel, channels
from notifier.memory import Memory
from notifier.outcome import Outcome, outcome
from notifier.settings import Settings, load
from webhooks.handoff import ThreadHandOff
from webhooks.inbox import SQLiteInbox
from webhooks.receiver import Receiver
from webhooks.replay import SQLiteReplay


class Notifier:
    """Tells each channel once of each failure, and once when the error rate is too high.

    A channel that is away fails the handler, which is tried again for two hours; the channels
    that were told before are not told again.
    """

    def __init__(self, settings: Settings, memory: Memory, to: list[Channel]) -> None:
        self._settings = settings
        self._memory = memory
        self._channels = to

    def ended(self, event) -> None:
        """A batch or a prediction has come to its end."""
        found = outcome(event)
        if found is None:
            return
        at = event.timestamp.timestamp() if event.timestamp else time.time()
        self._memory.note(event.id, at, found.rows, found.failed)
        self._memory.judge(self._settings.alert, time.time())
        if found.failed:
            self._tell(event.id, found)
        for id, alert in self._memory.alerts():
            self._tell(id, alert)

    def _tell(self, id: str, what: Outcome) -> None:
        problems = []
        for channel in self._channels:
            if self._memory.was_told(id, channel.name):
                continue
            try:
                channel.tell(what.title, what.text)
            except Exception as problem:  # the other channels are not to wait for this one
                problems.append(problem)
            else:
                self._memory.told(id, channel.name)
        if problems:
            raise problems[0]


def create_app(environment: Mapping[str, str] = os.environ) -> Flask:
    """The application, or a ConfigurationError that names all that is wrong."""
    settings = load(environment)
    settings.data.mkdir(parents=True, exist_ok=True)
    memory = Memory(settings.data / "notifier.db")
    receiver = Receiver(
        settings.secrets,
        replay=SQLiteReplay(settings.data / "seen.db"),
        hand_off=ThreadHandOff(SQLiteInbox(settings.data / "inbox.db"), lease_s=180),
    )
    notifier = Notifier(settings, memory, channels(settings))
    receiver.on("batch.*")(notifier.ended)
    receiver.on("prediction.completed")(notifier.ended)
    app = Flask("notifier")
    receiver.init_app(app, "/hook")
    return app
