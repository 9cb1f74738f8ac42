"""Makes names comparable."""

import unicodedata

from cog import BasePredictor, Input

UNSEEN = ("Cc", "Cf", "Cs")


class Predictor(BasePredictor):
    """Folds texts to a common form and leaves doubles out."""

    def predict(
        self,
        texts: list[str] = Input(
            description="Texts. Letters that look alike become the same (ﬁ gives fi, ² gives 2), "
            "accents go, capitals become small, white space becomes one space, and control and "
            "format signs are left out. Texts of which nothing is left are left out too.",
            default=["Zoë", "ZOE", " noon  tide"],
        ),
        keep_accents: bool = Input(description="Let accents be.", default=False),
    ) -> list[str]:
        """Every form once, sorted by code points, so not in the order of the texts."""
        found = set()
        for text in texts:
            folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
            if not keep_accents:
                folded = "".join(c for c in folded if unicodedata.category(c) != "Mn")
            folded = "".join(
                c for c in folded if c.isspace() or unicodedata.category(c) not in UNSEEN
            )
            folded = " ".join(unicodedata.normalize("NFKC", folded).split())
            if folded:
                found.add(folded)
        return sorted(found)
