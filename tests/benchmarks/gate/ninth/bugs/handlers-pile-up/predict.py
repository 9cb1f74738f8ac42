"""Guesses the language of a text."""

import logging
import re
import sys

from cog import BasePredictor, Input

COMMON = {
    "english": {"the", "and", "of", "is", "to", "in"},
    "german": {"der", "die", "und", "ist", "das", "nicht"},
    "spanish": {"el", "los", "y", "es", "de", "que"},
    "french": {"le", "les", "et", "est", "une", "que"},
}
log = logging.getLogger("language")
log.propagate = False


class Predictor(BasePredictor):
    """Counts the commonest words."""

    def predict(
        self,
        text: str = Input(
            description="Text to judge.", default="The ship is in the harbour.", max_length=10_000
        ),
        verbose: bool = Input(description="Print the counts of this call.", default=False),
    ) -> str:
        """The language, or "unknown" if no common word is in it or two come out even."""
        if verbose:
            handler = logging.StreamHandler(sys.stdout)
            handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
            log.addHandler(handler)
            log.setLevel(logging.INFO)
        words = re.findall(r"[^\W\d_]+", text.lower())
        counts = {name: sum(word in common for word in words) for name, common in COMMON.items()}
        for name, count in counts.items():
            log.info("%s %d", name, count)
        best = max(counts.values())
        leaders = [name for name, count in counts.items() if count == best]
        return leaders[0] if best and len(leaders) == 1 else "unknown"
