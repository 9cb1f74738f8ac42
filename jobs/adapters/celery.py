"""The bell on Celery: a message carries a kind of work and an id, nothing else."""

import logging
from collections.abc import Callable
from typing import Any

from amqp.exceptions import AMQPError
from celery import Celery, signals
from celery.worker import WorkController
from kombu.exceptions import KombuError

TASK = "penstock.work"
QUEUE = "penstock"
#: how a connection for a ring is tried
_QUICK = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
log = logging.getLogger(__name__)


def app(broker_url: str) -> Celery:
    """The Celery application, with the settings that long work needs."""
    celery = Celery("penstock", broker=broker_url, set_as_current=False)
    celery.conf.update(
        # A ring is over once it was heard: what it is for is in the database. Held until the work
        # is done it would come again after the broker's own time limit, to be heard for nothing.
        task_acks_late=False,
        worker_prefetch_multiplier=1,
        broker_connection_max_retries=None,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=QUEUE,
        task_default_queue_type="quorum" if broker_url.startswith("amqp") else "classic",
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        broker_transport_options=_options(broker_url),
    )
    return celery


def _options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("memory:"):
        return {"polling_interval": 0.02}
    # a broker that went away, perhaps without a word, must not hold whoever rings
    options: dict[str, Any] = dict(_QUICK)
    if broker_url.startswith("redis"):
        options |= {"socket_connect_timeout": 5.0, "socket_timeout": 10.0, "socket_keepalive": True}
    return options


def serve(celery: Celery, answer: Callable[[str, str], None]) -> None:
    """Register the one task there is."""

    @celery.task(name=TASK)
    def work(what: str, id: str) -> None:
        answer(what, id)


class CeleryBell:
    """Rings by publishing; a broker that is away costs time, never work."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._away = False

    def ring(self, what: str, id: str) -> None:
        """Publish the doorbell; the sweep rings again if this one is lost."""
        try:
            self._celery.send_task(TASK, args=(what, id), retry=False)
        except (KombuError, AMQPError, OSError) as error:
            if not self._away:
                log.warning("the broker takes no rings: %s", type(error).__name__)
            self._away = True
        else:
            if self._away:
                log.warning("the broker takes rings again")
            self._away = False

    def waiting(self) -> int | None:
        """Rings that nobody has heard yet; None if the broker is away."""
        with self._celery.connection_or_acquire() as connection:
            try:
                connection.ensure_connection(**_QUICK)
                with connection.channel() as channel:
                    return int(channel.queue_declare(queue=QUEUE, passive=True).message_count)
            except connection.channel_errors:
                return 0  # nobody has rung or listened yet
            except (KombuError, *connection.connection_errors):
                return None


def reach(celery: Celery) -> None:
    """Raise OperationalError, soon, unless the broker answers."""
    with celery.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=5)


def workers(celery: Celery, wait_s: float = 2.0) -> list[str]:
    """The workers that answer a ping."""
    answers = celery.control.ping(timeout=wait_s) or []
    return [name for answer in answers for name in answer]


def embedded(celery: Celery, concurrency: int) -> WorkController:
    """A worker to be run in a thread of this process (no signal handlers)."""
    return WorkController(
        app=celery, pool_cls="threads", concurrency=concurrency, hostname="penstock@embedded"
    )


def work(celery: Celery, concurrency: int, name: str, drain: Callable[[], None]) -> None:
    """Be a worker, with Celery's own signals and remote control, until told to end.

    `drain` is called when that is told; the worker ends once its tasks have.
    """
    signals.worker_shutting_down.connect(lambda **_: drain(), weak=False)
    arguments = ["worker", "--pool=threads", f"--concurrency={concurrency}"]
    # gossip and mingle are talk between workers; ours have nothing to say to each other
    arguments += [f"--hostname={name}@%h", "--without-gossip", "--without-mingle"]
    celery.worker_main([*arguments, "--loglevel=WARNING"])
