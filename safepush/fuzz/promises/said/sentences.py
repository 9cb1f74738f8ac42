"""The sentences of a model: those that describe its inputs, and those at the head of its code."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field

_ENDS = re.compile(r"(?<=[.!?])\s+|\s*;\s+|\n\s*\n")
#: the numbers that people write as words
WORDS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}
NUMBER = rf"[-+\u2212]?\d+(?:\.\d+)?|{'|'.join(WORDS)}"
#: words for what a model gives, whatever it is
OUTPUT = re.compile(
    r"\b(?:outputs?|answers?|results?|returned|returns|summar(?:y|ies)|responses?|repl(?:y|ies))\b"
)


@dataclass(frozen=True)
class Said:
    """One sentence in small letters; `field` is the input whose description has it."""

    text: str
    field: Field | None = None

    def names(self, name: str) -> bool:
        """Whether it speaks of something by its name, or by the name in the plural."""
        words = re.sub(r"[_\W]+", " ", name.lower()).strip()
        return bool(words) and re.search(rf"\b{re.escape(words)}s?\b", self.plain) is not None

    @property
    def plain(self) -> str:
        """The same with blanks for the signs in it."""
        return re.sub(r"[_\W]+", " ", self.text)


def sentences(fields: Sequence[Field], source: Source) -> list[Said]:
    """All of them, those of the inputs first."""
    found = [Said(text, one) for one in fields for text in _split(one.description)]
    return found + [Said(text) for text in _split(" ".join(_heads(source)))]


def _split(text: str) -> Iterator[str]:
    yield from (re.sub(r"\s+", " ", one).lower() for one in _ENDS.split(text.strip()) if one)


def _heads(source: Source) -> Iterator[str]:
    """What the files with the model in them begin with, and what `predict` and its outputs are."""
    for tree in source.trees:
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        predicts = [one for one in functions if one.name == "predict"]
        classes = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
        outputs = [one for one in classes if _is_output(one)]
        heads: list[ast.Module | ast.FunctionDef | ast.ClassDef] = [tree, *predicts, *outputs]
        for node in heads if predicts else ():
            if told := ast.get_docstring(node):
                yield told if told.rstrip().endswith((".", "!", "?")) else f"{told}."


def _is_output(node: ast.ClassDef) -> bool:
    """Whether outputs are made of it."""
    return any(ast.unparse(one).rpartition(".")[2] == "BaseModel" for one in node.bases)


def number(text: str) -> float:
    """A number that is written in digits or as a word."""
    known = WORDS.get(text)
    return float(text.replace("\u2212", "-")) if known is None else float(known)
