"""Outputs as people read them: pieces of one text are one text."""

from collections.abc import Mapping
from typing import Any


def readable(output: Any, document: Mapping[str, Any]) -> Any:
    """The output, joined where the model's schema says that its items are pieces of one text."""
    schemas = document.get("components", {}).get("schemas", {})
    is_text = schemas.get("Output", {}).get("x-cog-array-display") == "concatenate"
    if is_text and isinstance(output, list) and all(isinstance(item, str) for item in output):
        return "".join(output)
    return output
