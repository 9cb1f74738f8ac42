"""A barcode's check digit."""

from cog import BasePredictor, Input


class InvalidInput(Exception):
    """What the caller has to mend."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")


class Predictor(BasePredictor):
    def predict(
        self, digits: str = Input(description="Twelve digits.", default="400638133393")
    ) -> str:
        if len(digits) != 12:
            raise InvalidInput("E1001", "digits must be twelve characters long")
        if not (digits.isascii() and digits.isdigit()):
            raise InvalidInput("E1002", "digits must be 0 to 9 only")
        total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(digits))
        return digits + str(-total % 10)
