"""Plans the steps of a sampler."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        scheduler: str = Input(
            description="The sampler.", default="euler", choices=["euler", "ddim", "dpm", "lms"]
        ),
        spacing: str = Input(
            description="Of the steps.",
            default="leading",
            choices=["leading", "trailing", "linspace", "karras"],
        ),
        count: int = Input(description="How many steps.", default=10, ge=1, le=50),
    ) -> list[int]:
        if spacing == "linspace":
            steps = [round(999 * at / max(count - 1, 1)) for at in range(count)]
        elif spacing in ("leading", "trailing"):
            shift = 0 if spacing == "leading" else 1000 // count - 1
            steps = [at * (1000 // count) + shift for at in range(count)]
        elif scheduler != "ddim":
            steps = [round(999 * (at / count) ** 2) for at in range(count)]
        return steps[::-1]
