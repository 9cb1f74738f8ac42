"""Converts between units of weight, length and time."""

from dataclasses import dataclass

from cog import BaseModel, BasePredictor, Input


@dataclass(frozen=True)
class Unit:
    """How many base units it is, and of what."""

    kind: str
    factor: float
    name: str


UNITS = {
    "ug": Unit("weight", 1e-6, "microgram"),
    "mg": Unit("weight", 1e-3, "milligram"),
    "g": Unit("weight", 1.0, "gram"),
    "kg": Unit("weight", 1e3, "kilogram"),
    "mm": Unit("length", 1e-3, "millimetre"),
    "cm": Unit("length", 1e-2, "centimetre"),
    "m": Unit("length", 1.0, "metre"),
    "km": Unit("length", 1e3, "kilometre"),
    "s": Unit("time", 1.0, "second"),
    "min": Unit("time", 60.0, "minute"),
    "h": Unit("time", 3600.0, "hour"),
}


class Converted(BaseModel):
    """The result, as a number and as a text."""

    value: float
    text: str


def to_base(value: float, unit: Unit) -> float:
    """In grams, metres or seconds, without the dust of floating point."""
    return round(value * unit.factor, 6)


def significant(value: float, digits: int) -> float:
    """Rounded to so many significant digits."""
    return float(f"{value:.{digits - 1}e}")


class Predictor(BasePredictor):
    """One value at a time."""

    def predict(
        self,
        value: float = Input(description="What to convert.", default=2.5, ge=0, le=1e9),
        source: str = Input(description="Its unit.", default="kg", choices=list(UNITS)),
        target: str = Input(
            description="The unit that is wanted; another kind of unit is refused.",
            default="g",
            choices=list(UNITS),
        ),
        digits: int = Input(
            description="Significant digits of the result, all of them right.",
            default=6,
            ge=1,
            le=10,
        ),
        names: bool = Input(description="Write the unit out.", default=False),
    ) -> Converted:
        """Convert it."""
        have, want = UNITS[source], UNITS[target]
        if have.kind != want.kind:
            raise ValueError(f"target: a {have.kind} is no {want.kind}")
        result = significant(to_base(value, have) / want.factor, digits)
        unit = f"{want.name}{'' if result == 1 else 's'}" if names else target
        return Converted(value=result, text=f"{result:.{digits}g} {unit}")
