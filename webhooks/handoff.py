"""Acknowledge first, handle afterwards: by threads of this process, or by Celery."""

import logging
import os
import random
import threading
from collections.abc import Callable
from typing import Any, Protocol

from webhooks.answers import TryLater, Unsubscribe
from webhooks.errors import Unreadable
from webhooks.inbox import Entry, SQLiteInbox
from webhooks.message import Message

log = logging.getLogger(__name__)
Handle = Callable[[Message], None]
#: seconds until a failed message is tried again: doubled each time, up to the most
FIRST_S = 5.0
MOST_S = 1800.0  # a Redis broker hands out again what waits for longer than an hour
ATTEMPTS = 12
#: how soon a message is found that another process put in the inbox
POLL_S = 1.0


class HandOff(Protocol):
    """Who handles events after they were acknowledged."""

    def connect(self, app: Any, handle: Handle) -> None:
        """Learn what to call, in which Flask application's context."""

    def take(self, message: Message) -> None:
        """Keep a message so that it outlives this process; only then is it acknowledged.

        Raises:
            TryLater: there is no room; the sender is told 429.
            Exception: it could not be kept; the sender is told 500, and comes again.
        """


class ThreadHandOff:
    """Threads of each process handle what is in an inbox that the machine's processes share.

    They begin with the first request that the process serves, whatever it is for, so that a
    server's master, a migration or a shell never handles events. `start` begins at once.
    """

    def __init__(self, inbox: SQLiteInbox, *, threads: int = 1, lease_s: float = 300.0) -> None:
        """Say how many messages are handled at once, and how long one takes at most."""
        self._inbox = inbox
        self._threads = threads
        self._lease_s = lease_s
        self._handles: Handle | None = None
        self._app: Any = None
        self._running: list[threading.Thread] = []
        self._pid = 0
        self._guard = threading.Lock()
        self._bell = threading.Event()
        self._end = threading.Event()

    def connect(self, app: Any, handle: Handle) -> None:
        """Learn what to call; begin when the application serves."""
        self._app, self._handles = app, handle
        app.before_request(self.start)

    def take(self, message: Message) -> None:
        """Put it in the inbox, on disk."""
        self._inbox.put(message)
        self._bell.set()

    def start(self) -> None:
        """Begin handling in this process, if that has not begun."""
        if self._pid == os.getpid():
            return
        with self._guard:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            self._running = [
                threading.Thread(target=self._run, daemon=True, name=f"webhooks-{number}")
                for number in range(self._threads)
            ]
            for thread in self._running:
                thread.start()

    def stop(self) -> None:
        """Finish what is being handled in this process, and begin nothing more."""
        self._end.set()
        self._bell.set()
        for thread in self._running:
            thread.join()

    def _run(self) -> None:
        while not self._end.is_set():
            # other processes put messages there too, and do not ring
            wait_s = POLL_S
            try:
                entry = self._inbox.claim(self._lease_s)
                if entry is not None:
                    self._try(entry)
                due_s = self._inbox.due_in_s()
                wait_s = POLL_S if due_s is None else min(due_s, POLL_S)
            except Exception:
                log.exception("the webhook inbox failed; it is tried again")
            self._bell.wait(wait_s)
            self._bell.clear()

    def _try(self, entry: Entry) -> None:
        if entry.attempts > ATTEMPTS:  # each of them ended with its process
            self._inbox.bury(entry)
            return
        try:
            with self._app.app_context():
                self._handles(entry.message)  # type: ignore[misc]
        except (Unsubscribe, Unreadable) as error:
            # too late to tell the sender, and another attempt would end alike
            log.warning("webhook given up: %s", error, extra={"webhook_id": entry.message.id})
            self._inbox.bury(entry)
        except TryLater as later:
            self._inbox.again(entry, later.after_s)
        except Exception:
            log.exception("webhook handler failed", extra={"webhook_id": entry.message.id})
            self._fail(entry)
        else:
            self._inbox.done(entry)

    def _fail(self, entry: Entry) -> None:
        if entry.attempts >= ATTEMPTS:
            self._inbox.bury(entry)
        else:
            self._inbox.again(entry, backoff_s(entry.attempts))


class CeleryHandOff:
    """A Celery task for each message; the broker keeps it, so it must keep what it is given."""

    def __init__(self, celery: Any, *, name: str = "webhooks.handle", queue: str | None = None):
        """Say which Celery application, and under which task name in which queue."""
        self._celery = celery
        self._name = name
        self._queue = queue
        self._task: Any = None

    def connect(self, app: Any, handle: Handle) -> None:
        """Make the task; workers import the module that does this, as they import any task."""

        def webhook(task: Any, id: str, timestamp: int, body: str, key: str) -> None:
            message = Message(id, timestamp, body.encode(), key)
            try:
                with app.app_context():
                    handle(message)
            except (Unsubscribe, Unreadable) as error:
                log.warning("webhook given up: %s", error, extra={"webhook_id": id})
            except TryLater as later:
                raise task.retry(countdown=later.after_s) from later
            except Exception as error:
                raise task.retry(
                    exc=error, countdown=backoff_s(task.request.retries + 1)
                ) from error

        self._task = self._celery.task(
            bind=True,
            name=self._name,
            acks_late=True,  # a worker that dies has not handled it
            reject_on_worker_lost=True,
            ignore_result=True,
            max_retries=ATTEMPTS - 1,
        )(webhook)

    def take(self, message: Message) -> None:
        """Publish it, trying once: the sender waits, and comes again by itself."""
        arguments = (message.id, message.timestamp, message.body.decode(), message.key)
        self._task.apply_async(arguments, queue=self._queue, retry=False)


def backoff_s(attempts: int) -> float:
    """How long to wait after so many failures, spread by a fifth."""
    wait_s: float = min(MOST_S, FIRST_S * 2 ** (attempts - 1))
    return wait_s * random.uniform(1.0, 1.2)  # noqa: S311 - jitter
