"""Breaks a caption into lines."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        caption: str = Input(description="Words under the picture.", default="a fox in the snow"),
        width: int = Input(description="Letters in a line.", default=24, ge=8, le=80),
        align: str = Input(description="Where.", default="left", choices=["left", "right"]),
    ) -> str:
        words, lines, line = caption.split(), [], ""
        while words:
            wider = f"{line} {words[0]}".strip()
            if len(wider) > width:
                lines, line = [*lines[-99:], line], ""
            else:
                line = wider
                words.pop(0)
        lines.append(line)
        return "\n".join(one.rjust(width) if align == "right" else one for one in lines)
