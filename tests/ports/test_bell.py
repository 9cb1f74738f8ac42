"""The bell on each broker: a ring waits until it is heard; a broker that is away costs nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from celery import Celery
from kombu import Connection

from jobs.adapters import celery
from jobs.core.errors import Conflict
from tests.servers.penstock import until
from tests.servers.process import free_port
from tests.servers.proxy import Proxy

T = TypeVar("T")
PATIENCE_S = 60


@pytest.fixture(params=["redis_url", "rabbitmq_url"])
def broker(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def bell(broker: str) -> Iterator[celery.CeleryBell]:
    app = celery.app(broker)
    empty(app)
    yield celery.CeleryBell(app)
    app.close()


def empty(app: Celery) -> None:
    with app.connection() as connection:
        app.amqp.queues[celery.QUEUE].bind(connection).declare()
        app.amqp.queues[celery.QUEUE].bind(connection).purge()


def test_rings_wait_until_they_are_heard(bell: celery.CeleryBell) -> None:
    assert bell.waiting() == 0
    for number in range(5):
        bell.ring("batch", str(number))
    until(lambda: bell.waiting() == 5)


def test_a_class_of_hardware_has_a_queue_of_its_own(broker: str, bell: celery.CeleryBell) -> None:
    for number in range(3):
        bell.ring("batch", str(number), "a100")
    until(lambda: bell.waiting("a100") == 3)
    assert (bell.waiting(), bell.waiting("h100")) == (0, 0)
    app = celery.app(broker)
    with app.connection() as connection:
        # as a worker declares it: of the same kind, or RabbitMQ refuses
        queue = app.amqp.queues[celery.queue("a100")].bind(connection)
        queue.declare()
        queue.purge()
        queue.delete()
    app.close()


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_away_costs_nothing(scheme: str, caplog: pytest.LogCaptureFixture) -> None:
    app = celery.app(f"{scheme}://127.0.0.1:{free_port()}//")
    bell = celery.CeleryBell(app)
    for _ in range(3):
        bell.ring("batch", "b")
        assert bell.waiting() is None
    assert [record.message for record in caplog.records] == [
        "the broker takes no rings: OperationalError"
    ]
    app.close()


def test_a_broker_that_stands_still_holds_nobody(
    stalling: tuple[Proxy, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # what is given up after one second is given up after five
    monkeypatch.setattr(celery, "RING_S", 1.0)
    monkeypatch.setattr(celery, "QUIET_S", 1.0)
    relay, url = stalling
    # other options, so that it has connections of its own
    app, other = celery.app(url), celery.app(url, {"max_retries": 2})
    bell, counter = celery.CeleryBell(app), celery.CeleryBell(other)
    bell.ring("batch", "1")
    until(lambda: counter.waiting() == 1)

    relay.stop_after(0)
    in_time(lambda: bell.ring("batch", "2"))
    assert relay.stopped.is_set(), "nothing was sent to the broker"
    in_time(lambda: bell.ring("batch", "3"))
    assert in_time(counter.waiting) is None
    assert in_time(lambda: raised(lambda: celery.reach(app, 1)))

    relay.let_go()

    def rung() -> bool:
        bell.ring("batch", "4")
        return (bell.waiting() or 0) > 1

    until(rung, PATIENCE_S)
    app.close()
    other.close()


@pytest.fixture(params=["redis_url", "rabbitmq_url"])
def stalling(request: pytest.FixtureRequest) -> Iterator[tuple[Proxy, str]]:
    """A relay before a broker whose queue is empty, and the broker's address by it."""
    url: str = request.getfixturevalue(request.param)
    app = celery.app(url)
    empty(app)
    port = urlsplit(url).port or 0
    relay = Proxy(port)
    yield relay, url.replace(f":{port}", f":{relay.port}")
    relay.let_go()
    relay.close()
    empty(app)
    app.close()


def in_time(do: Callable[[], T]) -> T:
    """What it answers; it is called from a thread that may be given up."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(do).result(PATIENCE_S)
    finally:
        pool.shutdown(wait=False)


def raised(do: Callable[[], object]) -> bool:
    """Each transport has errors of its own."""
    try:
        do()
    except Exception:
        return True
    return False


def test_a_queue_of_another_kind_is_named(rabbitmq_url: str) -> None:
    app = celery.app(rabbitmq_url)
    with Connection(rabbitmq_url) as connection:
        channel = connection.default_channel
        channel.queue_delete(celery.QUEUE)
        channel.queue_declare(celery.QUEUE, durable=True, auto_delete=False)
        with pytest.raises(Conflict, match="delete it"):
            celery.declare(app)
        channel.queue_delete(celery.QUEUE)
        celery.declare(app)
        celery.declare(app)
        channel.queue_delete(celery.QUEUE)
