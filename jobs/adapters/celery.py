"""The bell on Celery: a message carries a kind of work and an id, nothing else."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from celery import Celery, signals
from celery.worker import WorkController
from celery.worker.consumer import Consumer
from kombu.exceptions import KombuError

from jobs.core.errors import Conflict
from jobs.core.prediction import Kind

TASK = "penstock.work"
QUEUE = "penstock"
#: all computing is in model hosts: threads wait for them, and heartbeats go on meanwhile
POOL = "threads"
#: how long a ring may take, and how long none is tried after one that failed: a request that
#: rings must not wait for a broker that is away, or stands still
RING_S, QUIET_S = 5.0, 5.0
_QUICK = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
log = logging.getLogger(__name__)


def app(broker_url: str, options: Mapping[str, Any] | None = None) -> Celery:
    """The Celery application, with the settings that long work needs."""
    celery = Celery("penstock", broker=broker_url, set_as_current=False)
    kind = "quorum" if broker_url.startswith("amqp") else "classic"
    celery.conf.update(
        # A ring is over once it was heard: what it is for is in the database. Held until the work
        # is done it would come again after the broker's own time limit, to be heard for nothing.
        task_acks_late=False,
        worker_prefetch_multiplier=1,
        worker_consumer=Listener,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=QUEUE,
        task_default_queue_type=kind,
        task_create_missing_queue_type=kind,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        broker_transport_options=_options(broker_url) | dict(options or {}),
    )
    return celery


class Listener(Consumer):
    """Celery's consumer, which outlives any loss of the broker, and without delayed delivery.

    Beside a quorum queue that makes 28 more, for tasks with an ETA, and we have none (what is not
    due yet is in the database).
    """

    class Blueprint(Consumer.Blueprint):  # type: ignore[valid-type,misc]
        """The same steps but that one."""

        default_steps: ClassVar = [
            step for step in Consumer.Blueprint.default_steps if "delayed_delivery" not in step
        ]

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Drop the connection that broke; a new one is made whatever comes of that."""
        try:
            super().on_connection_error_after_connected(exc)
        except Exception as error:
            # closing what is broken breaks as well at times: kombu's channel to Redis would give
            # back what it holds, over a connection that it no longer has, and the worker would end
            log.warning("the broken connection could not be closed: %s", type(error).__name__)


def queue(hardware: str | None) -> str:
    """Where rings for a class of workers go; all workers hear the one without a class."""
    return QUEUE if hardware is None else f"{QUEUE}.{hardware}"


def _options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("memory:"):
        return {}
    # a broker that went away, perhaps without a word, must not hold whoever rings
    options: dict[str, Any] = dict(_QUICK)
    if broker_url.startswith("amqp"):
        # told that it is kept, or not told at all; a quorum queue may lose what it did not confirm
        options |= {"confirm_publish": True, "read_timeout": RING_S, "write_timeout": RING_S}
    else:
        options |= {"socket_connect_timeout": RING_S, "socket_timeout": RING_S}
        # what a killed worker had fetched and not begun comes back in ten seconds, not a hundred
        options |= {"socket_keepalive": True, "unacked_restore_throttle": 1}
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
        self._quiet_until = 0.0

    def ring(
        self,
        what: str,
        id: str,
        hardware: str | None = None,
        like: Kind | None = None,
    ) -> None:
        """Publish the doorbell; the sweep rings again if this one is lost."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            with self._celery.pool.acquire(block=True, timeout=RING_S) as connection:
                self._publish(connection, what, id, queue(hardware))
        except Exception as error:
            # each transport has errors of its own, and none of them is the caller's business
            if not self._away:
                log.warning("the broker takes no rings: %s", type(error).__name__)
            self._away = True
            self._quiet_until = time.monotonic() + QUIET_S
        else:
            if self._away:
                log.warning("the broker takes rings again")
            self._away = False

    def _publish(self, connection: Any, what: str, id: str, queue: str) -> None:
        options: dict[str, Any] = {"retry": False, "confirm_timeout": RING_S, "queue": queue}
        try:
            self._celery.send_task(TASK, args=(what, id), connection=connection, **options)
        except BaseException:
            connection.collect()  # an answer that comes late must not be taken for the next one's
            raise

    def waiting(self, hardware: str | None = None) -> int | None:
        """Rings that nobody has heard yet; None if the broker is away."""
        name = queue(hardware)
        with self._celery.connection_or_acquire() as connection:
            try:
                connection.ensure_connection(**_QUICK)
                with connection.channel() as channel:
                    return int(channel.queue_declare(queue=name, passive=True).message_count)
            except connection.channel_errors:
                return 0  # nobody has rung or listened yet
            except (KombuError, *connection.connection_errors):
                connection.collect()
                return None


def reach(celery: Celery, timeout_s: int = 5) -> None:
    """Raise the transport's error, soon, unless the broker answers."""
    with celery.connection_for_write(connect_timeout=timeout_s) as connection:
        connection.ensure_connection(max_retries=1, timeout=timeout_s)


def declare(celery: Celery) -> None:
    """Declare the queue as a worker will; raises Conflict if there is one of another kind."""
    with celery.connection_for_write() as connection:
        try:
            celery.amqp.queues[QUEUE](connection.default_channel).declare()
        except connection.channel_errors as error:
            raise Conflict(
                f"the queue {QUEUE!r} is of another kind, so workers cannot listen: delete it"
                " (it holds no work, the database does)"
            ) from error


def workers(celery: Celery, wait_s: float = 2.0) -> dict[str, list[str]]:
    """The workers that answer, each with the classes of hardware that it says it serves."""
    answers = celery.control.inspect(timeout=wait_s).active_queues() or {}
    return {name: _classes(one["name"] for one in queues) for name, queues in answers.items()}


def _classes(queues: Iterable[str]) -> list[str]:
    return [name.removeprefix(queue("")) for name in queues if name.startswith(queue(""))]


def work(
    celery: Celery,
    concurrency: int,
    name: str,
    served: Iterable[str],
    drain: Callable[[], None],
) -> int:
    """Be a worker, with Celery's own signals and remote control, until told to end.

    It hears what is rung for anybody, and for the classes of hardware that are `served`. `drain` is
    called when it is told to end; it ends once its tasks have. Answers with the exit status: not 0
    if it ended because it could not go on.
    """
    workers: list[WorkController] = []
    signals.worker_init.connect(lambda sender, **_: workers.append(sender), weak=False)
    signals.worker_shutting_down.connect(lambda **_: drain(), weak=False)
    arguments = ["--quiet", "worker", f"--pool={POOL}", f"--concurrency={concurrency}"]
    # gossip and mingle are talk between workers; ours have nothing to say to each other
    arguments += [f"--hostname={name}@%h", "--without-gossip", "--without-mingle"]
    arguments += ["--queues", ",".join(map(queue, (None, *served)))]
    celery.worker_main([*arguments, "--loglevel=WARNING"])
    return sum(worker.exitcode or 0 for worker in workers)  # it is one, and Celery keeps it back
