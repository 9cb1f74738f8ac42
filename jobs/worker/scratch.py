"""A place on this machine for the files of a piece of work, most of which have none."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder of nobody else's, which whoever first has a file for it makes; it goes with all.

    On a disk that is written to, making one and removing it takes longer than a quick prediction.
    """
    folder = Path(tempfile.gettempdir(), f"{prefix}-{secrets.token_hex(8)}")
    try:
        yield folder
    finally:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
