"""Finds brackets that do not close."""

from cog import BaseModel, BasePredictor, Input

PAIRS = {")": "(", "]": "[", "}": "{"}


class Output(BaseModel):
    """Where it goes wrong: line and column count from 1, 0 is nowhere.

    That is the first closing bracket that does not close the last open one; where there is none,
    the first bracket that stays open.
    """

    balanced: bool
    line: int
    column: int


class Predictor(BasePredictor):
    """Checks round, square and curly brackets."""

    def predict(
        self,
        text: str = Input(
            description="The text; lines end with a line feed, and a tab is one column.",
            default="f(a[1], {b})",
        ),
        round_only: bool = Input(description="Look at round brackets alone.", default=False),
    ) -> Output:
        """Brackets in quotes or comments count like all others."""
        openers = "(" if round_only else "([{"
        closers = ")" if round_only else ")]}"
        waiting: list[int] = []
        wrong = -1
        for at, letter in enumerate(text):
            if letter in openers:
                waiting.append(at)
            elif letter in closers:
                if not waiting or text[waiting[-1]] != PAIRS[letter]:
                    wrong = at
                    break
                waiting.pop()
        if waiting and wrong < 0:
            wrong = waiting[0]
        if wrong < 0:
            return Output(balanced=True, line=0, column=0)
        line = text.count("\n", 0, wrong) + 1
        return Output(balanced=False, line=line, column=wrong - text.rfind("\n", 0, wrong))
