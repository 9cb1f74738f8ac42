"""Words said slowly: it waits as long between them as it is told to."""

import time

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Words to say.", default="slow and steady", max_length=60),
        pause: float = Input(
            description="Seconds to wait after each word.", default=0.01, ge=0, le=0.5
        ),
    ) -> ConcatenateIterator[str]:
        for word in text.split()[:8]:
            yield word + " "
            time.sleep(pause)
