"""What one attempt at a shard has written so far, on this machine."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from jobs.worker.streamed import Streamed

#: what is larger goes to the system as it is, and is not copied first
BUFFER_BYTES = 1 << 16


@dataclass
class Attempt:
    """Two files of result rows, and how many rows are in each."""

    folder: Path
    output: BinaryIO
    errors: BinaryIO
    #: what is written to `output`
    streamed: Streamed
    succeeded: int = 0
    failed: int = 0
    #: how long the model took
    seconds: float = 0.0
    #: how many rows failed with each code
    codes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begin(cls, *, sync: bool = False) -> "Attempt":
        """An empty attempt in a new temporary folder.

        `sync`: the file of its output will be kept as it is, so that the disk may begin with it.
        """
        folder = Path(tempfile.mkdtemp(prefix="shard-"))
        output, errors = (
            (folder / name).open("wb", buffering=BUFFER_BYTES) for name in ("output", "errors")
        )
        return cls(folder, output, errors, Streamed(output, sync=sync))

    @property
    def made(self) -> Path:
        """Where output files lie until they are stored."""
        return self.folder / "made"

    @property
    def rows(self) -> int:
        """Rows that have ended."""
        return self.succeeded + self.failed

    def add(self, lines: bytes, rows: int) -> None:
        """Add rows that succeeded, each with its line end."""
        self.streamed.add(lines)
        self.succeeded += rows

    def add_failed(self, lines: bytes, rows: int) -> None:
        """Add rows that failed, each with its line end."""
        self.errors.write(lines)
        self.failed += rows

    def finished(self) -> tuple[int, str]:
        """(bytes, sha256) of the output; nothing can be added then."""
        return self.streamed.size_bytes, self.streamed.finished()

    def files(self) -> Iterator[tuple[str, Path]]:
        """Name and place of each file that has rows; nothing can be added then."""
        for rows, file in ((self.succeeded, self.output), (self.failed, self.errors)):
            file.close()
            if rows:
                path = Path(file.name)
                yield f"{path.name}.jsonl", path

    def end(self) -> None:
        """Remove it from this machine, also when the disk cannot take what was not written yet."""
        self.streamed.end()
        for file in (self.output, self.errors):
            with suppress(OSError):
                file.close()
        shutil.rmtree(self.folder, ignore_errors=True)
