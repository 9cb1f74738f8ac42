"""Answers letters of customers."""

from cog import BasePredictor, Input

DEFAULTS = {"tone": "neutral", "sign_off": True}
GREETINGS = {"neutral": "Hello,", "formal": "Dear Sir or Madam,", "cheerful": "Hi there!"}
CLOSINGS = {"neutral": "Regards", "formal": "Yours faithfully", "cheerful": "Take care"}


class Predictor(BasePredictor):
    """Templates, until a larger model takes over."""

    def setup(self) -> None:
        """Take the house style."""
        self.style = dict(DEFAULTS)

    def predict(
        self,
        subject: str = Input(
            description="What the letter is about.", default="a late parcel", max_length=200
        ),
        tone: str | None = Input(
            description="Tone of the answer. Not given: neutral.",
            default=None,
            choices=list(GREETINGS),
        ),
        sign_off: bool | None = Input(
            description="Whether to close the letter. Not given: it is closed.", default=None
        ),
    ) -> str:
        """A short letter."""
        given = {"tone": tone}
        self.style.update({key: value for key, value in given.items() if value is not None})
        closed = DEFAULTS["sign_off"] if sign_off is None else sign_off
        about = " ".join(subject.split()) or "your message"
        lines = [GREETINGS[self.style["tone"]], f"Thank you for writing about {about}."]
        lines.append("We are looking into it.")
        if closed:
            lines.append(CLOSINGS[self.style["tone"]])
        return "\n".join(lines)
