"""The files of a version as a push names them, and the digest that they make."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jobs.core.errors import BadRequest

SHA256 = re.compile(r"[0-9a-f]{64}")
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


@dataclass(frozen=True)
class BundleFile:
    """One file; `path` is relative, with `/`."""

    path: str
    sha256: str
    size: int
    executable: bool


def digest(files: Iterable[BundleFile]) -> str:
    """sha256 over sorted (UTF-8 path, executable bit, content hash): no times, no owners."""
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path.encode()):
        mode = "x" if file.executable else "-"
        whole.update(f"{file.path}\0{mode}\0{file.sha256}\n".encode())
    return whole.hexdigest()


def check_entries(entries: object) -> tuple[BundleFile, ...]:
    """What a push said, checked: nothing in it can leave the version's folder.

    Raises:
        BadRequest: an entry cannot be used; its number is in `field`.
    """
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_FILES:
        raise BadRequest(f"files must be a list of 1 to {MAX_FILES} entries", field="files")
    files = tuple(_entry(entry, f"files[{number}]") for number, entry in enumerate(entries))
    paths = {file.path for file in files}
    if len(paths) < len(files):
        raise BadRequest("files names a path twice", field="files")
    for path in paths:
        parts = path.split("/")
        if any("/".join(parts[:depth]) in paths for depth in range(1, len(parts))):
            raise BadRequest("files names a path that is both a file and a folder", field="files")
    if "cog.yaml" not in paths:
        raise BadRequest("the folder has no cog.yaml: push the folder of a model", field="files")
    return files


def _entry(entry: Any, field: str) -> BundleFile:
    if not isinstance(entry, dict):
        raise BadRequest("each file is an object: path, sha256, size, executable", field=field)
    path, sha256 = entry.get("path"), entry.get("sha256")
    size, executable = entry.get("size"), entry.get("executable", False)
    if not isinstance(path, str) or not _inside(path):
        raise BadRequest("path must be relative and stay in the folder", field=f"{field}.path")
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise BadRequest("sha256 must be 64 hex digits", field=f"{field}.sha256")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise BadRequest("size must be a whole number of bytes", field=f"{field}.size")
    if not isinstance(executable, bool):
        raise BadRequest("executable must be true or false", field=f"{field}.executable")
    return BundleFile(path, sha256, size, executable)


def _inside(path: str) -> bool:
    parts = path.split("/")
    bad = {"", ".", ".."}
    clean = not any(part in bad for part in parts) and "\0" not in path and "\\" not in path
    try:
        return clean and len(path.encode()) <= 1024
    except UnicodeEncodeError:
        return False


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
