"""Whether the code of a model folder has changed since it was last looked at."""

import glob
import os
from pathlib import Path

#: what a model writes while it runs is no reason to load it again
WATCHED = (".py", ".yaml", ".yml", ".toml")
#: nothing of the model's lies there
SKIPPED = frozenset({"__pycache__", "node_modules", "venv", "penstock-data"})
#: a folder with more entries than this is looked at in part
MOST = 20_000

Stamps = dict[str, tuple[int, int]]


class Changes:
    """Python files and configuration, by time and size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._stamps()

    def any(self) -> bool:
        """Whether one was changed, added or removed since the last call."""
        before, self._seen = self._seen, self._stamps()
        changed = {path for path, _ in before.items() ^ self._seen.items()}
        for path in changed:
            _forget_compiled(Path(path))
        return bool(changed)

    def _stamps(self) -> Stamps:
        stamps: Stamps = {}
        looked_at = 0
        for folder, folders, files in os.walk(self._folder):
            folders[:] = [one for one in folders if one not in SKIPPED and one[0] != "."]
            for name in files:
                looked_at += 1
                if name.endswith(WATCHED):
                    _note(os.path.join(folder, name), stamps)
            if looked_at > MOST:
                break
        return stamps


def _note(path: str, stamps: Stamps) -> None:
    try:
        found = os.stat(path)
    except OSError:  # gone meanwhile
        return
    stamps[path] = (found.st_mtime_ns, found.st_size)


def _forget_compiled(source: Path) -> None:
    """Remove what Python keeps of a source that has changed.

    Python itself takes it for current if the source has the same size and the same whole second.
    """
    if source.suffix == ".py":
        for kept in (source.parent / "__pycache__").glob(f"{glob.escape(source.stem)}.*.pyc"):
            kept.unlink(missing_ok=True)
