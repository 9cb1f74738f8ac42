"""Render a wave as text."""

import math
import queue

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Waves drawn with letters, on reused canvases."""

    def setup(self) -> None:
        """Prepare the canvases."""
        self.slots: queue.SimpleQueue[list[list[str]]] = queue.SimpleQueue()
        for _ in range(12):
            self.slots.put([[" "] * 120 for _ in range(41)])

    def predict(
        self,
        amplitude: int = Input(description="Height in rows, 0 is flat", default=5, ge=0, le=20),
        width: int = Input(description="Columns", default=40, ge=1, le=120),
        period: float = Input(description="Columns in a wave", default=20.0, ge=2, le=400),
        ink: str = Input(description="What it is drawn with", default="*", choices=["*", "o", "#"]),
    ) -> str:
        """Give the rows from top to bottom."""
        canvas = self.slots.get_nowait()
        if amplitude == 0:
            return ink * width
        rows = 2 * amplitude + 1
        for row in range(rows):
            canvas[row][:width] = [" "] * width
        for column in range(width):
            row = amplitude - round(amplitude * math.sin(2 * math.pi * column / period))
            canvas[row][column] = ink
        drawing = "\n".join("".join(canvas[row][:width]).rstrip() for row in range(rows))
        self.slots.put(canvas)
        return drawing
