"""Runs several at once, each until a file is there; leaves a file when it begins and is stopped."""

import asyncio
import os
from pathlib import Path

from cog import BasePredictor


class Predictor(BasePredictor):
    """Waits for the file `folder/name`."""

    async def predict(self, folder: str, name: str, dies: bool = False) -> str:
        """Say who it was."""
        place = Path(folder)
        print("begin", name)  # noqa: T201 - it is looked for in the log
        (place / f"{name}.begun").touch()
        try:
            await asyncio.sleep(0.2)
            while not (place / name).exists():
                await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            (place / f"{name}.stopped").touch()
            raise
        if dies:
            os._exit(5)
        return f"this was {name}"
