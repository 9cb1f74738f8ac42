"""What a push came to, as text for people and as JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from safepush.checks.base import Result, Verdict
from safepush.errors import FAILED, HELD, MISUSE, SafePushError
from safepush.findings import NO_EXAMPLE, Finding, Judgement
from safepush.promote import Step

#: characters of JSON; a text of a million letters shows nothing that its length does not
MAX_EXAMPLE = 4_000
STYLES = {Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.SKIPPED: "yellow"}


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdicts on one digest, and whether it went live."""

    model: str
    version: str
    live_before: str | None
    results: Sequence[Result]
    promoted: bool = False

    @property
    def exit_code(self) -> int:
        """The verdict as an exit status; where there was nothing to check, that is no yes."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAILED in verdicts:
            return FAILED
        return HELD if Verdict.PASSED in verdicts else MISUSE

    @property
    def held(self) -> bool:
        """Whether the version may be promoted."""
        return self.exit_code == HELD


def to_json(report: Report) -> str:
    """The report as one JSON object."""
    return _dump(
        {
            "model": report.model,
            "version": report.version,
            "live_before": report.live_before,
            "held": report.held,
            "promoted": report.promoted,
            "exit_code": report.exit_code,
            "checks": [
                {
                    "name": each.check,
                    "verdict": each.verdict,
                    "reasons": each.reasons,
                    **({} if each.judgement is None else judgement_facts(each.judgement)),
                }
                for each in report.results
            ],
        }
    )


def judgement_facts(judgement: Judgement) -> dict[str, Any]:
    """What was found in a schema, for programs."""
    return {
        "findings": [_finding(one) for one in judgement.findings],
        "accepted": [_finding(one) for one in judgement.accepted],
        "unused": judgement.unused,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = {
        "finding": finding.key,
        "rule": finding.rule.id,
        "level": finding.level,
        "place": finding.place,
        "change": finding.change,
        "why": finding.rule.why,
    }
    is_large = len(json.dumps(finding.example, default=str)) > MAX_EXAMPLE
    return (
        told if finding.example is NO_EXAMPLE or is_large else {**told, "example": finding.example}
    )


def judgement_to_json(judgement: Judgement) -> str:
    """The outcome of comparing two files."""
    code = HELD if judgement.held else FAILED
    told = {"held": judgement.held, **judgement_facts(judgement), "exit_code": code}
    return _dump(told)


def error_to_json(error: SafePushError) -> str:
    """An error in the place of the report."""
    problem = {"code": error.code, "message": str(error)}
    return _dump({"error": problem, "exit_code": error.exit_code})


def step_to_json(step: Step) -> str:
    """One step back as JSON."""
    return _dump({"model": step.model, "live": step.live, "live_before": step.live_before})


def step_to_text(step: Step) -> str:
    """One step back in words."""
    return f"{step.model}: live is {step.live} (was {step.live_before})"


def print_text(report: Report, console: Console) -> None:
    """The report for people: one line a check, its reasons below, the outcome last."""
    for result in report.results:
        print_result(result, console)
    _line(console, _outcome(report))


def print_result(result: Result, console: Console) -> None:
    """One check for people."""
    style = STYLES[result.verdict]
    first, *more = map(escape, result.reasons)
    _line(console, f"[{style}]{result.verdict:<8}[/] {result.check:<13} {first}")
    for reason in more:
        _line(console, f"{'':<23}{reason}")


def _outcome(report: Report) -> str:
    name = escape(f"{report.model}:{report.version[:12]}")
    if report.exit_code == FAILED:
        return f"[bold red]{name} did not hold[/]; live was not touched"
    if not report.held:
        return f"[yellow]{name} was not judged by any check[/]; live was not touched"
    if not report.promoted:
        return f"[green]{name} held[/]; not promoted, as asked"
    if report.version == report.live_before:
        return f"[green]{name} held[/]; it was live already"
    return f"[green]{name} held and is live[/] (before: {_short(report.live_before)})"


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "nothing"


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
