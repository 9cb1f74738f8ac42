"""Answers questions to a shop's help desk from a table of topics."""

from cog import BasePredictor, Input

TOPICS = {
    "order": "Your order is on its way and arrives within three working days.",
    "refund": "Refunds reach your account within a week.",
    "size": "Sizes run from small to extra large; see the label inside the collar.",
    "hours": "We are open from nine to six, and until noon on Saturdays.",
}
UNKNOWN = "Please tell us a little more, so that we can help."


class Predictor(BasePredictor):
    """A help desk with a style that callers may change for their question."""

    def setup(self) -> None:
        """Keep the house style."""
        self.config = {
            "topics": TOPICS,
            "style": {"upper": "no", "opening": "Hello!", "closing": "Kind regards"},
        }

    def predict(
        self,
        question: str = Input(description="The customer's question.", default="Where is my order?"),
        style: str = Input(
            description=(
                "Style of this answer where it departs from the house style: name=value pairs "
                "with commas between them, of upper (yes or no), opening and closing."
            ),
            default="",
        ),
    ) -> str:
        """Answer one question."""
        config = dict(self.config)
        config["style"].update(self.parse(style))
        look = config["style"]
        answer = f"{look['opening']} {self.topic(config['topics'], question)} {look['closing']}"
        answer = answer.encode("utf-8", "replace").decode("utf-8").strip()
        return answer.upper() if look["upper"] == "yes" else answer

    def topic(self, topics: dict[str, str], question: str) -> str:
        lowered = question.lower()
        return next((text for word, text in topics.items() if word in lowered), UNKNOWN)

    def parse(self, style: str) -> dict[str, str]:
        """Read the pairs; refuse names and values that there are not."""
        found = {}
        for pair in filter(str.strip, style.split(",")):
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or name not in ("upper", "opening", "closing"):
                raise ValueError("style must be pairs of upper=, opening= or closing=")
            if name == "upper" and value not in ("yes", "no"):
                raise ValueError("upper must be yes or no")
            found[name] = value
        return found
