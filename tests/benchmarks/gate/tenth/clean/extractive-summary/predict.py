"""Picks the sentences of a text that say the most."""

import re
from collections import Counter

from cog import BaseModel, BasePredictor, Input

COMMON = "a an and are as at be but by for from in is it of on or that the to was with"


class Output(BaseModel):
    summary: str
    sentences: list[int]
    length: int
    ratio: float


class Predictor(BasePredictor):
    def rank(self, sentences: list[str]) -> list[int]:
        bags = [re.findall(r"\w+", sentence.lower()) for sentence in sentences]
        common = set(COMMON.split())
        counts = Counter(word for bag in bags for word in bag if word not in common)
        scores = [sum(counts[word] for word in set(bag)) / (len(bag) + 3) for bag in bags]
        return sorted(range(len(sentences)), key=lambda index: (-scores[index], index))

    def predict(
        self,
        text: str = Input(
            description="Text to summarize (up to 20,000 characters)",
            default="The bridge was built of wood. A flood took it. The new bridge is stone.",
            max_length=20000,
        ),
        num_sentences: int = Input(description="Sentences to keep", default=2, ge=1, le=50),
        max_length: int | None = Input(
            description="Limit for the summary in characters. Sentences that do not fit are left "
            "out; if none fits, the best one is cut off with an ellipsis. No limit if blank.",
            default=None,
            ge=10,
        ),
        order: str = Input(
            description="Order of the sentences", default="text", choices=["text", "importance"]
        ),
    ) -> Output:
        """`sentences` are the numbers of those that were kept, from 0 on."""
        clean = " ".join(text.encode("utf-8", "replace").decode().split())
        if not clean:
            raise ValueError("text is empty")
        sentences = re.split(r"(?<=[.!?]) ", clean)
        limit = len(clean) if max_length is None else max_length
        kept: list[int] = []
        length = -1
        ranked = self.rank(sentences)
        for index in ranked:
            if len(kept) < num_sentences and length + 1 + len(sentences[index]) <= limit:
                kept.append(index)
                length += 1 + len(sentences[index])
        if order == "text":
            kept.sort()
        summary = " ".join(sentences[index] for index in kept)
        if not kept:
            kept = ranked[:1]
            summary = sentences[kept[0]][: limit - 1].rstrip() + "…"
        return Output(summary, kept, len(summary), round(len(summary) / len(clean), 3))
