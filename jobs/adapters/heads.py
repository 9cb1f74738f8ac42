"""gunicorn's threads, each given to a request once its head has come.

Left alone, gunicorn gives a thread to whoever connects and reads the head there, without a limit
of time: as many silent or slow connections as there are threads, and nobody else is answered.
"""

import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from jobs.adapters.refusal import refuse

#: what the head of a request may take, from the connection or its first byte to its last
HEAD_S = 20.0
#: more than gunicorn reads of a head before it refuses it
HEAD_BYTES, PIECE_BYTES = 1 << 17, 1 << 16
#: a body of which nothing comes for so long is given up
BODY_SILENCE_S = 30
#: what is left of a body that nobody wanted, before the connection is closed instead of kept
REST_S = 0.2
#: connections at a time whose senders are given a moment to hear the answer
CLOSING = 4


def patient(connection: socket.socket, silence_s: int | None = None) -> None:
    """Let a blocking read of it end, with BlockingIOError, where nothing comes for so long.

    `silence_s`: None: what a body is given.
    """
    limit = struct.pack("ll", BODY_SILENCE_S if silence_s is None else silence_s, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


class Worker(ThreadWorker):  # type: ignore[misc]
    """The threaded worker; a connection that is silent or slow costs it no thread."""

    def init_process(self) -> None:
        """In the process that is to answer."""
        self.closing = ThreadPoolExecutor(CLOSING, thread_name_prefix="closing")
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection."""
        try:
            connection, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process has it, or it is gone
            return
        self.nr_conns += 1
        patient(connection)
        where = listener.getsockname()
        self.enqueue_req(_Connection(self.cfg, connection, client, where, self.closing))

    def handle(self, conn: "_Connection") -> Any:
        """Answer the request if its head is there, else wait for more of it beside the threads."""
        try:
            come = conn.head_has_come()
        except OSError:  # the other side is gone
            return False
        conn.is_waited_for = come is None
        if come is None:
            return _DEFER
        return super().handle(conn) if come else False

    def finish_request(self, conn: "_Connection", fs: Any) -> None:
        """As gunicorn does, but no head is waited for beyond its time."""
        super().finish_request(conn, fs)
        if conn.is_waited_for:
            conn.timeout = conn.began + HEAD_S

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Say what is wrong; what cannot be read is no matter for the log, and may hold a token."""
        if isinstance(exc, ParseException):
            refuse(client, exc)
        else:
            super().handle_error(req, client, addr, exc)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        return keepalive and bool(conn.parser.finish_body(deadline=time.monotonic() + REST_S))


class _Connection(TConn):  # type: ignore[misc]
    def __init__(self, cfg: Any, sock: Any, client: Any, server: Any, closing: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self._closing = closing
        self._head = b""
        #: when the head that is read now was begun
        self.began = 0.0
        self.is_waited_for = False

    def head_has_come(self) -> bool | None:
        """Whether a whole head can be parsed; None: not yet. False: it will not be.

        Raises:
            OSError: the connection broke.
        """
        if not self.is_waited_for:
            self.began = time.monotonic()
            self._head = self.parser.unreader.take_buffered() if self.initialized else b""
        self.sock.setblocking(False)
        while b"\r\n\r\n" not in self._head and len(self._head) < HEAD_BYTES:
            try:
                piece = self.sock.recv(PIECE_BYTES)
            except BlockingIOError:
                return None if time.monotonic() < self.began + HEAD_S else False
            if not piece:
                return False
            self._head += piece
        self._hand_over()
        return True

    def _hand_over(self) -> None:
        self.data_ready = True
        self.init()
        self.sock.setblocking(True)
        self.parser.unreader.unread(self._head)

    def close(self, graceful: bool = False) -> None:
        """Close it; where its sender should hear the answer first, beside all others."""
        if graceful:
            self._closing.submit(super().close, True)
        else:
            super().close()
