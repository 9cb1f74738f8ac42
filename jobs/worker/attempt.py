"""What one attempt at a shard has written so far, on this machine."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass
class Attempt:
    """Two files of result rows, and how many rows are in each."""

    folder: Path
    output: BinaryIO
    errors: BinaryIO
    succeeded: int = 0
    failed: int = 0
    #: how long the model took
    seconds: float = 0.0

    @classmethod
    def begin(cls) -> "Attempt":
        """An empty attempt in a new temporary folder."""
        folder = Path(tempfile.mkdtemp(prefix="shard-"))
        return cls(folder, (folder / "output").open("wb"), (folder / "errors").open("wb"))

    @property
    def rows(self) -> int:
        """Rows that have ended."""
        return self.succeeded + self.failed

    def write(self, good: Sequence[bytes], bad: Sequence[bytes]) -> None:
        """Add result rows, each with its line end."""
        self.output.writelines(good)
        self.errors.writelines(bad)
        self.succeeded += len(good)
        self.failed += len(bad)

    def end(self) -> None:
        """Remove it from this machine."""
        self.output.close()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)
