"""Writes receipts."""

import uuid
from datetime import UTC, datetime

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """id and made_at are new with every call; the rest follows from the input."""

    id: str
    made_at: str
    lines: list[str]
    total_cents: int


class Predictor(BasePredictor):
    """Adds up what was bought."""

    def predict(
        self,
        names: list[str] = Input(
            description="What was bought, 50 at most.", default=["tea", "bread"]
        ),
        cents: list[int] = Input(
            description="The price of each, 0 to 1000000.", default=[250, 380]
        ),
        currency: str = Input(
            description="Shown after each price.", default="EUR", choices=["EUR", "USD", "GBP"]
        ),
    ) -> Output:
        """A receipt with a line for each thing."""
        if len(names) != len(cents) or len(names) > 50:
            raise ValueError("give as many prices as names, 50 at most")
        if not all(0 <= price <= 1_000_000 for price in cents):
            raise ValueError("each price must be from 0 to 1000000")
        pairs = zip(names, cents, strict=True)
        return Output(
            id=str(uuid.uuid4()),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            lines=[f"{name} {price // 100}.{price % 100:02d} {currency}" for name, price in pairs],
            total_cents=sum(cents),
        )
