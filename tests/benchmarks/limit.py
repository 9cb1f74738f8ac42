"""The least that signed posts cost: uvloop, a socket for each endpoint, and no HTTP client.

The head is prepared, each message is signed anew, and of an answer nothing is looked at but that
it came.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import uvloop

from tests.benchmarks.posts import BODY, Cost
from webhooks.signing import Signer

HEAD = (
    "POST /hook HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
    f"content-length: {len(BODY)}\r\n"
)


class Posts:
    """So many posts, over all the sockets."""

    def __init__(self, count: int, signer: Signer) -> None:
        self.ended = asyncio.get_running_loop().create_future()
        self._signer = signer
        self._numbers = iter(range(count))
        self._left = count

    def post(self, transport: Any) -> None:
        """The next one, if there is one."""
        number = next(self._numbers, None)
        if number is None:
            return
        headers = self._signer.headers(f"evt_{number}", int(time.time()), BODY)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        transport.write(f"{HEAD}{lines}\r\n".encode() + BODY)

    def answered(self, transport: Any) -> None:
        """One is over."""
        self._left -= 1
        if self._left:
            self.post(transport)
        else:
            self.ended.set_result(None)


class Socket(asyncio.Protocol):
    """One of the sockets."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It may begin."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """An answer is one small packet."""
        self._posts.answered(self.transport)


def limit(urls: Sequence[str], count: int, signer: Signer) -> Cost:
    """So many posts to these in turn, each socket busy all the time."""

    async def run() -> Cost:
        posts = Posts(count, signer)
        loop = asyncio.get_running_loop()
        ports = [int(url.rpartition(":")[2].partition("/")[0]) for url in urls]
        made = [await loop.create_connection(lambda: Socket(posts), "127.0.0.1", p) for p in ports]
        began, busy = time.perf_counter(), time.process_time()
        for transport, _ in made:
            posts.post(transport)
        await posts.ended
        found = Cost(count, time.perf_counter() - began, time.process_time() - busy)
        for transport, _ in made:
            transport.close()
        return found

    return uvloop.run(run())
