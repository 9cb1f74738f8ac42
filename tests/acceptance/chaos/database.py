"""A PostgreSQL that can crash."""

import signal
from pathlib import Path

from tests.servers import postgres
from tests.servers.process import Server, free_port

#: unlike other tests' this database is not to lose what it said it has; it need not sync, since
#: the machine under it lives on
DURABLE = ("fsync=off", "full_page_writes=off", "max_connections=200")


class Database:
    """One server, on one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = postgres.address(self._port)
        self._server = self._started()

    def _started(self) -> Server:
        return postgres.started(self._folder, self._port, DURABLE)

    def restart(self) -> None:
        """Immediate: every backend ends at once, and it recovers from its log."""
        self._server.crash(signal.SIGQUIT)
        self._server = self._started()

    def stop(self) -> None:
        """End it."""
        self._server.stop()
