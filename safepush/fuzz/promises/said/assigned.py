"""Settings in one text, as pairs of a name and a value: those of a description are sent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.secrecy import is_open_text

_PAIRS = re.compile(
    r"\b(?:names?|keys?|settings?|options?|fields?|parameters?|words?)[>}\]`'\"]?"
    r"\s?(?P<sign>=|:|->)\s?[<{\[`'\"]?(?:values?|numbers?|texts?|words?|settings?)\b",
    re.IGNORECASE,
)
_QUOTES = "`'\"\u2018\u2019\u201c\u201d"
_NAME = rf"[{_QUOTES}]?[A-Za-z_][\w-]*[{_QUOTES}]?(?:\s?\([^()]*\))?"
_LIST = re.compile(
    r"(?:\b(?:of|for|from|are|names?|keys?|known|knows|to set|set|be|takes?|settings?|options?)"
    r"|[:(\u2013-])\s+(?:the (?:names|keys|settings) )?"
    rf"(?P<all>{_NAME}(?:(?:\s*,\s*(?:and\s|or\s)?|\s+(?:and|or)\s+|/){_NAME})+)",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?:\b(?:and|or)\s+)?[{_QUOTES}]?(?P<name>[A-Za-z_][\w-]*)[{_QUOTES}]?"
    r"(?:\s?\((?P<values>[^()]*)\))?"
)
#: names that stand for all others
_ANY = frozenset({"name", "key", "value", "values", "setting", "option", "field", "parameter"})
#: words that are no names
_WORDS = _ANY | {
    *("a", "an", "the", "them", "it", "its", "one", "each", "all", "any", "is", "are", "be", "in"),
    *("with", "commas", "comma", "lines", "line", "spaces", "pairs", "names", "keys", "if"),
}
_BETWEEN = (
    (re.compile(r"\bsemicolons?\b|['\"`];['\"`]"), ";"),
    (re.compile(r"\bampersands?\b|&"), "&"),
    (re.compile(r"\b(?:one|each|a) (?:pair )?(?:a|per|on (?:a|its own)) line\b|\blines\b"), "\n"),
    (re.compile(r"\bspaces? between\b|\bseparated by (?:spaces?|blanks?)\b"), " "),
)
#: what is a value where nothing says which there are
VALUE = "Zuvela"
#: values of each name, and texts that are sent
MOST, MOST_SENT = 3, 12


def ideas(fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """All names together with their first values, then with their next ones; then each alone."""
    for field in (one for one in fields if is_open_text(one)):
        said = " ".join(field.description.split())
        pairs = _PAIRS.search(said)
        known = named(said) if pairs else {}
        if pairs is None or not known:
            continue
        between = next((sign for each, sign in _BETWEEN if each.search(said.lower())), ",")
        rows = [*zip_longest(*known.values())]
        hands = [{name: row[at] or known[name][0] for at, name in enumerate(known)} for row in rows]
        hands += [{name: one} for name, values in known.items() for one in values]
        for hand in hands[:MOST_SENT]:
            yield {field.name: between.join(f"{a}{pairs['sign']}{b}" for a, b in hand.items())}


def named(said: str) -> dict[str, list[str]]:
    """The names of a description, with values of each; pairs that it has itself go first."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"(?<![\w=])([A-Za-z_][\w-]*)[=:]([\w.#-]*\w)", said):
        if name.lower() not in _WORDS:
            found.setdefault(name, []).append(value)
    for match in _LIST.finditer(said):
        listed = [*_ONE.finditer(match["all"])]
        if not any(one["name"].lower() in _WORDS for one in listed):
            for one in listed:
                found.setdefault(one["name"], []).extend(_values(one["values"] or ""))
    return {name: [*dict.fromkeys(values or [VALUE])][:MOST] for name, values in found.items()}


def _values(said: str) -> list[str]:
    """Those that stand in brackets behind a name: the words between which one may choose."""
    if numbers := re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", said):
        return numbers
    if re.search(r"\bnumber|\bseconds\b|\binteger|\bpercent", said):
        return ["2"]
    parts = re.split(r"\s*(?:,|/|\||\bor\b)\s*", said)
    words = [re.sub(rf"[{_QUOTES}]", "", one).strip() for one in parts]
    return [one for one in words if re.fullmatch(r"[\w-]+", one)] if len(words) > 1 else []
