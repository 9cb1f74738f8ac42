"""The first address of a web page in a text, if there is one."""

import re
from typing import Optional

from cog import BaseModel, BasePredictor, Input


class Found(BaseModel):
    address: Optional[str]
    host: Optional[str]


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="A text; both outputs are null where it has no address.",
            default="See https://example.com/news for more.",
            max_length=10000,
        ),
        secure_only: bool = Input(description="Only https.", default=False),
    ) -> Found:
        kind = "https" if secure_only else "https?"
        found = re.search(rf"{kind}://([\w.-]+)[^\s]*", text)
        if found is None:
            return Found(address=None, host=None)
        return Found(address=found.group(), host=found.group(1))
