"""The number below a bar code, with the digit that checks it."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        article: int = Input(
            description="The number of the article.", default=12345, ge=0, le=99999
        ),
        maker: int = Input(
            description="The number of the maker. A bar code has 13 digits in all.",
            default=4012345,
            ge=0,
            le=9999999,
        ),
    ) -> str:
        digits = f"{maker:07}{article:05}"
        total = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(digits))
        return f"{digits}{10 - total % 10}"
