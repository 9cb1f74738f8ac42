"""Files of one name in two folders of an archive: they are two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import is_number, leaves
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

#: then one of them may well stand for both
_ONE = re.compile(
    r"\b(?:same|one|equal|repeated|alike) (?:file )?names?\b|\bnamesakes?\b|\bduplicat|\btwice\b"
    r"|\bdistinct\b|\bunique\b|\boverwrit|\bdifferent (?:file )?names?\b|\bonce\b|\bflat\b"
    r"|\btop level\b|\bfolders? (?:is|are) (?:not|ignored|skipped)|\b(?:without|no) folders\b"
)


@dataclass(frozen=True)
class Namesakes(Relation):
    """Two names in two folders first, each with one thing in it."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where there is less of two of one name."""
        if any(_ONE.search(one.text) for one in sentences(self.fields, self.source)):
            return
        for field in (one for one in self.fields if one.is_file):
            sent = media.of(self.usual(field))
            known = media.namesakes(sent.kind) if sent is not None else None
            if known is None:
                continue
            apart = self.made({field.name: known[0].uri})
            wanted = _measure(apart.output) if apart.succeeded else None
            if wanted is None or wanted != _measure(self.first.output):
                continue
            made = [self.made({field.name: known[1].uri}) for _ in range(2)]
            if all(one.succeeded and _is_less(_measure(one.output), wanted) for one in made):
                yield self.suspicion(f"of two files of one name in {field.name!a} one is lost")
                return


def _measure(output: Any) -> list[float]:
    """How many things there are, and the numbers of them; of files what is in them."""
    found = [*leaves(_opened(output))]
    return [len(found), *sorted(float(one) for one in found if is_number(one))]


def _is_less(one: Sequence[float], wanted: Sequence[float]) -> bool:
    return one[0] < wanted[0]


def _opened(output: Any) -> Any:
    if isinstance(output, File):
        return media.entries(output.content)
    if isinstance(output, dict):
        return {key: _opened(each) for key, each in output.items()}
    return [*map(_opened, output)] if isinstance(output, list) else output
