"""Endpoints that cost as little as can be: one process, many ports, every POST answered at once.

    python -m tests.benchmarks.sink COUNT

prints the ports in one line. A port whose number is then written to its input, a line, hangs from
there on: it reads, and answers nothing; written again, it answers.
"""

import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.servers.penstock import ROOT

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Sink:
    """A running sink."""

    ports: Sequence[int]
    process: "subprocess.Popen[str]"

    def urls(self) -> list[str]:
        """An address at each port."""
        return [f"http://127.0.0.1:{port}/hook" for port in self.ports]

    def hang(self, port: int) -> None:
        """Let a port hang, or not any more."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{port}\n")
        self.process.stdin.flush()


@contextmanager
def sink(count: int) -> Iterator[Sink]:
    """So many endpoints while the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.sink", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        try:
            yield Sink([int(word) for word in process.stdout.readline().split()], process)
        finally:
            process.kill()


class Served:
    """What is known of one connection."""

    def __init__(self, connection: socket.socket, port: int) -> None:
        self.connection = connection
        self.port = port
        self.held = b""

    def requests(self, chunk: bytes) -> int:
        """How many requests are whole with this chunk."""
        self.held += chunk
        count = 0
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.held) < end + 4 + length:
                break
            self.held = self.held[end + 4 + length :]
            count += 1
        return count


def main(count: int) -> None:
    """Serve until the input ends."""
    poll = select.epoll()
    listeners = {}
    for _ in range(count):
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        listener.setblocking(False)
        listeners[listener.fileno()] = listener
        poll.register(listener, select.EPOLLIN)
    poll.register(sys.stdin, select.EPOLLIN)
    print(*(one.getsockname()[1] for one in listeners.values()), flush=True)
    served: dict[int, Served] = {}
    hanging: set[int] = set()
    while True:
        for descriptor, _ in poll.poll():
            if descriptor in served:
                _answer(poll, served, descriptor, hanging)
            elif descriptor in listeners:
                connection, _ = listeners[descriptor].accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                served[connection.fileno()] = Served(connection, connection.getsockname()[1])
                poll.register(connection, select.EPOLLIN)
            else:
                hanging ^= {int(sys.stdin.readline())}


def _answer(
    poll: select.epoll, served: dict[int, Served], descriptor: int, hanging: set[int]
) -> None:
    one = served[descriptor]
    try:
        chunk = one.connection.recv(65536)
        if chunk:
            count = one.requests(chunk)
            if count and one.port not in hanging:
                one.connection.sendall(ANSWER * count)
            return
    except OSError:
        pass
    poll.unregister(descriptor)
    del served[descriptor]
    one.connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
