"""Cleans the text that optical recognition reads from scanned pages."""

import re

from cog import BasePredictor, Input

BROKEN = re.compile(r"((?:\w+-?)+)-[ \t]*\n[ \t]*(?=\w)")
SPACES = re.compile(r"[ \t]+")
LINES = re.compile(r"\n{3,}")
LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"})
SAMPLE = "The old mill was re-\nbuilt  in the spring,\n\n\n\nand the ﬁrst grain came in May."


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text of a page as it was recognised.", default=SAMPLE, max_length=20000
        ),
        join_hyphens: bool = Input(
            description="Join words that are divided at the end of a line.", default=True
        ),
        ligatures: bool = Input(description="Write ligatures as letters.", default=True),
    ) -> str:
        """The text with words joined, spaces single and at most one empty line in a row."""
        page = text.encode("utf-8", "replace").decode("utf-8")
        page = page.replace("\r\n", "\n").replace("\r", "\n")
        if ligatures:
            page = page.translate(LIGATURES)
        if join_hyphens:
            page = BROKEN.sub(r"\1", page)
        page = SPACES.sub(" ", page)
        page = "\n".join(line.strip() for line in page.split("\n"))
        return LINES.sub("\n\n", page).strip()
