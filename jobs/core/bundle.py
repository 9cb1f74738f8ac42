"""A version's files as a push names them: the check of what came in, and the digest."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.version import DIGEST

MAX_FILES = 100_000
#: What Linux file systems allow: one name, and a whole path with room for the worker's folder.
MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 3_000
MAX_SIZE_BYTES = 2**63 - 1


@dataclass(frozen=True)
class BundleFile:
    """One file of a bundle; `path` is relative with forward slashes, `size` is in bytes."""

    path: str
    sha256: str
    size: int
    executable: bool

    def to_json(self) -> dict[str, Any]:
        """The file as a push names it."""
        return dict(vars(self))


def digest(files: Iterable[BundleFile]) -> str:
    """The version id: sha256 over sorted path, executable bit and content; no times, no owners."""
    whole = hashlib.sha256()
    for file in sorted(files, key=_order):
        mode = "x" if file.executable else "-"
        whole.update(f"{file.path}\0{mode}\0{file.sha256}\n".encode())
    return whole.hexdigest()


def _order(file: BundleFile) -> bytes:
    return file.path.encode()


def check_entries(entries: object) -> tuple[BundleFile, ...]:
    """The files that a push names, in the digest's order.

    Raises:
        BadRequest: an entry cannot be used; `field` says which part of which.
    """
    if not isinstance(entries, list) or not entries:
        raise BadRequest("give the files of the version as a list of objects", field="files")
    if len(entries) > MAX_FILES:
        raise BadRequest(f"a version has at most {MAX_FILES:,} files", field="files")
    files = [_checked(entry, f"files[{number}]") for number, entry in enumerate(entries)]
    _check_tree(files)
    return tuple(sorted(files, key=_order))


def _checked(entry: object, place: str) -> BundleFile:
    if not isinstance(entry, dict):
        raise BadRequest("must be an object with path, sha256, size and executable", field=place)
    size, executable = entry.get("size"), entry.get("executable", False)
    sha256 = entry.get("sha256")
    if not isinstance(sha256, str) or not DIGEST.fullmatch(sha256):
        raise BadRequest("must be a sha256 in 64 lower-case hex digits", field=f"{place}.sha256")
    # True is an int to Python
    if type(size) is not int or not 0 <= size <= MAX_SIZE_BYTES:
        raise BadRequest("must be a number of bytes, 0 or more", field=f"{place}.size")
    if not isinstance(executable, bool):
        raise BadRequest("must be true or false", field=f"{place}.executable")
    return BundleFile(_path(entry.get("path"), f"{place}.path"), sha256, size, executable)


def _path(path: object, place: str) -> str:
    if not isinstance(path, str) or not path:
        raise BadRequest("must be a relative path", field=place)
    fault = path_fault(path)
    if fault:
        raise BadRequest(f"{_shown(path)}: {fault}", field=place)
    return path


def _shown(path: str) -> str:
    text = path if path.isprintable() else ascii(path)[1:-1]
    return text if len(text) <= 100 else f"{text[:100]}…"


def path_fault(path: str) -> str | None:
    """Why a path cannot be in a bundle, or None; a worker must be able to write it safely."""
    try:
        raw = path.encode()
    except UnicodeEncodeError:
        return "must be valid Unicode; rename the file"
    if "\0" in path or "\\" in path:
        return "must not hold a NUL or a backslash; rename the file"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "must be relative to the folder, without '.', '..' or empty parts"
    longest = max(len(part) for part in raw.split(b"/"))
    if len(raw) > MAX_PATH_BYTES or longest > MAX_NAME_BYTES:
        return f"must have at most {MAX_NAME_BYTES} bytes a name and {MAX_PATH_BYTES} in all"
    return None


def _check_tree(files: list[BundleFile]) -> None:
    paths = {file.path for file in files}
    seen: set[str] = set()
    for number, file in enumerate(files):
        place = f"files[{number}].path"
        if file.path in seen:
            raise BadRequest(f"{_shown(file.path)}: is there twice", field=place)
        seen.add(file.path)
        if any(above in paths for above in _above(file.path)):
            raise BadRequest(
                f"{_shown(file.path)}: lies in a path that is itself a file", field=place
            )
    if "cog.yaml" not in paths:
        raise BadRequest("must contain cog.yaml, which says what to run", field="files")


def _above(path: str) -> Iterator[str]:
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
