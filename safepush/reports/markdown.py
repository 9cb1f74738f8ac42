"""A report for a page that shows Markdown, such as the summary of a job."""

import re
from urllib.parse import quote

from safepush.checks.base import Item, Picture, Result, Verdict
from safepush.errors import SafePushError
from safepush.report import Report, outcome

MARKS = {
    Verdict.PASSED: "✅",
    Verdict.FAILED: "❌",
    Verdict.UNSURE: "❔",
    Verdict.SKIPPED: "⏭️",
}
#: a summary on GitHub may have 1 MiB
MAX_CHARACTERS = 200_000
MAX_REASONS = 50


def to_markdown(report: Report, pictures_at: str | None = None) -> str:
    """A table of the checks, then what those say that did not pass.

    pictures_at: the address where the files of the artifacts folder can be seen, if there is one.
    Otherwise, a map in coloured squares stands for each, since GitHub shows no picture that lies
    in a run's own artifacts.
    """
    parts = [f"## safepush: {_plain(outcome(report))}", _table(report)]
    for result in report.results:
        if result.verdict in (Verdict.FAILED, Verdict.UNSURE):
            parts.append(_told(result, pictures_at))
    if report.notes:
        parts.append(_details("Notes", _fence("\n".join(report.notes))))
    parts.append(f"`{report.model}:{report.version}`, seed {report.seed}")
    text = "\n\n".join(parts)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}\n…\n"


def error_to_markdown(error: SafePushError) -> str:
    """What there is to say where there is no report."""
    return f"## safepush: no verdict ({error.code})\n\n{_fence(str(error))}"


def _table(report: Report) -> str:
    rows = ["| | check | says |", "| --- | --- | --- |"]
    for result in report.results:
        first = result.reasons[0] if result.reasons else ""
        rows.append(f"| {MARKS[result.verdict]} | {result.check} | {_cell(first)} |")
    return "\n".join(rows)


def _told(result: Result, pictures_at: str | None) -> str:
    reasons = list(result.reasons[:MAX_REASONS])
    if len(result.reasons) > MAX_REASONS:
        reasons.append(f"and {len(result.reasons) - MAX_REASONS} more")
    parts = [f"### {result.check}", _fence("\n".join(reasons))]
    parts += [_picture(item, one, pictures_at) for item in result.items for one in item.pictures]
    return "\n\n".join(parts)


def _picture(item: Item, picture: Picture, pictures_at: str | None) -> str:
    title = f"{_plain(item.name)}: `{picture.name}.png` in the artifacts"
    if pictures_at is not None:
        address = f"{pictures_at.rstrip('/')}/{quote(picture.name)}.png"
        return f"{title}\n\n![live, new and difference]({address})"
    return f"{title}\n\n{_fence(picture.squares)}" if picture.squares else title


def _details(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _fence(text: str) -> str:
    """A block in which nothing is Markdown, whatever is in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _cell(text: str) -> str:
    return _plain(" ".join(text.split())[:300])


def _plain(text: str) -> str:
    """Text with the signs of Markdown and HTML taken as they are."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@])", r"\\\1", text)
