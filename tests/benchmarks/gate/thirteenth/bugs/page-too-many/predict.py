"""Cuts a list into pages."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The items of one page, and how many items and pages there are."""

    items: list[str]
    page: int
    pages: int
    total: int


class Predictor(BasePredictor):
    """Gives a page of a list."""

    def predict(
        self,
        items: list[str] = Input(
            description="The whole list.", default=["ash", "birch", "cedar", "elm"]
        ),
        page: int = Input(
            description="Which page, from 1; one past the last is empty.", default=1, ge=1, le=10000
        ),
        per_page: int = Input(
            description="Items on a page; the last page may have fewer, but never none.",
            default=3,
            ge=1,
            le=100,
        ),
        newest_first: bool = Input(description="Begin with the last item.", default=False),
    ) -> Output:
        """The page, and the number of pages that hold items."""
        ordered = items[::-1] if newest_first else items
        first = (page - 1) * per_page
        return Output(
            items=ordered[first : first + per_page],
            page=page,
            pages=len(items) // per_page + 1 if items else 0,
            total=len(items),
        )
