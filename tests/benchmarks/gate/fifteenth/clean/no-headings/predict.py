"""Pick the headings out of a page of plain text."""

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """Headings, one a piece."""

    def predict(
        self,
        page: str = Input(
            description="A page whose headings begin with one to six #, then a space; what stands "
            "between two lines that begin with ``` has none",
            default="# Garden\nSow in May.\n## Herbs\nCut them often.",
            max_length=50000,
        ),
        deepest: int = Input(
            description="Leave out headings with more # than this", default=6, ge=1, le=6
        ),
        indent: int = Input(description="Spaces for each level", default=2, ge=0, le=8),
    ) -> ConcatenateIterator[str]:
        """Yield a line for each heading; a page without headings yields nothing at all."""
        fenced = False
        for line in page.split("\n"):
            if line.startswith("```"):
                fenced = not fenced  # what stands between fences is no heading
                continue
            marks = len(line) - len(line.lstrip("#"))
            if fenced or not 1 <= marks <= deepest or line[marks : marks + 1] != " ":
                continue
            title = line[marks:].strip()
            if title:
                yield " " * indent * (marks - 1) + title + "\n"
