"""A TCP link to a server that can be cut, or stand still, as a network between hosts does."""

import socket
import struct
import threading
from contextlib import suppress

CHUNK_BYTES = 64 * 1024
#: on, no seconds: closing is a reset
_RESET = struct.pack("ii", 1, 0)


class Link:
    """Relays to `target` until it is cut; whoever connects meanwhile waits, or is reset."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._flows = threading.Event()
        self._flows.set()
        self._refuses = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def connections(self) -> int:
        """How many go through it now."""
        with self._lock:
            return len(self._open) // 2

    def stand_still(self) -> None:
        """Nothing comes through any more, in either direction, and nobody is told."""
        self._flows.clear()

    def cut(self) -> None:
        """Reset every connection and each new one."""
        self._refuses = True
        self._drop()

    def mend(self) -> None:
        """Let everything through again; what stood still goes on."""
        self._refuses = False
        self._flows.set()

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.mend()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            _reset(end)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._refuses:
                    _reset(client)
                    continue
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._flows.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _reset(client)
            return
        with self._lock:
            self._open |= {client, server}
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=self._relay, args=(one, other), daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                self._flows.wait()
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        with self._lock:
            self._open -= {source, target}


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
