"""Which files of a folder stay at home: the fixed list, then `.dockerignore` as Docker reads it."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

#: The same list on every machine, or the digests would differ. The rules are here and not in a
#: library for the same reason: a release that reads one pattern in another way would give the
#: same folder another version.
ALWAYS = (
    *(".git", "__pycache__", "*.pyc", ".venv", "venv", "node_modules", ".DS_Store", ".cog"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    # what safepush itself writes there
    *("safepush-artifacts", "safepush-report.*"),
    # of a server that was started there: its token and its key
    "penstock-data",
)
#: Where it lies, a folder is the data of a server, under whatever name (`penstock up --data`).
SERVER_DATABASE = "penstock.db"


@dataclass(frozen=True)
class Rule:
    """One line of `.dockerignore`; a negated one takes files back in."""

    matches: re.Pattern[str]
    negated: bool


def is_always_ignored(name: str) -> bool:
    """Whether a file or folder of this name is left out wherever it lies."""
    return any(fnmatchcase(name, pattern) for pattern in ALWAYS)


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a `.dockerignore`, in the order in which they decide.

    Raises:
        ValueError: a line is no pattern; the message names the line.
    """
    rules = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        pattern = line.strip()
        if pattern and not line.startswith("#"):
            rules.append(_rule(number, pattern))
    return tuple(rules)


def is_ignored(path: str, rules: Sequence[Rule]) -> bool:
    """Whether the last rule that speaks of `path`, or of a folder above it, leaves it out."""
    parts = path.split("/")
    chain = ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
    for rule in reversed(rules):
        if any(rule.matches.fullmatch(step) for step in chain):
            return not rule.negated
    return False


def _rule(number: int, pattern: str) -> Rule:
    negated = pattern.startswith("!")
    body = pattern[1:].strip() if negated else pattern
    if not body:
        raise ValueError(f"line {number}: '!' needs a pattern after it")
    clean = posixpath.normpath(body).lstrip("/")
    try:
        return Rule(re.compile(_regex(clean), re.DOTALL), negated)
    except re.error as exc:
        raise ValueError(f"line {number}: not a pattern ({exc.msg})") from exc


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
