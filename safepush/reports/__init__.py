"""A report as files for other programs: one file a kind, one line each in `KINDS`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from safepush.errors import ConfigInvalid, Problem
from safepush.report import Report, to_json
from safepush.reports import junit, markdown, sarif

KINDS: Mapping[str, Callable[[Report], str]] = {
    "json": to_json,
    "junit": junit.to_xml,
    "sarif": sarif.to_json,
    "markdown": markdown.to_markdown,
}


def wanted(texts: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """(kind, file) of each `KIND=FILE`.

    Raises:
        ConfigInvalid: one is not of that form, or its file cannot be written: better told
            before the checks than after the version is live.
    """
    found = []
    for text in texts:
        kind, equals, name = text.partition("=")
        if kind not in KINDS or not equals or not name:
            form = f"must be KIND=FILE, with KIND one of {', '.join(KINDS)}"
            raise ConfigInvalid("--report", [Problem(text, form)])
        try:
            _try(Path(name))
        except OSError as error:
            reason = f"cannot be written: {error.strerror}"
            raise ConfigInvalid("--report", [Problem(text, reason)]) from error
        found.append((kind, Path(name)))
    return tuple(found)


def _try(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    path.open("a").close()
    if is_new:
        path.unlink()


def write(report: Report, files: tuple[tuple[str, Path], ...]) -> None:
    """Write each of them; their folders are made."""
    for kind, path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(KINDS[kind](report) + "\n", encoding="utf-8", errors="replace")
