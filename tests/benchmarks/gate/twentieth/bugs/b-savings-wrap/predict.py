"""Works out how a savings plan grows from month to month."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """Balances in cents at the end of every month."""

    balances: list[int]
    final: int


class Predictor(BasePredictor):
    """A plan without interest: a start, monthly deposits, and a gift every December."""

    def predict(
        self,
        start_cents: int = Input(
            description="What is there at first, in cents.", default=50_000, ge=0, le=100_000_000
        ),
        monthly_cents: int = Input(
            description="What goes in every month, in cents.",
            default=10_000,
            ge=0,
            le=100_000_000,
        ),
        gift_cents: int = Input(
            description="What is added in every twelfth month, in cents.",
            default=5_000,
            ge=0,
            le=100_000_000,
        ),
        months: int = Input(description="How many months to plan.", default=24, ge=1, le=600),
    ) -> Output:
        """Add the deposits up."""
        deposits = np.full(months, monthly_cents, dtype=np.int32)
        deposits[0] += start_cents
        deposits[11::12] += gift_cents
        balances = np.cumsum(deposits, dtype=np.int32).tolist()
        return Output(balances=balances, final=balances[-1])
