"""Patches JSON documents."""

import json
from typing import Any

from cog import BasePredictor, Input

DEEPEST = 50


def refused(word: str) -> None:
    """Python takes NaN for JSON; here it is not."""
    raise ValueError(word)


def loaded(text: str, name: str) -> Any:
    """JSON within limits."""
    if len(text) > 20_000:
        raise ValueError(f"{name} is longer than 20000 characters")
    try:
        return json.loads(text, parse_constant=refused, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise ValueError(f"{name} is not JSON") from None


def check_depth(value: Any, left: int = DEEPEST) -> None:
    """Refuse lists and objects that are nested too deep."""
    if not isinstance(value, dict | list):
        return
    if not left:
        raise ValueError(f"document and patch may be nested {DEEPEST} deep")
    for inner in value.values() if isinstance(value, dict) else value:
        check_depth(inner, left - 1)


def patched(old: Any, new: Any) -> Any:
    """Objects are merged; anything else is replaced."""
    if not isinstance(new, dict):
        return new
    made = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = patched(made.get(name), value)
    return made


class Predictor(BasePredictor):
    """Merges as JSON Merge Patch has it."""

    def predict(
        self,
        document: str = Input(description="JSON.", default='{"a": "x", "b": {"c": "y"}}'),
        patch: str = Input(
            description="JSON. Its objects are merged into the document, null removes a name, "
            "and lists and all else take the place of what was there. Both may be nested 50 deep.",
            default='{"a": null, "b": {"d": "z"}}',
        ),
    ) -> str:
        """JSON with sorted names, two spaces deep; every number comes as text, as it was written,
        so that none loses digits."""
        old, new = loaded(document, "document"), loaded(patch, "patch")
        check_depth(old)
        check_depth(new)
        return json.dumps(patched(old, new), indent=2, sort_keys=True)
