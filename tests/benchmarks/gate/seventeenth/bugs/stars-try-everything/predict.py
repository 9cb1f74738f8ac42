"""Picks names by a pattern."""

from cog import BasePredictor, Input


def fits(pattern, name):
    """Whether all of a name is what the pattern says."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return fits(pattern[1:], name) or (bool(name) and fits(pattern, name[1:]))
    if not name or pattern[0] not in ("?", name[0]):
        return False
    return fits(pattern[1:], name[1:])


class Predictor(BasePredictor):
    def predict(
        self,
        names: list[str] = Input(
            description="Up to 50 names of up to 100 characters each.",
            default=["tea.txt", "milk.txt", "tea.png"],
        ),
        pattern: str = Input(
            description="`*` stands for any text, also none, and `?` for one character. All else "
            "stands for itself.",
            default="*.txt",
            max_length=40,
        ),
        others: bool = Input(
            description="Whether to give the names that do not fit instead.", default=False
        ),
    ) -> list[str]:
        """The names that fit the pattern (or do not), in their order."""
        if len(names) > 50 or any(len(name) > 100 for name in names):
            raise ValueError("names: up to 50, of up to 100 characters each")
        return [name for name in names if fits(pattern, name) != others]
