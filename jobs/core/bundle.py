"""A version's files: what of a Cog folder is pushed, its digest, and the check of what came in."""

import hashlib
import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.version import DIGEST

#: Left out by name, wherever they lie; the same list on every machine, or the digests differ.
ALWAYS_IGNORED = (
    ".git",
    "__pycache__",
    ".venv",
    "venv",
    "node_modules",
    "*.pyc",
    ".DS_Store",
    ".cog",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
)
MAX_FILES = 100_000
#: What Linux file systems allow: one name, and a whole path with room for the worker's folder.
MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 3_000
MAX_SIZE_BYTES = 2**63 - 1
CHUNK_BYTES = 1 << 20


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


# What was sent


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
        raise BadRequest(fault, field=place)
    return path


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
            raise BadRequest("is there twice", field=place)
        seen.add(file.path)
        if any(above in paths for above in _above(file.path)):
            raise BadRequest("lies in a path that is itself a file", field=place)
    if "cog.yaml" not in paths:
        raise BadRequest("must contain cog.yaml, which says what to run", field="files")


def _above(path: str) -> Iterator[str]:
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


# What lies on disk


def walk(folder: Path) -> tuple[BundleFile, ...]:
    """The files that a push of `folder` sends, in the digest's order.

    Raises:
        BadRequest: it is no Cog folder, or holds what cannot be pushed; the message names it.
    """
    if not folder.is_dir():
        raise BadRequest(f"{folder}: there is no such folder", field="path")
    if not (folder / "cog.yaml").is_file():
        raise BadRequest(f"{folder}: has no cog.yaml; name the folder of a Cog model", field="path")
    root = folder.resolve()
    found = _Walk(root, _rules(root))
    try:
        files = [_file(path, source) for path, source in found.folder(root, "", ())]
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise refused(str(error.filename or folder), reason) from error
    if not any(file.path == "cog.yaml" for file in files):
        raise refused(".dockerignore", "leaves out cog.yaml, which the server needs")
    return tuple(sorted(files, key=_order))


def refused(path: str, reason: str) -> BadRequest:
    """The error about one file of the folder."""
    shown = path if path.isprintable() else ascii(path)[1:-1]
    return BadRequest(f"{shown}: {reason}", field="path", code="invalid_bundle")


@dataclass(frozen=True)
class _Walk:
    """One pass over a folder; yields (path in the bundle, place on disk)."""

    root: Path
    rules: "tuple[Rule, ...]"

    def folder(
        self, place: Path, prefix: str, above: tuple[Path, ...]
    ) -> Iterator[tuple[str, Path]]:
        with os.scandir(place) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            if not _is_always_ignored(name):
                yield from self._entry(place / name, f"{prefix}{name}", (*above, place))

    def _entry(self, place: Path, path: str, above: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
        left_out = is_ignored(path, self.rules)
        # a later '!' may take a file back in from below a folder that is left out
        if left_out and (place.is_symlink() or not (self._may_return and place.is_dir())):
            return
        real = self._inside(place, path) if place.is_symlink() else place
        if not real.is_dir():
            yield path, real
        elif real in above:
            raise refused(path, "is a link to a folder it lies in; remove the link")
        else:
            yield from self.folder(real, f"{path}/", above)

    @property
    def _may_return(self) -> bool:
        return any(rule.negated for rule in self.rules)

    def _inside(self, place: Path, path: str) -> Path:
        try:
            real = place.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise refused(path, "is a link that leads nowhere; remove it") from error
        if not real.is_relative_to(self.root):
            raise refused(path, "is a link that leaves the folder; put the file itself there")
        return real


def _file(path: str, source: Path) -> BundleFile:
    fault = path_fault(path)
    if fault:
        raise refused(path, fault)
    mode = source.stat().st_mode
    # opening a pipe would wait for ever
    if not stat.S_ISREG(mode):
        raise refused(path, "is neither a file nor a folder; list it in .dockerignore")
    whole, size = hashlib.sha256(), 0
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            whole.update(chunk)
            size += len(chunk)
    # the owner's bit only: the others follow the umask of whoever cloned the folder
    return BundleFile(path, whole.hexdigest(), size, bool(mode & stat.S_IXUSR))


def _rules(root: Path) -> "tuple[Rule, ...]":
    try:
        return parse_rules((root / ".dockerignore").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise refused(".dockerignore", "is not UTF-8") from error
    except ValueError as error:
        raise refused(".dockerignore", str(error)) from error
    except OSError as error:
        raise refused(".dockerignore", error.strerror or "cannot be read") from error


# What stays at home: the fixed list, then `.dockerignore` as Docker reads it. The rules are here
# and not in a library because they decide the digest: a release that reads one pattern in another
# way would give the same folder another version.


@dataclass(frozen=True)
class Rule:
    """One line of `.dockerignore`; a negated one takes files back in."""

    matches: re.Pattern[str]
    negated: bool


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a `.dockerignore`, in the order in which they decide.

    Raises:
        ValueError: a line is no pattern; the message names the line.
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    used = ((number, line.strip()) for number, line in lines if not line.startswith("#"))
    return tuple(_rule(number, pattern) for number, pattern in used if pattern)


def is_ignored(path: str, rules: tuple[Rule, ...]) -> bool:
    """Whether the last rule that speaks of `path`, or of a folder above it, leaves it out."""
    chain = [path, *_above(path)]
    for rule in reversed(rules):
        if any(rule.matches.fullmatch(step) for step in chain):
            return not rule.negated
    return False


def _is_always_ignored(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in ALWAYS_IGNORED)


def _rule(number: int, pattern: str) -> Rule:
    negated = pattern.startswith("!")
    body = pattern[1:].strip() if negated else pattern
    if not body:
        raise ValueError(f"line {number}: '!' needs a pattern after it")
    clean = posixpath.normpath(body).lstrip("/")
    try:
        return Rule(re.compile(_regex(clean), re.DOTALL), negated)
    except re.error as error:
        raise ValueError(f"line {number}: not a pattern ({error.msg})") from error


#: `**/` is any number of folders, none too; a lone `*` or `?` never crosses a slash.
_TOKEN = re.compile(
    r"(?P<deep>\*\*/?)|(?P<star>\*)|(?P<any>\?)|\\(?P<plain>.)|\[(?P<set>[^]]+)\]|."
)


def _regex(pattern: str) -> str:
    return "".join(_piece(token, token.end() == len(pattern)) for token in _TOKEN.finditer(pattern))


def _piece(token: re.Match[str], at_end: bool) -> str:
    if token["deep"]:
        return ".*" if at_end else "(?:.*/)?"
    if token["star"]:
        return "[^/]*"
    if token["any"]:
        return "[^/]"
    if token["set"]:
        return f"[{_character_set(token['set'])}]"
    return re.escape(token["plain"] or token[0])


def _character_set(body: str) -> str:
    sign, members = ("^", body[1:]) if body.startswith("^") else ("", body)
    return sign + "".join(c if c == "-" else re.escape(c) for c in members)
