"""The two brokers as servers that can be killed, started again and emptied."""

from pathlib import Path
from typing import Protocol

import redis as client
from kombu import Connection
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from tests.servers import rabbitmq, redis
from tests.servers.process import free_port


class Broker(Protocol):
    """A broker of one's own."""

    url: str

    def restart(self) -> None:
        """kill -9, and start it again on what it has kept."""

    def flush(self) -> int:
        """Throw away what is in it; answers with how many things."""

    def stop(self) -> None:
        """End it."""


class RabbitMQ:
    """A node whose queue is a quorum queue."""

    def __init__(self, folder: Path) -> None:
        self._node = rabbitmq.Node(folder)
        self.url = self._node.url
        self._node.start()

    def restart(self) -> None:
        """It finds its queue again."""
        self._node.kill()
        self._node.start()

    def flush(self) -> int:
        """Purge the queue, once the node is there: another fault may have it away."""
        with Connection(self.url) as connection:
            connection.ensure_connection(max_retries=60, interval_start=1, interval_step=0)
            queue = connection.default_channel.queue_purge
            return int(queue("penstock") or 0)

    def stop(self) -> None:
        """End it."""
        self._node.__exit__()


class Redis:
    """A server that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._server = redis.started(folder, self._port)

    def restart(self) -> None:
        """It has forgotten everything."""
        self._server.kill()
        self._server = redis.started(self._folder, self._port)

    def flush(self) -> int:
        """FLUSHALL."""
        again = Retry(ConstantBackoff(1), 60)
        with client.Redis(port=self._port, retry=again) as connection:
            keys = int(connection.dbsize())
            connection.flushall()
        return keys

    def stop(self) -> None:
        """End it."""
        self._server.stop()


def started(kind: str, folder: Path) -> Broker:
    """A broker of this kind; raises Unavailable where the machine has none."""
    return {"rabbitmq": RabbitMQ, "redis": Redis}[kind](folder)
