"""Sentences about how much there is: "never more words than this", "how many frames it has"."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.promises.sizes import files, frames_of

RULE = "fuzz-output-count"
_SENTENCE = re.compile(r"[^.!?\s][^.!?]*")
#: how a text is measured, by the words for it; of each the mildest way there is
UNITS: Mapping[str, Callable[[str], int]] = {
    "word": lambda text: len(text.split()),
    "line": lambda text: len([one for one in text.splitlines() if one.strip()]),
    "sentence": lambda text: len(_SENTENCE.findall(text)),
    "character": len,
    "letter": lambda text: sum(one.isalpha() for one in text),
    "paragraph": lambda text: len([one for one in re.split(r"\n\s*\n", text) if one.strip()]),
}
ITEMS = ("item", "entry", "entrie", "result", "element", "number", "value", "match", "hit", "label")
_UNIT = re.compile(rf"\b({'|'.join((*UNITS, *ITEMS))})(?:e?s)?\b")
_CEILING = re.compile(
    r"\b(?:never|not|no) (?:\w+ ){0,2}more\b|\bat most\b|\bno more than\b"
    r"|\bmaximum (?:number|of)\b|\bnot exceed\b|\bnever exceeds?\b"
)
#: of each line, or of each text of several
_NONE = re.compile(
    r"\b(?:no|none of the) (?P<part>line|piece|chunk|part|item|title|passage|paragraph)s?"
    r" (?:\w+ ){0,2}(?:is|are|gets?|has|have|holds?)(?: ever)? (?P<how>longer|wider|more)\b"
)
#: then it is about something else than all of the output
_PART = re.compile(
    r"\b(?:each|every|per|context|inputs?|looked at|read|taken|kept of|considered|add|added|new"
    r"|further|extra|write|written|generate|continue)\b"
)
_HOW_MANY = re.compile(
    r"\b(?:how many|number of) (?P<unit>frames|pages|files|entries)\b(?P<rest>.*)"
)
_HAS = re.compile(
    r"\b(?:(?:the|in the|of the) (?:gif|film|animation|video|clip|pdf|document|archive|zip|output"
    r"|result|answer)|to (?:make|draw|write|render|have|return|give))\b"
)
_LESS = re.compile(r"\b(?P<name>\w+) ?(?P<sign>[-\u2212+]) ?(?P<off>\d+) (?:\w+ )?(?:less|fewer)\b")
_ALIKE = re.compile(
    r"\b(?:as many (?:\w+ )?as|one(?: \w+)? (?:is made |is given |comes )?for each"
    r"|the same number)\b"
)
_SO_MANY = re.compile(r"\bat most (?:so|this|that) many \w+")
_FILE_EACH = re.compile(
    r"\b(?:one|an?) (?:\w+ ){0,2}(?:file|entry) (?:for|per) (?:each|every) \w+\b"
)


def promises(
    said: Sequence[Said], fields: Sequence[Field], *, in_pieces: bool = False
) -> Iterator[Promise]:
    """Those that are about the output; `in_pieces`: a list of it is one text, not of items."""
    for one in said:
        field = one.field
        if field is not None and field.numbers is not None:
            yield from () if in_pieces and unit_of(one) in ITEMS else _ceiling(one, field)
            yield from _whole(one, field)
            yield from _none(one, field)
        yield from _less(one, fields)
        if _FILE_EACH.search(one.text):
            told = "there are not as many files as items, one for each, as is told"
            yield Promise(broken=told, rule=RULE, kept=partial(_file_each, fields))
        if field is not None and field.lists is not None and _ALIKE.search(one.text):
            told = f"there are not as many outputs as {field.name!a} has items, as is told"
            yield Promise(broken=told, rule=RULE, kept=partial(_as_many, field.name))


# At most


def unit_of(one: Said) -> str | None:
    """What is counted where a sentence says that there is never more of it than its input says."""
    if one.field is None or _PART.search(one.text) or not _CEILING.search(one.text):
        return None
    ceiling = _CEILING.search(one.text)
    match = _UNIT.search(one.text, ceiling.end() if ceiling else 0) or _UNIT.search(one.text)
    if match is None and (one.text.startswith("how many") or _SO_MANY.search(one.text)):
        return ITEMS[0]
    return None if match is None or _NONE.search(one.text) else match[1]


def _ceiling(one: Said, field: Field) -> Iterator[Promise]:
    unit = unit_of(one)
    if unit is not None:
        told = f"the output has more {unit}s than {field.name!a} allows"
        kept = partial(_within, field.name, unit)
        yield Promise(broken=told, rule=RULE, kept=kept, always=True)


def _within(name: str, unit: str, made: Made) -> bool | None:
    most, output = made.inputs.get(name), made.output
    if not isinstance(most, int | float) or most <= 0:
        return None
    if unit in ITEMS:
        return len(output) <= most if isinstance(output, list) else None
    listed = [one for one in output if isinstance(one, str)] if isinstance(output, list) else None
    # of several texts each or all may be meant
    texts = [joined(output)] if listed is None else listed
    found = [UNITS[unit](one) for one in texts if one is not None]
    return max(found) <= most if found else None


# None of them longer


def _none(one: Said, field: Field) -> Iterator[Promise]:
    match = _NONE.search(one.text)
    unit = "character"
    if match and match["how"] == "more":
        told = _UNIT.search(one.text, match.end())
        unit = told[1] if told else ""
    if match and unit in UNITS:
        told_all = f"a {match['part']} of the output has more {unit}s than {field.name!a} allows"
        kept = partial(_each_within, field.name, match["part"], unit)
        yield Promise(broken=told_all, rule=RULE, kept=kept, always=True)


def is_ceiling(one: Said) -> bool:
    """Whether a sentence says how much there is at most, of all or of each part."""
    return unit_of(one) is not None or _NONE.search(one.text) is not None


def _each_within(name: str, part: str, unit: str, made: Made) -> bool | None:
    most, output = made.inputs.get(name), made.output
    if not isinstance(most, int | float) or most <= 0:
        return None
    parts = output if isinstance(output, list) else [output]
    texts = [one for one in parts if isinstance(one, str)]
    if part == "line":
        texts = [line for text in texts for line in text.splitlines()]
    elif part == "paragraph":
        texts = [each for text in texts for each in re.split(r"\n\s*\n", text)]
    elif not isinstance(output, list):
        return None
    return max(map(UNITS[unit], texts)) <= most if texts else None


# Just so many, in a file


def _whole(one: Said, field: Field) -> Iterator[Promise]:
    match = _HOW_MANY.search(one.text)
    limited = re.search(r"\b(?:most|least|max\w*|min\w*|up to|limit)\b", one.text)
    if match and not limited and _HAS.search(match["rest"]):
        unit = match["unit"]
        told = f"the output file has not as many {unit} as {field.name!a} says"
        yield Promise(broken=told, rule=RULE, kept=partial(_has, field.name, unit))


def _has(name: str, unit: str, made: Made) -> bool | None:
    wanted, found = made.inputs.get(name), [*files(made.output)]
    if type(wanted) is not int or wanted < 1 or len(found) != 1:
        return None
    count = _COUNTERS[unit](found[0])
    return None if count is None else count == wanted


def _pages(file: File) -> int | None:
    if not file.content.startswith(b"%PDF"):
        return None
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", file.content)) or None


def _entries(file: File) -> int | None:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return len([one for one in archive.infolist() if not one.is_dir()])
    except (zipfile.BadZipFile, OSError):
        return None


_COUNTERS: Mapping[str, Callable[[File], int | None]] = {
    "frames": frames_of,
    "pages": _pages,
    "files": _entries,
    "entries": _entries,
}


# As many as there are items, or so many less


def _file_each(fields: Sequence[Field], made: Made) -> bool | None:
    """Of lists that are all of one length, and whose items are not empty."""
    lists = [made.inputs.get(one.name) for one in fields if one.lists is not None]
    told = {len(one) for one in lists if isinstance(one, list) and all(one)}
    found = [*files(made.output)]
    packed = _entries(found[0]) if len(found) == 1 else None
    if len(told) != 1 or len(lists) < 1 or not found or None in lists:
        return None
    return (len(found) if packed is None else packed) == told.pop()


def _sized(output: Any) -> int | None:
    return len(output) if isinstance(output, list) else None


def _as_many(name: str, made: Made) -> bool | None:
    items, count = made.inputs.get(name), _sized(made.output)
    if not isinstance(items, list) or count is None or joined(items) == "":
        return None
    return count == len(items)


def _less(one: Said, fields: Sequence[Field]) -> Iterator[Promise]:
    match, found = _LESS.search(one.text), less(one, fields)
    if match and found is not None:
        off = int(match["off"]) * (1 if match["sign"] == "+" else -1)
        told = f"there are not as many outputs as items, less {found[1]!a}, as is told"
        yield Promise(broken=told, rule=RULE, kept=partial(_is_less, *found, off))


def less(one: Said, fields: Sequence[Field]) -> tuple[str, str] | None:
    """(a list, a number): there are so many outputs less than the list has items."""
    match = _LESS.search(one.text)
    lists = [field.name for field in fields if field.lists is not None]
    numbers = {field.name.lower(): field.name for field in fields if field.numbers is not None}
    if match is None or len(lists) != 1 or match["name"] not in numbers:
        return None
    return lists[0], numbers[match["name"]]


def _is_less(items: str, name: str, off: int, made: Made) -> bool | None:
    given, by, count = made.inputs.get(items), made.inputs.get(name), _sized(made.output)
    if not isinstance(given, list) or type(by) is not int or count is None:
        return None
    wanted = len(given) - by - off
    return count == wanted if wanted > 0 else count <= len(given)
