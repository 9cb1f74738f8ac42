"""Sentences that tell something of every page, or every frame, of the file that is sent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.compare.files import media_type
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.promises.sizes import frames_of

RULE = "fuzz-output-count"
_EACH = re.compile(
    r"\b(?:every|each|per) (page|frame)\b|\b(page|frame) (?:by|after) (?:page|frame)\b"
    r"|\ball (?:the |its )?(page|frame)s\b"
)
#: then there may be fewer
_NOT = re.compile(
    r"\b(?:not|only|first|last|at most|up to|max\w*|limit\w*|unless|second|other|sampled?|skip\w*"
    r"|mean|average|total|together|sum|most)\b"
)
_SPEAKS = re.compile(r"\bpages?\b|\bmulti-?page\b|\btiffs?\b")
#: inputs by which other ones are taken
_WHICH = re.compile(
    r"page|frame|first|last|max|limit|step|every|skip|start|end|count|num|sample|top|only|min"
)
#: numbers that say how many of them are looked at, or which
_CHOSEN = re.compile(r"\bpages?\b|\bframes?\b|max_|limit|_pages?|_frames?|^most\b|^first\b")
#: members that hold one for each, whatever else is beside them
_NAMED = ("pages", "frames", "results")


def speaks(said: Sequence[Said]) -> bool:
    """Whether files of several pages are spoken of."""
    return any(_SPEAKS.search(one.text) for one in said)


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """That there is one for each."""
    numbers = [one for one in fields if one.numbers is not None]
    chosen = any(_CHOSEN.search(f"{one.name} {one.description}".lower()) for one in numbers)
    if chosen or not any(one.is_file for one in fields):
        return
    for one in said:
        match = _EACH.search(one.text)
        if match is not None and not _NOT.search(one.text):
            part = next(each for each in match.groups() if each)
            told = f"there are not as many outputs as {part}s in the file that was sent, as is told"
            yield Promise(broken=told, rule=RULE, kept=partial(_one_each, part))


def _one_each(part: str, made: Made) -> bool | None:
    wanted, found = count(part, made), _listed(made.output)
    if wanted is None or found is None or any(_WHICH.search(one.lower()) for one in made.changed):
        return None
    return len(found) == wanted


def count(part: str, made: Made) -> int | None:
    """How many pages, or frames, the only picture has that was sent; a GIF has no pages."""
    files = [one for one in made.files.values() if frames_of(one) is not None]
    if len(files) != 1:
        return None
    has_pages = media_type(files[0].content) == "image/tiff"
    found = frames_of(files[0])
    return found if found == 1 or has_pages is (part == "page") else None


def _listed(output: Any) -> list[Any] | None:
    """A list that has one for each, if there is one list that may be it."""
    if isinstance(output, Mapping):
        lists = {name.lower(): each for name, each in output.items() if isinstance(each, list)}
        found = [lists[name] for name in _NAMED if name in lists] or [*lists.values()]
        return found[0] if len(found) == 1 else None
    return output if isinstance(output, list) else None
