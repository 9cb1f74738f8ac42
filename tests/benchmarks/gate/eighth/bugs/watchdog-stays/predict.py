"""Numbers the lines of a script for reading aloud."""

import threading

from cog import BasePredictor, Input


def heartbeat(done):
    while not done.wait(5):
        print("still working")


class Predictor(BasePredictor):
    def predict(
        self,
        lines: list[str] = Input(
            description="The lines; blank ones are left out.", default=["Who is there?", "Only me."]
        ),
        first: int = Input(description="The first number.", default=1, ge=0, le=9999),
    ) -> list[str]:
        """Return the lines with numbers, and nothing if there is nothing to number."""
        done = threading.Event()
        threading.Thread(target=heartbeat, args=(done,), daemon=True).start()
        spoken = [line.strip() for line in lines if line.strip()]
        if not spoken:
            return []
        numbered = [f"{number}. {line}" for number, line in enumerate(spoken, first)]
        done.set()
        return numbered
