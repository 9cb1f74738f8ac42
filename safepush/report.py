"""What a push came to, as text for people and as JSON for programs."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from safepush.checks.base import Item, Result, Verdict
from safepush.errors import COULD_NOT_JUDGE, FAILED, HELD, MISUSE, SafePushError
from safepush.findings import NO_EXAMPLE, Finding, Judgement
from safepush.options import ALWAYS
from safepush.promote import Step

#: characters of JSON; a text of a million letters shows nothing that its length does not
MAX_EXAMPLE = 4_000
STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.UNSURE: "bold yellow",
    Verdict.SKIPPED: "yellow",
}
EXITS = {"held": HELD, "failed": FAILED, "unsure": COULD_NOT_JUDGE, "nothing": MISUSE}
#: after these nobody knows what is live
UNTOLD = ("push_failed", "not_listed", "service_unreachable", "bad_answer")
ENDINGS = {
    "failed": "did not hold; live was not touched",
    "unsure": "waits for a person; live was not touched",
    "nothing": "was not judged by any check; live was not touched",
}
#: what a line begins with that GitHub Actions takes for a command, whoever wrote the text
_COMMAND = re.compile(r"(?m)^(\s*)(::|##\\?\[)")


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdicts on one digest, and whether it went live.

    refused: why live was not moved though every check held. predictions, tokens: what was used.
    folder, source: the model's folder, and the configuration that was read.
    way_out: how a person says yes to what is unsure.
    """

    model: str
    version: str
    live_before: str | None
    results: Sequence[Result]
    promoted: bool = False
    #: the version that went live; the one that was tested, unless the server builds it again
    live: str | None = None
    refused: SafePushError | None = None
    notes: Sequence[str] = ()
    predictions: int = 0
    tokens: int = 0
    seed: int = 1
    folder: Path = field(default_factory=Path)
    source: Path | None = None
    way_out: str = ""

    @property
    def verdict(self) -> str:
        """`held`, `failed`, `unsure` (a person must decide), or `nothing` was checked."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAILED in verdicts:
            return "failed"
        if Verdict.UNSURE in verdicts:
            return "unsure"
        # that a version can be loaded says nothing about what it does
        judged = {result.verdict for result in self.results if result.check != ALWAYS}
        return "held" if Verdict.PASSED in judged else "nothing"

    @property
    def exit_code(self) -> int:
        """The verdict as an exit status; where there was nothing to check, that is no yes."""
        return self.refused.exit_code if self.refused else EXITS[self.verdict]

    @property
    def held(self) -> bool:
        """Whether the version may be promoted."""
        return self.verdict == "held"


def to_json(report: Report) -> str:
    """The report as one JSON object; `safepush schema report` prints its schema."""
    told: dict[str, Any] = {
        "model": report.model,
        "version": report.version,
        "live_before": report.live_before,
        "verdict": report.verdict,
        "held": report.held,
        "promoted": report.promoted,
        "live": report.live,
        "exit_code": report.exit_code,
        "seed": report.seed,
        "used": {"predictions": report.predictions, "tokens": report.tokens},
        "notes": list(report.notes),
        "checks": [_check(one) for one in report.results],
    }
    if report.refused is not None:
        told["error"] = {"code": report.refused.code, "message": str(report.refused)}
    return dump(told)


def _check(result: Result) -> dict[str, Any]:
    judgement = {} if result.judgement is None else judgement_facts(result.judgement)
    items = {"items": [_item(one) for one in result.items]} if result.items else {}
    return {
        "name": result.check,
        "verdict": result.verdict,
        "reasons": list(result.reasons),
        **items,
        **judgement,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "verdict": item.verdict,
        "reasons": list(item.reasons),
        "line": item.line,
        "took_s": round(item.took_s, 3),
        "pictures": [f"{one.name}.png" for one in item.pictures],
    }


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
    return dump(told)


def error_to_json(error: SafePushError) -> str:
    """An error in the place of the report."""
    problem = {"code": error.code, "message": str(error)}
    return dump({"error": problem, "exit_code": error.exit_code})


def step_to_json(step: Step, told: str = "") -> str:
    """One step back as JSON; `told`: what became of a deployment."""
    more = {"deployment": told} if told else {}
    return dump({"model": step.model, "live": step.live, "live_before": step.live_before, **more})


def step_to_text(step: Step) -> str:
    """One step back in words."""
    return f"{step.model}: live is {step.live} (was {step.live_before})"


def print_text(report: Report, console: Console) -> None:
    """The report for people: one line a check, its reasons below, the outcome last."""
    for result in report.results:
        print_result(result, console)
    for note in report.notes:
        _line(console, f"[dim]note: {escape(note)}[/]")
    style = {"held": "green", "failed": "bold red"}.get(report.verdict, "yellow")
    _line(console, f"[{style}]{escape(outcome(report))}[/]")


def print_result(result: Result, console: Console) -> None:
    """One check for people."""
    style = STYLES[result.verdict]
    first, *more = map(escape, result.reasons)
    _line(console, f"[{style}]{result.verdict:<8}[/] {result.check:<13} {first}")
    for reason in more:
        _line(console, f"{'':<23}{reason}")


def outcome(report: Report) -> str:
    """How it ended, in one sentence."""
    name = f"{report.model}:{report.version[:12]}"
    if report.verdict != "held":
        return f"{name} {ENDINGS[report.verdict]}{report.way_out and f'; {report.way_out}'}"
    if report.refused is not None and report.promoted:
        return f"{name} held and its files are live, but not all is well ({report.refused.code})"
    if report.refused is not None and report.refused.code in UNTOLD:
        return f"{name} held, but its promotion did not end well ({report.refused.code})"
    if report.refused is not None:
        return f"{name} held, but was not promoted ({report.refused.code}); live was not touched"
    if not report.promoted:
        return f"{name} held; not promoted, as asked"
    if report.version == report.live_before:
        return f"{name} held; it was live already"
    if report.live is not None and report.live != report.version:
        return f"{name} held, and its files are live as {report.live[:12]}"
    return f"{name} held and is live (before: {_short(report.live_before)})"


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "nothing"


def _line(console: Console, text: str) -> None:
    console.print(_COMMAND.sub(r"\1.\2", text), highlight=False, soft_wrap=True)


def dump(value: dict[str, Any]) -> str:
    """JSON that people can read too."""
    return json.dumps(value, indent=2, ensure_ascii=False)
