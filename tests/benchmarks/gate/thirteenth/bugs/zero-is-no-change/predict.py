"""Applies changes to settings."""

import json
from typing import Any

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The settings as JSON text, sorted by name, and the names whose value is new."""

    settings: str
    changed: list[str]


def loaded(text: str, what: str) -> dict[str, Any]:
    """A flat JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{what} is not JSON") from None
    if not isinstance(found, dict) or any(isinstance(v, dict | list) for v in found.values()):
        raise ValueError(f"{what} must be a JSON object of plain values")
    if any(isinstance(v, float) and not abs(v) < 1e300 for v in found.values()):
        raise ValueError(f"{what} holds a number that is too large")
    return found


class Predictor(BasePredictor):
    """Merges two JSON objects."""

    def predict(
        self,
        settings: str = Input(
            description="A JSON object of text, numbers, true, false and null.",
            default='{"volume": 5, "muted": false}',
        ),
        changes: str = Input(
            description="Another one. Each of its values takes the place of the old one; null "
            "stands for no change.",
            default='{"volume": 7}',
        ),
        add: bool = Input(description="Take names that settings does not have.", default=True),
    ) -> Output:
        """The settings after the changes."""
        old, new = loaded(settings, "settings"), loaded(changes, "changes")
        new = {name: value for name, value in new.items() if value is not None}
        names = sorted(old.keys() | new.keys()) if add else sorted(old)
        made = {name: new.get(name) or old.get(name) for name in names}
        before = {name: repr(value) for name, value in old.items()}
        changed = [name for name in names if repr(made[name]) != before.get(name)]
        return Output(settings=json.dumps(made), changed=changed)
