"""The name of the file that a mix of two models is kept in."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        first: str = Input(description="A model.", default="fjord", choices=["fjord", "delta"]),
        second: str = Input(description="Another.", default="dune", choices=["dune", "mesa"]),
        ratio: float = Input(description="Part of the second one.", default=0.25, ge=0, le=1),
    ) -> str:
        whole, part = str(ratio).split(".")[0], str(ratio).split(".")[1]
        return f"{first}-{second}-{whole}p{part[:4]}.safetensors"
