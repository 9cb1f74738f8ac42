"""The bell on each broker: a ring waits until it is heard; a broker that is away costs nothing."""

from collections.abc import Iterator

import pytest

from jobs.adapters import celery
from tests.servers.penstock import until
from tests.servers.process import free_port


@pytest.fixture(params=["memory", "redis_url", "rabbitmq_url"])
def broker(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory://"
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def bell(broker: str) -> Iterator[celery.CeleryBell]:
    app = celery.app(broker)
    with app.connection() as connection:
        app.amqp.queues[celery.QUEUE].bind(connection).declare()
        app.amqp.queues[celery.QUEUE].bind(connection).purge()
    yield celery.CeleryBell(app)
    app.close()


def test_rings_wait_until_they_are_heard(bell: celery.CeleryBell) -> None:
    assert bell.waiting() == 0
    for number in range(5):
        bell.ring("batch", str(number))
    until(lambda: bell.waiting() == 5)


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
