"""How the servers that we send to fare: who may have how many attempts under way, who must rest."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from webhooks.deliveries import RETRY_AFTER_CAP_S, Outcome

#: attempts under way at once to a server that answers, and to one that did not the last time
EACH = 8
EACH_IN_TROUBLE = 1
#: statuses that say that the whole server is busy, not that this event is at fault
BUSY = frozenset({429, 502, 503, 504})
#: how long it rests then, doubled each time, if it does not say itself
REST_S = 5.0
REST_MOST_S = 300.0
#: servers in trouble that are remembered; those that fare well are not kept
MOST = 10_000


@dataclass
class _Server:
    flying: int = 0
    #: in a row, without an answer or with one of BUSY
    failures: int = 0
    rests_until: float = 0.0

    def full(self, now: float) -> bool:
        most = EACH_IN_TROUBLE if self.failures else EACH
        return self.flying >= most or now < self.rests_until


class Endpoints:
    """What this process has seen of each server (scheme, host and port as they are written).

    A slow server may hold a few sockets and never all of them; a busy one gets a rest from every
    delivery, not only from the one that it refused. Times are `time.monotonic()`.
    """

    def __init__(self) -> None:
        self._servers: defaultdict[str, _Server] = defaultdict(_Server)

    def begin(self, url: str, now: float) -> bool:
        """Whether one more attempt may begin now; if so it counts as under way."""
        server = self._servers[origin(url)]
        if server.full(now):
            return False
        server.flying += 1
        return True

    def end(self, url: str, outcome: Outcome, now: float) -> None:
        """An attempt came to an end."""
        server = self._servers[origin(url)]
        if outcome.status is None or outcome.status in BUSY:
            server.failures += 1
        else:
            server.failures = 0
        if outcome.status in BUSY:
            server.rests_until = max(server.rests_until, now + _rest_s(server.failures, outcome))
        self.drop(url)
        if len(self._servers) > MOST:
            idle = (name for name, one in self._servers.items() if not one.flying)
            self._servers.pop(next(idle, ""), None)

    def drop(self, url: str) -> None:
        """An attempt is over that says nothing of the server."""
        name = origin(url)
        server = self._servers[name]
        server.flying -= 1
        if not (server.flying or server.failures):
            del self._servers[name]

    def full(self, now: float) -> list[str]:
        """The servers for which nothing more may begin now."""
        return [name for name, server in self._servers.items() if server.full(now)]


@lru_cache(maxsize=MOST)
def origin(url: str) -> str:
    """Scheme, host and port, as they are written; the whole text if it is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}" if url.startswith(f"{parts.scheme}://") else url


def _rest_s(failures: int, outcome: Outcome) -> float:
    asked_s = min(outcome.retry_after_s or 0.0, RETRY_AFTER_CAP_S)
    return max(asked_s, min(REST_MOST_S, REST_S * 2.0 ** min(failures - 1, 10)))
