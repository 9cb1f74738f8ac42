"""Finds the documents that are closest to a query."""

import math
import time
from collections import Counter
from functools import lru_cache

from cog import BaseModel, BasePredictor, Input


class Hit(BaseModel):
    index: int
    score: float
    document: str | None


class Output(BaseModel):
    total: int
    hits: list[Hit]
    took_ms: float


@lru_cache(maxsize=64)
def grams(text: str) -> Counter[str]:
    letters = f" {' '.join(text.lower().split())} "
    return Counter(letters[start : start + 3] for start in range(len(letters) - 2))


class Predictor(BasePredictor):
    def similarity(self, one: Counter[str], two: Counter[str]) -> float:
        shared = sum(count * two[gram] for gram, count in one.items() if gram in two)
        squares = sum(n * n for n in one.values()) * sum(n * n for n in two.values())
        return round(min(1.0, shared / math.sqrt(squares)), 4) if squares else 0.0

    def predict(
        self,
        query: str = Input(description="What to look for", default="green tea", max_length=1000),
        documents: list[str] = Input(
            description="Where to look. Up to 500 texts of at most 2,000 characters.",
            default=["black coffee", "tea, green or white", "orange juice"],
        ),
        limit: int = Input(description="How many hits to return", default=3, ge=1, le=100),
        offset: int = Input(description="How many hits to skip", default=0, ge=0),
        threshold: float = Input(description="Lowest score of a hit", default=0.1, ge=0, le=1),
        return_documents: bool = Input(
            description="Give the text of the hits as well, not only their index", default=True
        ),
    ) -> Output:
        """Best first; total is the number of hits before offset and limit."""
        if not query.strip():
            raise ValueError("query must not be blank")
        if len(documents) > 500 or any(len(document) > 2000 for document in documents):
            raise ValueError("documents: up to 500, of at most 2000 characters each")
        started = time.perf_counter()
        wanted = grams(query)
        scored = [(self.similarity(wanted, grams(text)), n) for n, text in enumerate(documents)]
        found = sorted((-score, n) for score, n in scored if score >= threshold)
        hits = []
        for score, index in found[offset : offset + limit]:
            text = documents[index].encode("utf-8", "replace").decode()
            hits.append(Hit(index, -score, text if return_documents else None))
        took = round((time.perf_counter() - started) * 1000, 3)
        print(f"searched {len(documents)} documents in {took} ms")
        return Output(len(found), hits, took)
