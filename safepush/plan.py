"""What a run would do, without a server: the checks, the predictions, the questions to a judge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.checks import planned
from safepush.config import Config
from safepush.expectations import Expectation, Not
from safepush.expectations.judged import MatchPrompt
from safepush.expectations.sets import AtLeast
from safepush.options import Options
from safepush.testcase import Case


@dataclass(frozen=True, kw_only=True)
class Plan:
    """(check, whether it runs, predictions at most); questions: each put `votes` times."""

    model: str
    checks: tuple[tuple[str, bool, int], ...]
    questions: int
    votes: int
    seconds_at_most: float

    @property
    def predictions(self) -> int:
        """All checks together, at most."""
        return sum(count for _, wanted, count in self.checks if wanted)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model,
            "checks": [
                {"name": name, "runs": wanted, "predictions": count if wanted else 0}
                for name, wanted, count in self.checks
            ],
            "predictions": self.predictions,
            "questions": self.questions,
            "requests_to_judge": self.questions * self.votes,
            "seconds_at_most": self.seconds_at_most,
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        for name, wanted, count in self.checks:
            told = f"{count} predictions at most" if count else "no predictions"
            yield f"{name:<13} {told if wanted else 'left out'}"
        yield f"{self.predictions} predictions at most, {self.seconds_at_most:g} s if all time out"
        if self.questions:
            asked = self.questions * self.votes
            yield f"{self.questions} questions to the judge, {asked} requests to the language model"


def plan(config: Config, options: Options, checks: tuple[str, ...]) -> Plan:
    """The plan of a run on a version that differs from the live one."""
    told = tuple((name, options.wants(name), planned(name, config)) for name in checks)
    total = sum(count for _, wanted, count in told if wanted)
    if options.budget.predictions is not None:
        total = min(total, options.budget.predictions)
    asks = options.wants("cases")
    return Plan(
        model=config.model,
        checks=told,
        questions=sum(map(_questions, config.predict.test_cases)) if asks else 0,
        votes=config.judge.votes,
        seconds_at_most=total * config.predict.predict_timeout_s / config.parallel,
    )


def _questions(case: Case) -> int:
    return case.runs * sum(map(_prompts, case.expectations))


def _prompts(one: Expectation) -> int:
    if isinstance(one, Not):
        return _prompts(one.inner)
    if isinstance(one, AtLeast):
        return sum(map(_prompts, one.of))
    return isinstance(one, MatchPrompt)
