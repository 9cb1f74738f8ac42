"""Sets a text in lines."""

import textwrap
from collections import OrderedDict

from cog import BasePredictor, Input

SHELF = 64


class Predictor(BasePredictor):
    """Wraps texts and remembers the last ones."""

    def setup(self) -> None:
        """An empty shelf."""
        self.done = OrderedDict()

    def predict(
        self,
        text: str = Input(
            description="What to set.",
            default="A small boat went out in the morning and came home with the evening tide.",
            max_length=4000,
        ),
        width: int = Input(description="Characters per line.", default=40, ge=10, le=120),
        indent: int = Input(description="Spaces before each line.", default=0, ge=0, le=8),
        align: str = Input(
            description="Where the lines stand.",
            default="left",
            choices=["left", "right", "middle"],
        ),
    ) -> str:
        """The text in lines no longer than width, the indent included."""
        key = (text, width, indent)
        if key in self.done:
            self.done.move_to_end(key)
            return self.done[key]
        room = width - indent
        move = {"left": str.ljust, "right": str.rjust, "middle": str.center}[align]
        lines = [move(line, room) for line in textwrap.wrap(text, room)]
        result = "\n".join(" " * indent + line for line in lines)
        self.done[key] = result
        if len(self.done) > SHELF:
            self.done.popitem(last=False)
        return result
