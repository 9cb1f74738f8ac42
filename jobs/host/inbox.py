"""What the worker asks for: waited for, or taken as it comes while the model's own loop turns."""

import os
from typing import Any

from jobs.host import frames

_PIECE = 1 << 20


class Inbox:
    """Our end of the pipe that commands come through."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._came = bytearray()

    def fileno(self) -> int:
        """For those who wait for more than one thing."""
        return self._end

    def next(self) -> Any:
        """The next command; raises EOFError when the worker is gone."""
        while (command := self.taken()) is None:
            self.read()
        return command

    def read(self) -> None:
        """Take what the pipe holds, or wait for it; raises EOFError when the worker is gone."""
        piece = os.read(self._end, _PIECE)
        if not piece:
            raise EOFError
        self._came += piece

    def taken(self) -> Any | None:
        """The next command, if all of it has been read."""
        head = frames.LENGTH.size
        if len(self._came) < head:
            return None
        size = head + frames.LENGTH.unpack_from(self._came)[0]
        if len(self._came) < size:
            return None
        frame = bytes(memoryview(self._came)[head:size])
        del self._came[:size]
        return frames.decode(frame)
