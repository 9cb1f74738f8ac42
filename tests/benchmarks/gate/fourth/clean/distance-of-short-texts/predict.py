"""How many letters to change to make one text of another; both are short, for it takes its time."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        one: str = Input(description="A text.", default="kitten", max_length=200),
        other: str = Input(description="Another.", default="sitting", max_length=200),
    ) -> int:
        above = list(range(len(other) + 1))
        for i, a in enumerate(one, 1):
            row = [i]
            for j, b in enumerate(other, 1):
                row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
            above = row
        return above[-1]
