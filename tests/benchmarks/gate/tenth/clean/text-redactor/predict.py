"""Blackens what identifies people."""

import re

from cog import BaseModel, BasePredictor, Input

PATTERNS = {
    "email": re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
    ),
    "card": re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])"),
    "ip": re.compile(r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\.?[0-9])"),
    "phone": re.compile(r"(?<![0-9+])\+?[0-9](?:[ -]?[0-9]){6,14}(?![0-9])"),
}


class Span(BaseModel):
    kind: str
    start: int
    end: int


class Output(BaseModel):
    text: str
    found: dict[str, int]
    spans: list[Span]


def right(kind: str, text: str) -> bool:
    """Checks what a pattern cannot: checksums of cards, sizes of the parts of an address."""
    if kind == "card":
        digits = [int(letter) for letter in reversed(text) if letter.isdigit()]
        doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
        return (sum(digits[::2]) + sum(doubled)) % 10 == 0
    return kind != "ip" or all(int(part) < 256 for part in text.split("."))


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text, up to 50000 characters",
            default="Write to post@example.org or call +49 30 1234567.",
            max_length=50000,
        ),
        kinds: list[str] = Input(
            description="What to look for: email, card (with the right check digit), ip (v4), "
            "phone (7 to 15 digits)",
            default=["email", "card", "ip", "phone"],
        ),
        replacement: str = Input(
            description="label: [EMAIL] and so on. stars: a * for each character. nothing: gone.",
            default="label",
            choices=["label", "stars", "nothing"],
        ),
        limit: int | None = Input(
            description="Stop after this many replacements (none if not set)", default=None, ge=1
        ),
    ) -> Output:
        """Spans are [start, end) in the text that was given. Where kinds overlap, the one that
        starts first counts, then the one that is named first above."""
        if not set(kinds) <= set(PATTERNS):
            raise ValueError(f"kinds may be {', '.join(PATTERNS)}")
        clean = text.encode("utf-8", "replace").decode()
        places = []
        for rank, (kind, pattern) in enumerate(PATTERNS.items()):
            if kind in kinds:
                places += [(*found.span(), rank, kind) for found in pattern.finditer(clean)]
        spans: list[Span] = []
        for start, end, _, kind in sorted(places, key=lambda place: (place[0], place[2])):
            free = not spans or start >= spans[-1].end
            if free and right(kind, clean[start:end]) and len(spans) != limit:
                spans.append(Span(kind, start, end))
        parts, last = [], 0
        for span in spans:
            stars = "*" * (span.end - span.start)
            new = {"label": f"[{span.kind.upper()}]", "stars": stars, "nothing": ""}[replacement]
            parts += [clean[last : span.start], new]
            last = span.end
        wanted = [kind for kind in PATTERNS if kind in kinds]
        found = {kind: sum(span.kind == kind for span in spans) for kind in wanted}
        return Output("".join(parts) + clean[last:], found, spans)
