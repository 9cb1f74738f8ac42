"""An expectation in words, which a judge looks at."""

from dataclasses import dataclass

from safepush.expectations.base import Evidence, Outcome


@dataclass(frozen=True)
class MatchPrompt:
    """The output is as these words say."""

    wish: str

    def look(self, evidence: Evidence) -> Outcome:
        """What the judge says, and unsure where there is none."""
        return evidence.means.judge(self.wish, evidence.inputs, evidence.output)
