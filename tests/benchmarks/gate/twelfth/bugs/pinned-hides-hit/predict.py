"""Product search, page by page."""

from cog import BaseModel, BasePredictor, Input

KINDS = ["lamp", "desk lamp", "floor lamp", "chair", "lamp shade", "shelf", "night lamp"]
PRODUCTS = {f"p{number}": f"{KINDS[number % 7]} {number}" for number in range(1, 29)}


class Page(BaseModel):
    total: int
    ids: list[str]


class Predictor(BasePredictor):
    def predict(
        self,
        query: str = Input(description="Words to look for.", default="lamp", max_length=100),
        page: int = Input(
            description="Which page, from 1. Page after page shows every hit once.",
            default=1,
            ge=1,
            le=100,
        ),
        per_page: int = Input(
            description="At most so many products a page.", default=5, ge=2, le=20
        ),
        sort: str = Input(
            description="Order of the hits.", default="fit", choices=["fit", "name", "newest"]
        ),
        pin: str | None = Input(
            description="Id of a product that comes first, p1 to p28, whether it fits or not.",
            default=None,
        ),
    ) -> Page:
        """Find products. The total counts the hits and the pinned product."""
        if pin is not None and pin not in PRODUCTS:
            raise ValueError("pin is the id of a product, p1 to p28")
        words = query.lower().split()
        hits = [
            (len(name), name, int(key[1:]), key)
            for key, name in PRODUCTS.items()
            if key != pin and words and all(word in name for word in words)
        ]
        orders = {
            "fit": lambda hit: (hit[0], hit[2]),
            "name": lambda hit: (hit[1], hit[2]),
            "newest": lambda hit: -hit[2],
        }
        ids = [hit[3] for hit in sorted(hits, key=orders[sort])]
        total = len(ids) + (pin is not None)
        start = (page - 1) * per_page
        shown = ids[start : start + per_page]
        if pin is not None and page == 1:
            shown = [pin, *shown][:per_page]
        return Page(total=total, ids=shown)
