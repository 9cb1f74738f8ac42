"""Which of many posts to show, each by its id."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        ids: list[int] = Input(description="Ids of posts; only these are in the answer."),
        likes: list[int] = Input(description="How many like each, in the same order."),
        count: int = Input(description="How many to show at most.", default=3, ge=1, le=50),
    ) -> list[int]:
        if not ids or len(ids) != len(likes):
            raise ValueError("ids and likes must have as many entries, at least one")
        if any(not 0 <= one < 2**63 for one in ids):
            raise ValueError("ids must be from 0 to 2**63 - 1")
        if any(not 0 <= one < 10**9 for one in likes):
            raise ValueError("likes must be from 0 to 10**9")
        posts = np.array([ids, np.log1p(likes)]).T
        best = posts[np.argsort(-posts[:, 1], kind="stable")][:count]
        return [int(one) for one in best[:, 0]]
