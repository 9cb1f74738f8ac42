"""The bell on Celery: a message carries a kind of work and an id, nothing else."""

from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.worker import WorkController
from kombu.exceptions import OperationalError

TASK = "penstock.work"


def app(broker_url: str) -> Celery:
    """The Celery application, with the settings that long work needs."""
    celery = Celery("penstock", broker=broker_url, set_as_current=False)
    celery.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="penstock",
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        broker_transport_options=_options(broker_url),
        worker_soft_shutdown_timeout=30.0,
    )
    return celery


def _options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("memory:"):
        return {"polling_interval": 0.01}
    if broker_url.startswith("redis"):
        return {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
    return {}


def serve(celery: Celery, answer: Callable[[str, str], None]) -> None:
    """Register the one task there is."""

    @celery.task(name=TASK)
    def work(what: str, id: str) -> None:
        answer(what, id)


class CeleryBell:
    """Rings by publishing; a broker that is away costs time, never work."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery

    def ring(self, what: str, id: str) -> None:
        """Publish the doorbell; the sweep rings again if this one is lost."""
        try:
            self._celery.send_task(TASK, args=(what, id), retry=False)
        except (OperationalError, OSError):
            return


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


def work(celery: Celery, concurrency: int, name: str) -> None:
    """Be a worker, with Celery's own signals and remote control, until told to end."""
    arguments = ["worker", "--pool=threads", f"--concurrency={concurrency}"]
    # gossip and mingle are talk between workers; ours have nothing to say to each other
    arguments += [f"--hostname={name}@%h", "--without-gossip", "--without-mingle"]
    celery.worker_main([*arguments, "--loglevel=WARNING"])
