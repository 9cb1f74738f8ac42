"""Corrects slips of typing in English text."""

import re
from collections.abc import Callable

from cog import BaseModel, BasePredictor, Input

RULES: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "doubled-word": (re.compile(r"\b([a-z]+) \1\b(?!['\u2019-])", re.I), lambda found: found[1]),
    "spaces": (re.compile(r"(?<=\S) {2,}(?=\S)"), lambda found: " "),
    "space-before": (re.compile(r"(?<=[a-z]) (?=[.,;:!?](?:\s|$))"), lambda found: ""),
    "pronoun": (re.compile(r"(?<![\w.])i(?=[' ](?!\.))"), lambda found: "I"),
    "capital": (
        re.compile(r"(?:^|(?<=[a-z]{2}[.!?] ))[a-z](?=[a-z]* )"),
        lambda found: found[0].upper(),
    ),
}


class Edit(BaseModel):
    rule: str
    start: int
    end: int
    before: str
    after: str


class Output(BaseModel):
    text: str
    count: int
    edits: list[Edit]


class Predictor(BasePredictor):
    def edits(self, text: str, rules: list[str]) -> list[Edit]:
        found = []
        for rule in rules:
            pattern, correct = RULES[rule]
            for match in pattern.finditer(text):
                found.append(Edit(rule, *match.span(), match[0], correct(match)))
        kept: list[Edit] = []
        for edit in sorted(found, key=lambda edit: edit.start):
            if not kept or edit.start >= kept[-1].end:
                kept.append(edit)
        return kept

    def predict(
        self,
        text: str = Input(
            description="English text, at most 20000 characters.",
            default="yesterday i saw the the house  by the lake .",
            max_length=20000,
        ),
        ignore: list[str] = Input(
            description="Rules not to apply: doubled-word, spaces, space-before, pronoun, capital.",
            default=[],
        ),
        max_edits: int = Input(
            description="Stop after so many corrections, counted from the start of the text.",
            default=100,
            ge=0,
            le=1000,
        ),
    ) -> Output:
        """Offsets are in characters of the input. One pass: where two corrections overlap, the
        first is made, and the text can be sent again for the other."""
        unknown = set(ignore) - set(RULES)
        if unknown:
            raise ValueError("ignore names a rule that does not exist")
        clean = text.encode("utf-8", "replace").decode()
        edits = self.edits(clean, [rule for rule in RULES if rule not in ignore])[:max_edits]
        parts, place = [], 0
        for edit in edits:
            parts += [clean[place : edit.start], edit.after]
            place = edit.end
        return Output("".join(parts) + clean[place:], len(edits), edits)
