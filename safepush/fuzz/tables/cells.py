"""What stands in a column, by its name: numbers, days, ids, words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_BEGIN = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove")
_TIMES = {"date": "%Y-%m-%d", "time": "%Y-%m-%dT%H:%M:%S", "clock": "%H:%M:%S", "month": "%Y-%m"}


@dataclass(frozen=True)
class Hint:
    """What the code or a description says of one cell: its kind, or which values it may have."""

    kind: str = ""
    choices: tuple[Any, ...] = ()
    form: str = ""


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(words)})(?![a-z0-9])")


#: by the kind whose word is the last one of the name
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", _words(
        *("amount", "price", "cost", "spend", "spent", "total", "value", "values", "score"),
        *("scores", "weight", "rate", "height", "width", "length", "area", "speed", "temp"),
        *("temperature", "[xyz]", "x1", "y1", "x2", "y2", "lat", "lon", "lng", "latitude"),
        *("longitude", "balance", "income", "revenue", "sales", "salary", "fee", "percent"),
        *("share", "ratio", "distance", "seconds", "duration", "ms", "minutes", "hours", "kg"),
        *("cm", "km", "usd", "eur", "mean", "target", r"feature\d*", r"f\d+", r"[abcv]\d*"),
        *("number", "measure", "reading", "load"),
    )),
    ("whole", _words(
        *("count", "counts", "calls", "age", "year", "years", "months", "days", "quantity", "qty"),
        *("units", "number_of", "n", "num", "rank", "votes", "clicks", "visits", "views", "orders"),
        *("stock", "points", "level", "size", "pages", "rooms", "tickets", "items", "wins"),
    )),
    ("id", _words(
        *("id", "ids", "uuid", "key", "code", "sku", "customer", "account", "user", "order", "ref"),
        *("device", "sensor", "invoice", "session", "item_no"),
    )),
    ("date", _words("date", "day", "due", "birthday", "deadline", "on", "since", "until")),
    ("time", _words("time", "timestamp", "datetime", "at", "when", "created", "updated")),
    ("month", _words("month", "period")),
    ("switch", _words("is", "has", "active", "flag", "enabled", "churned", "paid", "done")),
    ("email", _words("e?mail")),
    ("address", _words("url", "uri", "link", "website")),
    ("country", _words("country", "lang", "language", "locale")),
    ("currency", _words("currency")),
    ("text", _words(
        *("text", "comment", "review", "sentence", "message", "question", "answer", "prompt"),
    )),
)  # fmt: skip


def kind(name: str, hint: Hint | None = None) -> str:
    """What kind of values a column has; words where nothing is known."""
    if hint is not None and (hint.choices or hint.kind):
        return "choice" if hint.choices else hint.kind
    told = re.sub(r"[\W_]+", "_", re.sub(r"([a-z])([A-Z])", r"\1_\2", name)).lower()
    ends = {one: found.end() for one, words in _KINDS for found in words.finditer(told)}
    return max(ends, key=lambda one: ends[one], default="word")


def value(name: str, at: int, hint: Hint | None = None) -> Any:
    """The cell of a column in a row, as JSON has it."""
    found = kind(name, hint)
    if found == "choice" and hint is not None:
        return hint.choices[at % len(hint.choices)]
    if found in _TIMES:
        form = (hint.form if hint is not None else "") or _TIMES[found]
        step = timedelta(days=31 if found == "month" else 1, minutes=7)
        return (_BEGIN + at * step).strftime(form)
    return _MADE.get(found, _word)(at)


def _word(at: int) -> str:
    return _WORDS[at % len(_WORDS)] + (str(at) if at >= len(_WORDS) else "")


_MADE: Mapping[str, Callable[[int], Any]] = {
    "number": lambda at: round(12.5 + 7.25 * at + 0.5 * (at % 3), 2),
    "whole": lambda at: 4 + 3 * at + at % 2,
    "part": lambda at: round((0.31 + 0.17 * at) % 1, 2),
    "id": lambda at: f"A-{at + 1}",
    "switch": lambda at: at % 2 == 0,
    "email": lambda at: f"{_word(at)}@example.com",
    "address": lambda at: f"https://example.com/{_word(at)}",
    "country": lambda at: ("de", "en", "fr", "es")[at % 4],
    "currency": lambda at: ("EUR", "USD")[at % 2],
    "text": lambda at: f"The {_word(at)} stood by the old river and waited.",
}


def rows(
    columns: Sequence[str], count: int, hints: Mapping[str, Hint], every: str = "", groups: int = 0
) -> list[tuple[str, ...]]:
    """Rows of cells as text, no two columns alike.

    `every`: the kind that all of them are of, whatever their names; `groups`: so many words.
    """
    told = {name: Hint(every) for name in columns} if every else hints
    kinds = {name: kind(name, told.get(name)) for name in columns}

    def cell(name: str, column: int, at: int) -> str:
        is_word = groups and kinds[name] in ("word", "id")
        shift = column if kinds[name] in ("word", "number", "whole", "part") else 0
        return written(value(name, (at % groups if is_word else at) + shift, told.get(name)))

    return [tuple(cell(name, n, at) for n, name in enumerate(columns)) for at in range(count)]


def written(value: Any) -> str:
    """A value as a cell has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
