"""Texts made of the signs that a model's code looks for: each alone, and several in any order."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field

#: longer ones are sentences, not signs
LONGEST = 8
MOST_SIGNS, MOST_FIELDS, IN_ONE_TEXT = 6, 3, 3


def ideas(fields: Sequence[Field], source: Source) -> Iterator[Mapping[str, Any]]:
    """One text input at a time."""
    found = [one for one in fields if one.is_text][:MOST_FIELDS]
    for text in _texts(list(_signs(source))[:MOST_SIGNS]):
        yield from ({one.name: text} for one in found if one.takes(text))


def _texts(signs: Sequence[str]) -> Iterator[str]:
    """What is opened twice or never closed, an empty part, a word where a number should be."""
    together = min(len(signs), IN_ONE_TEXT)
    if together > 1:
        yield from (f"{'a'.join(some)}" for some in permutations(signs, together))
    for sign in signs:
        yield from (sign, f"a{sign}", sign * 2)


def _signs(source: Source) -> Iterator[str]:
    """Short literals with something else than letters in them, each once."""
    seen: set[str] = set()
    for tree in source.trees:
        skipped = _words(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                sign = node.value
                if id(node) not in skipped and sign not in seen and _is_sign(sign):
                    seen.add(sign)
                    yield sign


def _is_sign(text: str) -> bool:
    return 0 < len(text) <= LONGEST and bool(text.strip()) and not text.isalnum()


def _words(tree: ast.Module) -> set[int]:
    """Literals that are written for people or for files, not looked for: by identity."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Expr | ast.keyword):
            found |= {id(one) for one in ast.walk(node) if isinstance(one, ast.Constant)}
    return found
