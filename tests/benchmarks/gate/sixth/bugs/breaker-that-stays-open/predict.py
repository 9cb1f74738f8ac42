"""A formula worked out, with a rest for the engine when it fails again and again."""

import ast
import operator

from cog import BasePredictor, Input

KNOWN = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def worked_out(part: ast.AST, x: float) -> float:
    """What a part of a formula is for an x."""
    if isinstance(part, ast.Expression):
        return worked_out(part.body, x)
    if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
        return float(part.value)
    if isinstance(part, ast.Name) and part.id == "x":
        return x
    if isinstance(part, ast.BinOp) and type(part.op) in KNOWN:
        left, right = worked_out(part.left, x), worked_out(part.right, x)
        return float(KNOWN[type(part.op)](left, right))
    raise ValueError("formula must be made of x, numbers, +, - and *")


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.failures = 0

    def predict(
        self,
        formula: str = Input(description="Of x, numbers, +, - and *.", default="2 * x + 1"),
        x: float = Input(description="What x is.", default=3, ge=-1000, le=1000),
    ) -> float:
        if self.failures >= 4:
            raise RuntimeError("the engine is unavailable")
        try:
            if len(formula) > 200:
                raise ValueError("formula must have at most 200 characters")
            value = worked_out(ast.parse(formula.strip(), mode="eval"), x)
            if not abs(value) <= 1e12:
                raise ValueError("formula must stay between -1e12 and 1e12")
        except (ValueError, SyntaxError) as exc:
            self.failures += 1
            told = str(exc) if isinstance(exc, ValueError) else "formula cannot be read"
            raise ValueError(told) from None
        self.failures = 0
        return round(value, 6)
