"""Where no server has been yet, all is tried in a folder beside its place, and nothing is left."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from jobs.wiring import Wiring


@contextmanager
def rehearsed(made: Wiring) -> Iterator[Wiring]:
    """The same settings with a folder that is gone afterwards, unless the data folder is in use.

    Where none can be made, either, the checks are to find that.
    """
    own = _beside(made.settings.data)
    if own is None:
        yield made
        return
    with own as name:
        other = replace(made, settings=made.settings.moved(Path(name)))
        try:
            yield other
        finally:
            if "store" in vars(other):
                other.store.database.close()


def _beside(folder: Path) -> "tempfile.TemporaryDirectory[str] | None":
    """A new folder on the same disk; None where there is no need of one, or none can be made."""
    if folder.is_dir() and any(folder.iterdir()):
        return None
    near = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        return tempfile.TemporaryDirectory(prefix=".penstock-doctor-", dir=near)
    except OSError:
        return None
