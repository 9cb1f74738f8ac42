"""Says how many shared its pass; slow enough that others have to wait for it."""

import os
import time
from typing import Any

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Answers `text`, unless it says what else to do."""

    def predict(
        self,
        text: str = Input(description="What to answer; `raise` and `exit` do that."),
        file: Path | None = Input(description="Is read, if there is one.", default=None),
        pause_s: float = Input(description="How long its pass takes.", default=0.5),
    ) -> dict[str, Any]:
        """Answer alone."""
        return self.predict_batch([{"text": text, "file": file, "pause_s": pause_s}])[0]

    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answer all."""
        time.sleep(max(item["pause_s"] for item in inputs))
        for item in inputs:
            if item["text"] == "raise":
                raise ValueError("as asked")
            if item["text"] == "exit":
                os._exit(7)
        return [
            {"text": item["text"], "company": len(inputs), "read": item["file"].read_text()}
            if item["file"]
            else {"text": item["text"], "company": len(inputs)}
            for item in inputs
        ]
