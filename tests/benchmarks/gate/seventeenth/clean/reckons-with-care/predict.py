"""A small calculator."""

import ast
import operator
import re
import warnings
from fractions import Fraction

from cog import BasePredictor, Input

DEEDS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def reckon(text, node):
    """The exact value of a piece of the sum."""
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(text, node))
    deed = DEEDS.get(type(getattr(node, "op", None)))
    if deed is None:
        raise ValueError("sum: only numbers, + - * / and brackets")
    if isinstance(node, ast.UnaryOp):
        return deed(reckon(text, node.operand))
    return deed(reckon(text, node.left), reckon(text, node.right))


class Predictor(BasePredictor):
    def predict(
        self,
        sum: str = Input(
            description="Up to 80 characters of decimal numbers, + - * / and round brackets. "
            "Numbers have no leading zeros; powers and all else are refused, as is to divide by 0.",
            default="2 * (3 + 4) / 7",
            max_length=80,
        ),
    ) -> float:
        """What it comes to, to ten significant digits."""
        if not re.fullmatch(r"[0-9.+*/() -]*[0-9][0-9.+*/() -]*", sum):
            raise ValueError("sum: only numbers, + - * / and brackets")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(sum.strip(" "), mode="eval")
            value = float(reckon(sum.strip(" "), tree.body))
        except ZeroDivisionError as error:
            raise ValueError("sum: divides by 0") from error
        except (SyntaxError, MemoryError, RecursionError) as error:
            raise ValueError("sum: cannot be read") from error
        return float(f"{value:.10g}") + 0.0
