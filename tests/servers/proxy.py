"""A TCP relay before a server: it counts what clients send, and can stop them in the middle."""

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 64 * 1024


class Proxy:
    """Relays to `port`; `sent_bytes` is what clients sent since it was last set to 0."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.sent_bytes = 0
        self._lock = threading.Lock()
        self._stop_after: int | None = None
        #: set once a client was stopped
        self.stopped = threading.Event()
        self._go = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop_after(self, sent_bytes: int | None) -> None:
        """Count from 0, and relay nothing more from clients once so much came; None: no end."""
        self.sent_bytes, self._stop_after = 0, sent_bytes
        self.stopped.clear()
        self._go.clear()

    def let_go(self) -> None:
        """Relay what was held, and all that follows."""
        self._stop_after = None
        self._go.set()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                for one, other, counts in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._relay, args=(one, other, counts), daemon=True
                    ).start()

    def _relay(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                if counts and self._counted(len(chunk)):
                    self.stopped.set()
                    self._go.wait()
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.close()

    def _counted(self, size_bytes: int) -> bool:
        with self._lock:
            self.sent_bytes += size_bytes
            return self._stop_after is not None and self.sent_bytes > self._stop_after
