"""Fills in the blanks of a prompt."""

import json
import re

from cog import BasePredictor, Input

BLANK = re.compile(r"\{\{ ?([A-Za-z_][A-Za-z0-9_]{0,63}) ?\}\}")


def no_constant(name: str) -> float:
    raise ValueError("not a number")


def as_text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()


class Predictor(BasePredictor):
    def parse(self, variables: str) -> dict[str, str]:
        try:
            values = json.loads(
                variables, parse_int=str, parse_float=str, parse_constant=no_constant
            )
        except (ValueError, RecursionError):
            raise ValueError("variables is not valid JSON") from None
        if not isinstance(values, dict):
            raise ValueError("variables must be a JSON object")
        if any(isinstance(value, dict | list) or value is None for value in values.values()):
            raise ValueError("variables: only strings, numbers, true and false can be filled in")
        return {name: as_text(value) for name, value in values.items()}

    def predict(
        self,
        template: str = Input(
            description="Text with {{blanks}}: up to 64 letters, digits and _ (no digit first) "
            "between double braces, with or without one space. All else is kept as it is.",
            default="Write {{count}} lines about {{topic}}.",
            max_length=5000,
        ),
        variables: str = Input(
            description='JSON object with a value for each blank, such as {"topic": "tea"}. '
            "Values are put in as they are, braces in them mean nothing; those without a blank "
            "are not used.",
            default='{"count": 3, "topic": "tea"}',
            max_length=5000,
        ),
        missing: str = Input(
            description="What becomes of blanks without a value",
            default="error",
            choices=["error", "empty", "keep"],
        ),
        max_length: int = Input(
            description="Cut the result after this many characters", default=4000, ge=1, le=20000
        ),
    ) -> str:
        values = self.parse(variables)
        lacking = {name for name in BLANK.findall(template) if name not in values}
        if lacking and missing == "error":
            raise ValueError(f"template: blanks without a value in variables: {len(lacking)}")

        def fill(found: re.Match[str]) -> str:
            return values.get(found[1], "" if missing == "empty" else found[0])

        filled = BLANK.sub(fill, template).encode("utf-8", "replace").decode()
        return filled[:max_length]
