"""A choice that the code never speaks of, and that gives what another one does."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.relations.relation import Relation

#: so many inputs beside the usual ones have to say the same, and choices that are looked at
OTHERS, MOST = 3, 2
#: then another one that does the same is no surprise
_PLAIN = re.compile(
    r"(?:none|off|no|default|auto(?:matic)?|original|plain|identity|same|any|all|other|standard"
    r"|normal|keep|raw|as[_ -]?is)"
)
_ALIAS = re.compile(
    r"\b(?:same|alias|synonym|equal|identical|like|falls? back|otherwise|short for)\b"
)


@dataclass(frozen=True)
class Choices(Relation):
    """Whoever writes `{"nearest": 0, "lanczos3": 1}.get(method, 0)` has no lanczos."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """The first such choice that did the same with several inputs."""
        for field, silent in islice(self._silent(), MOST):
            for other in field.choices:
                if other == silent or _are_one(str(silent), str(other)):
                    continue
                if self._are_alike(field, silent, other):
                    told = f"{field.name!a} {silent!a} gives what {other!a} does"
                    yield self.suspicion(told, self.known({field.name: silent}))
                    return

    def _silent(self) -> Iterator[tuple[Field, str]]:
        """Choices of which the code says nothing, while it does of most of the others."""
        said = frozenset(_spoken(self.source))
        for field in self.fields:
            texts = [one for one in field.choices if isinstance(one, str)]
            unsaid = [one for one in texts if one.lower() not in said]
            if len(texts) < 3 or len(texts) != len(field.choices) or len(unsaid) != 1:
                continue
            if not _PLAIN.fullmatch(unsaid[0].lower()) and not _ALIAS.search(field.description):
                yield field, unsaid[0]

    def _are_alike(self, field: Field, silent: str, other: str) -> bool:
        """With the usual inputs and a few others, one of which a third choice changes."""
        third = next(one for one in field.choices if one not in (silent, other))
        is_told = False
        for one in (self.first, *self._others(field)):
            made = [self.known({field.name: value}, one) for value in (silent, other, third)]
            if not all(each.succeeded for each in made):
                return False
            if compare(made[0].output, made[1].output):
                return False
            is_told = is_told or bool(compare(made[0].output, made[2].output))
        return is_told

    def _others(self, field: Field) -> Sequence[Tried]:
        """Inputs that gave something else than the usual ones."""
        found = [
            one
            for one in self.runs.history
            if one.succeeded
            and field.name not in one.probe.changed
            and compare(self.first.output, one.output)
        ]
        return found[:: max(1, len(found) // OTHERS)][:OTHERS]


def _are_one(one: str, other: str) -> bool:
    """Whether they may well be two names of one thing: jpg and jpeg, grey and gray."""
    first, second = sorted((one.lower(), other.lower()), key=len)
    return first in second or first[:2] == second[:2]


def _spoken(source: Source) -> Iterator[str]:
    """The texts in the code but for those that declare its inputs, in small letters."""
    for tree in source.trees:
        declared = {
            id(one)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Input"
            for one in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in declared:
                yield str(node.value).lower()
