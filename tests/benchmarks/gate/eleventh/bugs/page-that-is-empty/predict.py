"""Looks things up in a small catalogue of garden tools."""

from cog import BaseModel, BasePredictor, Input

KINDS = ["spade", "rake", "hoe", "shears", "fork", "trowel"]
SIZES = ["small", "medium", "large", "extra large"]
CATALOGUE = [
    {"name": f"{size} {kind}", "price": 400 + 35 * len(kind) + 250 * step}
    for kind in KINDS
    for step, size in enumerate(SIZES)
]
ORDERS = {
    "name": lambda entry: entry["name"],
    "price": lambda entry: (entry["price"], entry["name"]),
}


class Entry(BaseModel):
    """One tool; the price is in cents."""

    name: str
    price: int


class Page(BaseModel):
    """A part of what was found."""

    entries: list[Entry]
    page: int
    pages: int
    total: int


class Predictor(BasePredictor):
    """Search, sort, and cut into pages."""

    def predict(
        self,
        query: str = Input(
            description="Part of a name; empty finds all.", default="", max_length=60
        ),
        dearest: int = Input(description="Highest price in cents.", default=5000, ge=0, le=100000),
        order: str = Input(description="What to sort by.", default="name", choices=list(ORDERS)),
        descending: bool = Input(description="The other way round.", default=False),
        per_page: int = Input(description="Entries on a page.", default=10, ge=1, le=50),
        page: int = Input(
            description="Which page. None of the `pages` that are told is empty; "
            "one beyond them is.",
            default=1,
            ge=1,
            le=1000,
        ),
    ) -> Page:
        """One page."""
        wanted = query.strip().lower()
        found = [
            entry for entry in CATALOGUE if wanted in entry["name"] and entry["price"] <= dearest
        ]
        found.sort(key=ORDERS[order], reverse=descending)
        pages = len(found) // per_page + 1 if found else 0
        first = (page - 1) * per_page
        return Page(
            entries=[Entry(**entry) for entry in found[first : first + per_page]],
            page=page,
            pages=pages,
            total=len(found),
        )
