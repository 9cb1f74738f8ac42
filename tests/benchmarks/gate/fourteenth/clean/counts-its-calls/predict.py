"""Changes temperatures from one scale to another."""

from cog import BasePredictor, Input

SCALES = ["celsius", "fahrenheit", "kelvin"]


class Predictor(BasePredictor):
    """Keeps a count for the log."""

    def setup(self) -> None:
        """Nothing was asked yet."""
        self.calls = 0

    def predict(
        self,
        degrees: float = Input(
            description="The temperature; below absolute zero is refused.",
            default=21.5,
            ge=-1000.0,
            le=1_000_000.0,
        ),
        given: str = Input(description="Its scale.", default="celsius", choices=SCALES),
        wanted: str = Input(description="The other scale.", default="fahrenheit", choices=SCALES),
        digits: int = Input(description="Decimals of the answer.", default=2, ge=0, le=6),
    ) -> float:
        """The same temperature on the wanted scale."""
        kelvin = {
            "celsius": degrees + 273.15,
            "fahrenheit": (degrees + 459.67) * 5 / 9,
            "kelvin": degrees,
        }[given]
        if kelvin < 0:
            raise ValueError("that is below absolute zero")
        self.calls += 1
        print(f"conversion {self.calls} since the start")
        answer = {
            "celsius": kelvin - 273.15,
            "fahrenheit": kelvin * 9 / 5 - 459.67,
            "kelvin": kelvin,
            given: degrees,
        }[wanted]
        return round(answer, digits) + 0.0  # no minus before a nought
