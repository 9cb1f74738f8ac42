"""A pocket calculator: numbers, + - * and brackets."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, sum: str = Input(description="What to reckon.", default="2*(3+4)-(1+1)")
    ) -> str:
        if re.sub(r"\d+|[-+*()\s]", "", sum):
            raise ValueError("sum may hold whole numbers, + - * and brackets only")
        self.rest = re.findall(r"\d{1,300}|[-+*()]", sum)
        value = self.terms()
        if self.rest:
            raise ValueError(f"sum: {self.rest[0]!r} is not expected here")
        return str(value)[:1000]

    def terms(self) -> float:
        value = self.factors()
        while self.rest and self.rest[0] in "+-":
            sign = 1 if self.rest.pop(0) == "+" else -1
            value += sign * self.factors()
        return value

    def factors(self) -> float:
        value = self.atom()
        while self.rest and self.rest[0] == "*":
            self.rest.pop(0)
            value *= self.atom()
        return value

    def atom(self) -> float:
        token = self.rest.pop(0) if self.rest else ""
        if token == "-":
            return -self.atom()
        if token == "(":
            value = self.terms()
            if not self.rest or self.rest.pop(0) != ")":
                raise ValueError("sum: a bracket is not closed")
            return value
        if not token.isdecimal():
            raise ValueError("sum: a number is missing")
        return float(token)
