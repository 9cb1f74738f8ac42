"""Sentences about what of the inputs is in the output: all of it, only that, or as it was."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import joined, leaves
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said

_ALL = re.compile(
    r"\b(?:each(?: one)? of them|all(?: of them)?|every (?:one|item)|each(?: one)?)"
    r" (?:(?:is|are|comes?|stays?) (?:back )?in the (?:outputs?|answers?|results?)|comes? back"
    r"|(?:is|are) (?:returned|given back))\b"
    r"|\bnone (?:of them )?(?:is|are) (?:lost|left out|dropped)\b"
    r"|\bnothing is (?:lost|left out|dropped)\b"
)
#: then of two that are the same one may be left
_ONCE = re.compile(
    r"\bonce\b|\bduplicates?\b|\bdistinct\b|\bunique\b|\btwice\b|\bmerged?\b|\balike\b"
)
_ONLY = re.compile(
    r"\bonly (?:these|those|they|what is here) (?:are|is|come|may be) in the"
    r" (?:outputs?|answers?|results?)\b|\bto (?:choose|pick|draw|select) from\b"
    r"|\b(?:is|are) (?:always )?(?:one|some) of (?:these|them|those)\b"
    r"|\bnothing else is in the (?:outputs?|answers?|results?)\b"
    r"|\b(?:chosen|picked|drawn) from (?:these|them|those|here)\b"
)
_UNTOUCHED = re.compile(
    r"\b(?:(?:left|left just|kept|stay|stays) as (?:they|it) (?:are|is|were|was)|left alone"
    r"|unchanged|untouched|(?:not|never) (?:changed|translated|touched|altered)|verbatim)\b"
)
#: places in a text by the words for them: (how one is found, how one is made)
PLACES: Mapping[str, tuple[re.Pattern[str], str]] = {
    **dict.fromkeys(("braces", "curly brackets"), (re.compile(r"\{\w+\}"), "{%s}")),
    "square brackets": (re.compile(r"\[\w+\]"), "[%s]"),
    **dict.fromkeys(("angle brackets", "tags"), (re.compile(r"<[a-z]+>"), "<%s>")),
    "backticks": (re.compile(r"`[\w ]+`"), "`%s`"),
    "double quotes": (re.compile(r'"[\w ]+"'), '"%s"'),
    **dict.fromkeys(
        ("addresses", "links", "urls"),
        (re.compile(r"https?://[\w./-]+\w"), "https://example.com/%s"),
    ),
    "hashtags": (re.compile(r"(?<!\S)#\w+"), "#%s"),
    "numbers": (re.compile(r"(?<![\w.,-])\d+(?![\w.,-])"), "42 %s"),
    "mentions": (re.compile(r"(?<!\S)@\w+"), "@%s"),
}
#: of longer texts often no more than the beginning is shown
SHORT = 80
_BEFORE = re.compile(
    r"\b(?:ends?|stops?|is cut(?: off)?)\b[^.]*\bbefore (?:this|it)\b"
    r"|\bnothing (?:that comes )?after (?:this|it)\b"
    r"|\bnever (?:in|part of) the (?:output|answer|result|text)\b"
)
_AT = re.compile(
    r"\b(?:ends?|stops?) (?:at|when|where|with|as soon as) (?:this|it)\b|\bwhere to stop\b"
)
#: then a part of one is none
_WORD = re.compile(r"\b(?:this|the|a|its) words?\b")
_ORDER = re.compile(
    r"\bin this order$|\bin the order (?:given|(?:in which )?(?:they|it) (?:are|were|is) given)$"
    r"|\bkeeps? (?:the|their) order\b"
)
_SOUGHT = re.compile(r"\b(?:look|search|find|sought|looked) ?(?:for)?\b")
_PATTERN = re.compile(r"regex|pattern|expression|wildcard|fuzzy|similar")


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """Those that are about the output."""
    numbers = frozenset(one.name for one in fields if one.numbers is not None)
    for one in said:
        field = one.field
        if field is None:
            continue
        name = field.name
        is_text = field.texts is not None and not field.choices
        if field.lists is not None and _ALL.search(one.text):
            told = f"not all items of {name!a} are in the output, as is told"
            once = any(_ONCE.search(each.text) for each in said)
            yield Promise(broken=told, kept=partial(_all, name, once))
        if (field.lists is not None or is_text) and _ONLY.search(one.text):
            told = f"the output has something that is not in {name!a}, as is told"
            yield Promise(broken=told, kept=partial(_only, name))
        if field.lists is not None and _ORDER.search(one.text.rstrip(".")):
            told = f"the output has items of {name!a} in another order, and none is told"
            yield Promise(broken=told, kept=partial(_in_order, name))
        for place in places(one) if is_text else ():
            told = f"what is in {place} in {name!a} is not left as it is, as is told"
            yield Promise(broken=told, kept=partial(_left, name, place, numbers), always=True)
        if is_text and ends_at(one):
            told = f"the output goes on after {name!a}, where it ends, as is told"
            is_before = _BEFORE.search(one.text) is not None
            is_word = _WORD.search(one.text) is not None
            kept = partial(_ends, name, is_before, is_word)
            yield Promise(broken=told, kept=kept, always=True)
    yield from _spans(fields)


def ends_at(one: Said) -> bool:
    """Whether a sentence says that the output ends where its input comes in it."""
    return any(each.search(one.text) for each in (_BEFORE, _AT))


def _norm(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return " ".join(text.split()).lower()


def _items(value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.split(",")
    found = [_norm(one) for one in value] if isinstance(value, list) else []
    return [one for one in found if one]


def _all(name: str, once: bool, made: Made) -> bool | None:
    given, found = _items(made.inputs.get(name)), Counter(map(_norm, leaves(made.output)))
    short = [one for one in given if len(one) <= SHORT]
    wanted = Counter(set(short)) if once else Counter(short)
    return not wanted - found if short else None


def _only(name: str, made: Made) -> bool | None:
    """Whether a list, or a single value, has nothing but what was given."""
    given, output = made.inputs.get(name), made.output
    found = output if isinstance(output, list) else [output]
    scalars = [one for one in found if isinstance(one, str | int | float)]
    if not scalars or len(scalars) < len(found) or not _items(given):
        return None
    return {_norm(one) for one in scalars} <= {*_items(given), ""}


def _in_order(name: str, made: Made) -> bool | None:
    """Whether what is in the output of a list, none of it twice, is there one after the other."""
    given = _items(made.inputs.get(name))
    at = {item: number for number, item in enumerate(given)}
    found = [at[one] for one in map(_norm, leaves(made.output)) if one in at]
    if len(at) < len(given) or len(found) < 2 or len(set(found)) < len(found):
        return None
    return found == sorted(found)


def places(one: Said) -> list[str]:
    """Where a sentence says that a text is left as it is."""
    if not _UNTOUCHED.search(one.text):
        return []
    found = [place for place in PLACES if re.search(rf"\b{place}\b", one.text)]
    if not found and re.search(r"\b(?:brackets|quotes|code)\b", one.text):
        return []  # of which kind, nobody says
    return found


def _left(name: str, place: str, numbers: frozenset[str], made: Made) -> bool | None:
    given, made_of = made.inputs.get(name), joined(made.output)
    # with another number there may be less of it
    if not isinstance(given, str) or made_of is None or made.changed & numbers:
        return None
    found = PLACES[place][0].findall(given)
    return all(one in made_of for one in found) if found else None


def _ends(name: str, is_before: bool, is_word: bool, made: Made) -> bool | None:
    stop, text = made.inputs.get(name), joined(made.output)
    if not isinstance(stop, str) or not stop.strip() or text is None or "," in stop:
        return None
    others = [one for key, one in made.inputs.items() if key != name]
    if any(stop in one for one in others if isinstance(one, str)):
        return None  # what comes first may be a part of the answer
    at = text.find(stop)
    if at >= 0 and is_word:  # no pattern of what is not there: it may be a very long text
        found = re.search(rf"(?<!\w){re.escape(stop)}(?!\w)", text)
        at = -1 if found is None else found.start()
    return at < 0 or (not is_before and at + len(stop) == len(text.rstrip()))


# Places in a text


def _spans(fields: Sequence[Field]) -> Iterator[Promise]:
    texts = [one for one in fields if one.texts is not None and not (one.choices or one.is_secret)]
    for name in (one.name for one in texts):
        for other in (one for one in sought(fields) if one != name):
            told = f"what begins and ends there in {name!a} is not {other!a}"
            yield Promise(broken=told, kept=partial(_found, name, other))


def sought(fields: Sequence[Field]) -> list[str]:
    """Texts that are looked for as they are, if there are such."""
    texts = [one for one in fields if one.texts is not None and not (one.choices or one.is_secret)]
    said = {one.name: f"{one.name} {one.description}".lower() for one in texts}
    if any(_PATTERN.search(each) for each in said.values()):
        return []
    return [name for name, each in said.items() if _SOUGHT.search(each)]


def _found(name: str, sought: str, made: Made) -> bool | None:
    """Whether each place that is given has what was looked for, whatever its capitals."""
    text, wanted = made.inputs.get(name), made.inputs.get(sought)
    spans = [one for one in made.objects if _is_span(one)]
    if not isinstance(text, str) or not isinstance(wanted, str) or not spans:
        return None
    parts = (text[one["start"] : one["end"]] for one in spans)
    # a word may be found with its ending
    return all(wanted.casefold() in part.casefold() for part in parts)


def _is_span(one: Mapping[str, Any]) -> bool:
    return type(one.get("start")) is int and type(one.get("end")) is int
