"""Sets out a list as plain text."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Lists for notice boards."""

    def predict(
        self,
        items: str = Input(
            description="The items, one a line.", default="bread\nmilk\napples", max_length=4000
        ),
        title: str | None = Input(
            description="A heading; leave it out for a list without one.",
            default=None,
            max_length=80,
        ),
        bullet: str = Input(
            description="What stands before an item.", default="-", choices=["-", "*", "1."]
        ),
        underline: bool = Input(
            description="Draw a line under the heading, as long as it is.", default=False
        ),
    ) -> str:
        """The list."""
        rows = [row.strip() for row in items.splitlines() if row.strip()]
        lines = []
        if title:
            lines.append(title.strip())
        if underline:
            lines.append("=" * len(title.strip()))
        for number, row in enumerate(rows, start=1):
            mark = f"{number}." if bullet == "1." else bullet
            lines.append(f"{mark} {row}")
        return "\n".join(lines)
