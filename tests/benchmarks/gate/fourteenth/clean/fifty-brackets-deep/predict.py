"""Works out sums with brackets."""

import re

from cog import BaseModel, BasePredictor, Input

TOKEN = re.compile(r"[0-9]{1,9}|[-+()]")


class Sum(BaseModel):
    """The result and the depth of the brackets."""

    result: int
    depth: int


class Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[str], deepest: int):
        self.tokens = [*tokens, "end"]
        self.at, self.depth, self.deepest = 0, 0, deepest

    def take(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def total(self, depth: int) -> int:
        self.depth = max(self.depth, depth)
        if depth > self.deepest:
            raise ValueError("more brackets inside each other than deepest")
        value = self.part(depth)
        while self.tokens[self.at] in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value += sign * self.part(depth)
        return value

    def part(self, depth: int) -> int:
        token = self.take()
        if token.isdigit():
            return int(token)
        if token != "(":
            raise ValueError("a number or an opening bracket is missing")
        value = self.total(depth + 1)
        if self.take() != ")":
            raise ValueError("a closing bracket is missing")
        return value


class Predictor(BasePredictor):
    """Plus and minus."""

    def predict(
        self,
        formula: str = Input(
            description="Whole numbers of up to 9 digits, + and - between two of them, brackets up "
            "to 50 deep, spaces anywhere between; anything else is refused.",
            default="12 - (3 + 4) + (5 - (2 - 1))",
            max_length=1000,
        ),
        deepest: int = Input(
            description="Refuse deeper brackets than that.", default=50, ge=0, le=50
        ),
    ) -> Sum:
        """Work the formula out from left to right."""
        if not re.fullmatch(r"(?:[0-9]{1,9}(?![0-9])|[-+() ])*", formula):
            raise ValueError("formula holds something other than numbers, + - ( ) and spaces")
        reader = Reader(TOKEN.findall(formula), deepest)
        result = reader.total(0)
        if reader.take() != "end":
            raise ValueError("something is left over behind the formula")
        return Sum(result=result, depth=reader.depth)
