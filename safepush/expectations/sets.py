"""Several expectations of which some must hold."""

from dataclasses import dataclass

from safepush.expectations.base import HELD, Evidence, Expectation, Holds, Outcome, enough


@dataclass(frozen=True)
class AtLeast:
    """So many of these hold."""

    count: int
    of: tuple[Expectation, ...]

    def look(self, evidence: Evidence) -> Outcome:
        """What is unsure counts for neither side; all are looked at."""
        found = [one.look(evidence) for one in self.of]
        holds = enough(found, self.count)
        if holds is Holds.YES:
            return HELD
        yes = sum(one.holds is Holds.YES for one in found)
        told = "; ".join(one.reason for one in found if one.holds is not Holds.YES)
        reason = f"{yes} of {len(found)} hold, and at_least asks for {self.count} ({told})"
        return Outcome(holds, reason)
