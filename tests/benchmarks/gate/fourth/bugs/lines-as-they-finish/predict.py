"""Every line's words counted, several lines at once."""

from concurrent.futures import ThreadPoolExecutor, as_completed

from cog import BasePredictor, Input


def counted(line: str) -> str:
    return f"{line[:20]}: {len(line.split())}"


class Predictor(BasePredictor):
    def predict(
        self,
        lines: list[str] = Input(
            description="Lines to count.", default=["a b", "c", "d e f", "g h", "i j k l"]
        ),
    ) -> list[str]:
        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(counted, line) for line in lines]
            return [one.result() for one in as_completed(waiting)]
