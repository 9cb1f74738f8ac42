"""Flattens a JSON document into dotted names."""

import json

from cog import BasePredictor, Input

MAX_DEPTH = 40


def flatten(found, value, prefix, depth):
    if depth > MAX_DEPTH:
        raise ValueError("The document is nested too deeply.")
    for key, inner in value.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(inner, dict) and inner:
            flatten(found, inner, name, depth + 1)
        else:
            found.append(f"{name}={json.dumps(inner)}")


class Predictor(BasePredictor):
    def predict(
        self,
        document: str = Input(
            description="A document in JSON. Other texts, and halves of surrogates, are refused.",
            default='{"name": "lamp", "size": {"height": 30, "width": 12}}',
            max_length=20000,
        ),
        ordered: bool = Input(description="Sort the lines.", default=False),
    ) -> list[str]:
        """Return one line per value, its name in front."""
        try:
            value = json.loads(document)
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("The document is not JSON that can be read.") from None
        found: list[str] = []
        flatten(found, value, "", 1)
        return sorted(found) if ordered else found
