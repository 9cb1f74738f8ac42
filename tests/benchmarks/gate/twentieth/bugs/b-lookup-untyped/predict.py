"""Looks a value up in a JSON document."""

import json

from cog import BasePredictor, Input

DOCUMENT = '{"server": {"host": "files.example", "port": 8080, "mirrors": ["north", "south"]}}'


def refuse(name: str) -> None:
    """Refuse what Python reads and JSON does not have."""
    raise ValueError(f"{name} is not JSON")


class Predictor(BasePredictor):
    """A reader of settings."""

    def predict(
        self,
        document: str = Input(description="A JSON document.", default=DOCUMENT),
        path: str = Input(
            description="Names and positions with dots between them; empty for the whole.",
            default="server.host",
        ),
    ) -> str:
        """Return the value at the path as text."""
        try:
            value = self.walk(json.loads(document, parse_constant=refuse), path)
            if isinstance(value, dict | list):
                return json.dumps(value, allow_nan=False)
        except json.JSONDecodeError as error:
            raise ValueError(f"document is not JSON: {error.msg}") from error
        except RecursionError:
            raise ValueError("document is nested too deeply") from None
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode("utf-8")
        return value

    def walk(self, value: object, path: str) -> object:
        for step in filter(None, path.split(".")):
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and self.position(step) < len(value):
                value = value[self.position(step)]
            else:
                raise ValueError("there is nothing at that path")
        return value

    def position(self, step: str) -> int:
        if not (step.isascii() and step.isdigit() and len(step) < 10):
            raise ValueError("positions in a list are whole numbers from 0 on")
        return int(step)
