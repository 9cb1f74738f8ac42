"""Makes a teaser of the beginning of an article."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    teaser: str
    complete: bool


class Predictor(BasePredictor):
    def predict(
        self,
        article: str = Input(
            description="The article, in any language. White space at its ends is dropped.",
            default="The harbour was empty when we came back. Only the old ferry was there, and a "
            "dog that slept in the sun beside it.",
            max_length=100000,
        ),
        length: int = Input(
            description="How many characters of the article to show. A shorter article is shown "
            "whole.",
            default=40,
            ge=1,
            le=1000,
        ),
        ending: str = Input(
            description="What follows an article that was cut.", default="...", max_length=20
        ),
    ) -> Output:
        """The first characters, and whether they are all there are."""
        article = article.strip()
        data = article.encode("utf-8", "replace")
        if len(data) <= length:
            return Output(teaser=article, complete=True)
        shown = data[:length].decode("utf-8", "ignore")
        return Output(teaser=shown + ending, complete=False)
