"""Align two sequences of letters by position."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """A map between two words."""

    def predict(
        self,
        left: str = Input(description="First word", default="planet", max_length=300),
        right: str = Input(description="Second word", default="plants", max_length=300),
        fold: bool = Input(description="Take capitals and small letters as equal", default=False),
    ) -> list[int]:
        """For each letter of left, its place in right, or -1 if it has no partner.

        Partners form a longest common subsequence; an empty left gives an empty list.
        """
        a = [letter.casefold() for letter in left] if fold else list(left)
        b = [letter.casefold() for letter in right] if fold else list(right)
        best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i in range(len(a) - 1, -1, -1):
            for j in range(len(b) - 1, -1, -1):
                if a[i] == b[j]:
                    best[i][j] = best[i + 1][j + 1] + 1
                else:
                    best[i][j] = max(best[i + 1][j], best[i][j + 1])
        partners = [-1] * len(a)
        i = j = 0
        while i < len(a) and j < len(b):
            if a[i] == b[j]:
                partners[i] = j
                i, j = i + 1, j + 1
            elif best[i + 1][j] >= best[i][j + 1]:
                i += 1
            else:
                j += 1
        return partners
