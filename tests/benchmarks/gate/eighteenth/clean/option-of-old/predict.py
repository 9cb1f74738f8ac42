"""Wrap a text to lines of a width."""

from cog import BasePredictor, Input


def wrap(words: list[str], width: int) -> list[str]:
    """Fill lines with words; a word longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for word in words:
        rest = word
        if line and len(line) + 1 + len(rest) <= width:
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
        while len(rest) > width:
            lines.append(rest[:width])
            rest = rest[width:]
        line = rest
    return [*lines, line] if line else lines


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text. An empty line begins a new paragraph; other ends are spaces.",
            default="The lighthouse keeper counted ships and forgot to count the days.",
            max_length=20000,
        ),
        width: int = Input(
            description="Characters of a line at most; longer words are cut.",
            default=24,
            ge=1,
            le=200,
        ),
        engine: str = Input(
            description="Has no effect any more; it is still taken so that old clients work.",
            default="classic",
            choices=["classic", "fast"],
        ),
    ) -> str:
        """Return the paragraphs, each wrapped, with an empty line between them."""
        paragraphs: list[list[str]] = [[]]
        for line in text.split("\n"):
            if line.strip():
                paragraphs[-1].extend(line.split())
            elif paragraphs[-1]:
                paragraphs.append([])
        return "\n\n".join("\n".join(wrap(words, width)) for words in paragraphs if words)
