"""What GitHub Actions is told: annotations, the job's summary, and outputs for later steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safepush.checks.base import Result, Verdict
from safepush.errors import ConfigInvalid, SafePushError
from safepush.findings import Level
from safepush.report import Report
from safepush.reports.markdown import error_to_markdown, to_markdown
from safepush.reports.places import Spot, from_top, of_configuration, of_finding

#: GitHub shows ten of each level for a step
MAX_ANNOTATIONS = 10
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


@dataclass(frozen=True)
class Annotation:
    """One message at a place of the repository; `level` is error, warning or notice."""

    level: str
    title: str
    message: str
    spot: Spot

    @property
    def command(self) -> str:
        """The line that makes it."""
        facts = {"file": self.spot.path, "line": str(self.spot.line), "title": self.title}
        told = ",".join(f"{name}={_property(fact)}" for name, fact in facts.items())
        return f"::{self.level} {told}::{_data(self.message)}"


def is_here(environ: Mapping[str, str]) -> bool:
    """Whether we run in a job of GitHub Actions."""
    return environ.get("GITHUB_ACTIONS") == "true"


def tell(report: Report, environ: Mapping[str, str]) -> list[str]:
    """The lines to print; summary and outputs are written where the environment says."""
    _append(environ.get("GITHUB_STEP_SUMMARY"), to_markdown(report, _pictures_at(environ)))
    outputs = {
        "verdict": report.verdict,
        "version": report.version,
        "promoted": "true" if report.promoted else "false",
    }
    _append(
        environ.get("GITHUB_OUTPUT"), "\n".join(f"{name}={text}" for name, text in outputs.items())
    )
    return [one.command for one in annotations(report)]


def tell_error(error: SafePushError, environ: Mapping[str, str]) -> list[str]:
    """The lines to print where there is no report; the summary is written too."""
    _append(environ.get("GITHUB_STEP_SUMMARY"), error_to_markdown(error))
    if not isinstance(error, ConfigInvalid):
        return [f"::error title=safepush::{_data(str(error))}"]
    path = Path(error.source)
    told = []
    for problem in error.problems[:MAX_ANNOTATIONS]:
        message = ": ".join(part for part in (problem.place, problem.message) if part)
        if not path.is_file():
            told.append(f"::error title=safepush::{_data(f'{error.source}: {message}')}")
            continue
        spot = Spot(from_top(path), problem.line or 1)
        told.append(Annotation("error", "safepush configuration", message, spot).command)
    return told


def annotations(report: Report) -> list[Annotation]:
    """As many as are shown, the worst first."""
    found = [one for result in report.results for one in _of_check(report, result)]
    order = ("error", "warning", "notice")
    counts = dict.fromkeys(order, 0)
    kept = []
    for one in sorted(found, key=lambda one: order.index(one.level)):
        counts[one.level] += 1
        if counts[one.level] <= MAX_ANNOTATIONS:
            kept.append(one)
    return kept


def _of_check(report: Report, result: Result) -> Iterator[Annotation]:
    if result.judgement is not None:
        for finding in result.judgement.findings:
            message = finding.told
            spot = of_finding(report, finding)
            yield Annotation(LEVELS[finding.level], finding.rule.id, message, spot)
        return
    told = {Verdict.FAILED: "error", Verdict.UNSURE: "warning"}
    title = f"safepush {result.check}"
    if not result.items and result.verdict in told:
        spot = of_configuration(report, None)
        yield Annotation(told[result.verdict], title, "\n".join(result.reasons), spot)
    for item in result.items:
        if item.verdict in told:
            message = "\n".join((item.name, *item.reasons))
            spot = of_configuration(report, item.line)
            yield Annotation(told[item.verdict], title, message, spot)


def _pictures_at(environ: Mapping[str, str]) -> str | None:
    return environ.get("SAFEPUSH_PICTURES_URL") or None


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{text}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
