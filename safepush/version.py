"""The candidate: a Cog folder as a sorted list of files, and the digest that is its version id."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from safepush import ignore
from safepush.errors import BundleInvalid

CHUNK_BYTES = 1 << 20
#: What leaves a worker room for the folder it puts the files in.
MAX_PATH_BYTES = 3_000


@dataclass(frozen=True)
class File:
    """One file of a bundle; `path` is relative with forward slashes, `source` where it lies."""

    path: str
    source: Path
    sha256: str
    size_bytes: int
    executable: bool

    def chunks(self) -> Iterator[bytes]:
        """The content, exactly as long as it was when it was hashed.

        Raises:
            BundleInvalid: it has another length by now, or is gone.
        """
        left = self.size_bytes
        try:
            with self.source.open("rb") as stream:
                while left and (chunk := stream.read(min(left, CHUNK_BYTES))):
                    left -= len(chunk)
                    yield chunk
                if left or stream.read(1):
                    raise self.changed()
        except OSError as exc:
            raise self.changed() from exc

    def changed(self) -> BundleInvalid:
        """The error for a file that is no longer what was hashed."""
        return BundleInvalid(self.path, "changed while it was being pushed; run it again")

    def to_json(self) -> dict[str, Any]:
        """The file as the server wants to hear of it."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "size": self.size_bytes,
            "executable": self.executable,
        }


@dataclass(frozen=True)
class Bundle:
    """What a push sends: the files of one folder, sorted by path."""

    folder: Path
    files: tuple[File, ...]

    @cached_property
    def id(self) -> str:
        """The version id, which the server computes in the same way."""
        return digest(self.files)


def digest(files: Iterable[File]) -> str:
    """The version id: sha256 over sorted path, executable bit and content; no times, no owners."""
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path.encode()):
        mode = "x" if file.executable else "-"
        whole.update(f"{file.path}\0{mode}\0{file.sha256}\n".encode())
    return whole.hexdigest()


def read_bundle(folder: Path) -> Bundle:
    """The bundle that `folder` makes now.

    Raises:
        BundleInvalid: it is no Cog folder, or holds something that cannot be pushed.
    """
    if not folder.is_dir():
        raise BundleInvalid(str(folder), "there is no such folder")
    if not (folder / "cog.yaml").is_file():
        raise BundleInvalid(str(folder), "has no cog.yaml; name the folder of a Cog model")
    root = folder.resolve()
    walk = _Walk(root, _rules(root))
    try:
        files = sorted(map(_file, walk.folder(root, "", ())), key=lambda file: file.path.encode())
    except OSError as exc:
        raise BundleInvalid(exc.filename or str(folder), exc.strerror or "cannot be read") from exc
    if not any(file.path == "cog.yaml" for file in files):
        raise BundleInvalid(
            str(folder), ".dockerignore leaves out cog.yaml, which the server needs"
        )
    return Bundle(folder, tuple(files))


@dataclass(frozen=True)
class _Walk:
    """One pass over a folder; yields (path in the bundle, place on disk)."""

    root: Path
    rules: tuple[ignore.Rule, ...]

    def folder(
        self, place: Path, prefix: str, above: tuple[Path, ...]
    ) -> Iterator[tuple[str, Path]]:
        with os.scandir(place) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            if not ignore.is_always_ignored(name):
                yield from self._entry(place / name, f"{prefix}{name}", (*above, place))

    def _entry(self, place: Path, path: str, above: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
        left_out = ignore.is_ignored(path, self.rules)
        if left_out and (place.is_symlink() or not (self._may_return and place.is_dir())):
            return
        real = self._inside(place, path) if place.is_symlink() else place
        if not real.is_dir():
            yield path, real
        elif (real / ignore.SERVER_DATABASE).is_file():
            return
        elif real in above:
            raise BundleInvalid(path, "is a link to a folder it lies in; remove the link")
        else:
            yield from self.folder(real, f"{path}/", above)

    @property
    def _may_return(self) -> bool:
        """Whether a file can be taken back in below a folder that is left out."""
        return any(rule.negated for rule in self.rules)

    def _inside(self, place: Path, path: str) -> Path:
        try:
            real = place.resolve(strict=True)
        except (OSError, RuntimeError) as exc:
            raise BundleInvalid(path, "is a link that leads nowhere; remove it") from exc
        if not real.is_relative_to(self.root):
            raise BundleInvalid(path, "is a link that leaves the folder; put the file itself there")
        return real


def _file(entry: tuple[str, Path]) -> File:
    path, source = entry
    _check_name(path)
    mode = source.stat().st_mode
    # opening a pipe would wait for ever
    if not stat.S_ISREG(mode):
        raise BundleInvalid(path, "is neither a file nor a folder; list it in .dockerignore")
    sha256, size_bytes = _content(source)
    # the owner's bit only: the others follow the umask of whoever cloned the folder
    return File(path, source, sha256, size_bytes, bool(mode & stat.S_IXUSR))


def _check_name(path: str) -> None:
    """Names that another machine could not have, or not as a file, are refused at home."""
    shown = path if path.isprintable() else ascii(path)[1:-1]
    try:
        size_bytes = len(path.encode())
    except UnicodeEncodeError as exc:
        raise BundleInvalid(shown, "the name is not UTF-8; rename it") from exc
    if "\\" in path:
        raise BundleInvalid(shown, "the name holds a backslash; rename it")
    if size_bytes > MAX_PATH_BYTES:
        raise BundleInvalid(shown[:100], f"the path has over {MAX_PATH_BYTES} bytes; shorten it")


def _content(source: Path) -> tuple[str, int]:
    whole, size_bytes = hashlib.sha256(), 0
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            whole.update(chunk)
            size_bytes += len(chunk)
    return whole.hexdigest(), size_bytes


def _rules(root: Path) -> tuple[ignore.Rule, ...]:
    source = root / ".dockerignore"
    try:
        return ignore.parse(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as exc:
        reason = "is not UTF-8" if isinstance(exc, UnicodeDecodeError) else str(exc)
        raise BundleInvalid(".dockerignore", reason) from exc
