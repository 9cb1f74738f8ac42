"""Gives out tickets."""

import uuid
from datetime import UTC, datetime, timedelta

from cog import BaseModel, BasePredictor, Input


class Ticket(BaseModel):
    """A ticket; numbers never come twice."""

    number: str
    issued: str
    valid_until: str
    price: str


class Predictor(BasePredictor):
    """A counter that is always open."""

    def predict(
        self,
        kind: str = Input(
            description="For whom.", default="adult", choices=["adult", "child", "dog"]
        ),
        days: int = Input(description="How long it is valid.", default=1, ge=1, le=31),
        cents: int = Input(description="Price of a day in cents.", default=480, ge=0, le=100_000),
    ) -> Ticket:
        """A new ticket with the time of now in UTC; no two answers are the same."""
        issued = datetime.now(UTC).replace(microsecond=0)
        total = cents * days
        return Ticket(
            number=f"{kind[0].upper()}-{uuid.uuid4()}",
            issued=issued.isoformat(),
            valid_until=(issued + timedelta(days=days)).isoformat(),
            price=f"{total // 100}.{total % 100:02d}",
        )
