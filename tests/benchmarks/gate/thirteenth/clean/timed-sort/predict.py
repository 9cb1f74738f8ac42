"""Sorts names as a phone book does, and tells how long it took."""

import time
import unicodedata

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """took_us is measured, so it differs from call to call."""

    names: list[str]
    took_us: int


def key(name: str) -> str:
    """Without accents, capitals, and a leading article."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return plain.casefold().strip().removeprefix("the ").strip()


class Predictor(BasePredictor):
    """Sorts."""

    def predict(
        self,
        names: list[str] = Input(
            description="Names, each of which is in the result as it was given, doubles too.",
            default=["Zebra", "émile", "The Anchor", "emil"],
        ),
        backwards: bool = Input(
            description="Turn the order round, that of equal names too.", default=False
        ),
    ) -> Output:
        """By the alphabet; accents, capitals and a leading The do not count, and names that are
        equal then stay in their order."""
        begun = time.perf_counter()
        made = sorted(names, key=key)
        if backwards:
            made.reverse()
        return Output(names=made, took_us=round((time.perf_counter() - begun) * 1e6))
