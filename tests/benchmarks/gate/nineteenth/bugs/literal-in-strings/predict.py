"""Makes strict JSON of what a language model answered."""

import json
import re

from cog import BasePredictor, Input

FENCE = re.compile(r"\A\s*```[a-z]*\n(.*?)\n?```\s*\Z", re.DOTALL)
WORDS = {"True": "true", "False": "false", "None": "null"}
LITERAL = re.compile(r"\b(True|False|None)\b")
SAMPLE = '```json\n{"title": "A walk", "rated": True, "note": None}\n```'


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Predictor(BasePredictor):
    def predict(
        self,
        answer: str = Input(
            description="JSON, perhaps in a fence, perhaps with Python's True, False and None.",
            default=SAMPLE,
            max_length=50000,
        ),
        indent: int = Input(
            description="Spaces to indent by; 0 for one line.", default=0, ge=0, le=8
        ),
    ) -> str:
        """The same values as strict JSON; quoted texts stay as they are."""
        fenced = FENCE.match(answer)
        body = fenced.group(1) if fenced else answer
        body = LITERAL.sub(lambda found: WORDS[found.group()], body)
        try:
            value = json.loads(body, parse_constant=refuse)
            return json.dumps(value, indent=indent or None, allow_nan=False)
        except (ValueError, RecursionError):
            raise ValueError("answer holds no JSON that can be mended") from None
