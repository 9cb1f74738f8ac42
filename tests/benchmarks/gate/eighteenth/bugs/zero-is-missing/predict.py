"""Take one value out of a JSON document."""

import json
import re
from typing import Any

from cog import BasePredictor, Input

INDEX = re.compile(r"\d{1,6}", re.ASCII)


def step(node: Any, key: str) -> Any:
    """Go one step down; None where there is nothing."""
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list) and INDEX.fullmatch(key) and int(key) < len(node):
        return node[int(key)]
    return None


class Predictor(BasePredictor):
    def predict(
        self,
        document: str = Input(
            description="The JSON document.",
            default='{"shop": {"name": "Corner", "shelves": [{"goods": "tea", "count": 12}]}}',
            max_length=20000,
        ),
        path: str = Input(
            description="Keys and positions from the top, apart by dots.",
            default="shop.shelves.0.count",
            max_length=200,
        ),
        fallback: str = Input(
            description="What is returned if the document has nothing at the path.",
            default="none",
            max_length=200,
        ),
    ) -> str:
        """Return the value at the path as JSON."""
        try:
            node = json.loads(document)
        except (ValueError, RecursionError) as error:
            raise ValueError("the document is not valid JSON") from error
        for key in path.split("."):
            node = step(node, key)
        if not node:
            return fallback
        try:
            return json.dumps(node, allow_nan=False)
        except (ValueError, RecursionError) as error:
            raise ValueError("the value has a number or a depth that JSON cannot carry") from error
