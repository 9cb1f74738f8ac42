"""Reads settings of the form name=value."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """A reader of settings."""

    def setup(self) -> None:
        """Make the buffer that is used for every call."""
        self.pairs: list[tuple[str, str]] = []

    def read(self, line: str, number: int) -> None:
        """Take one line."""
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"line {number} is not of the form name=value")
        self.pairs.append((name.strip(), value.strip()))

    def predict(
        self,
        lines: list[str] = Input(
            description="Lines of the form name=value; of a name given twice the last counts.",
            default=["colour=red", "size=3"],
        ),
        upper: bool = Input(description="Give names in capitals.", default=False),
    ) -> dict[str, str]:
        """The settings by name."""
        for number, line in enumerate(lines, start=1):
            self.read(line, number)
        found = {name.upper() if upper else name: value for name, value in self.pairs}
        self.pairs.clear()
        return found
