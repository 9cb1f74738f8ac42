"""Inputs that say how an output is made and not what it is: in pieces, with a cache, in threads."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from safepush.compare import Tolerance, compare
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.promise import Made, Promise

HOW = re.compile(
    r"stream(?:ing|ed)?|(?:use|enable)_?cache|(?:num_|n_)?(?:workers|threads)|chunked_output"
)
_BATCH = re.compile(r"(?:\w+_)?batch_size")
#: where a batch is a part of the work; elsewhere it is how many pictures are wanted
_PASS = re.compile(r"\bat (?:once|a time)\b|\bmemory\b|\bfaster\b|\bspeed\b|\bparallel\b", re.I)


def promises(fields: Sequence[Field], usual: Made, alike: Tolerance) -> Iterator[Promise]:
    """That each of them alone changes nothing; `usual` came out twice the same."""
    for one in fields:
        name = one.name.lower()
        if HOW.fullmatch(name) or (_BATCH.fullmatch(name) and _PASS.search(one.description)):
            told = f"{one.name!a}, which says how it is made, changes what is made"
            yield Promise(broken=told, kept=partial(_same, one.name, usual, alike))


def _same(name: str, usual: Made, alike: Tolerance, made: Made) -> bool | None:
    if made.changed - {name}:
        return None
    return not compare(_joined(usual.output), _joined(made.output), alike)


def _joined(output: Any) -> Any:
    """A text in one piece."""
    texts = isinstance(output, list) and output and all(isinstance(one, str) for one in output)
    return "".join(output) if texts else output
