"""Sections of a YAML document as keyword arguments; what cannot be used becomes a problem there."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from safepush.document import Document, Place

MAX_SECONDS = 86400
Field = tuple[str, Callable[[object, Place], Any]]
Word = TypeVar("Word", bound=StrEnum)


class Reader:
    """Goes through a document once; what it cannot use becomes a problem there, never an error."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def section(
        self,
        value: object,
        place: Place,
        fields: Mapping[str, Field],
        *,
        required: Sequence[str] = (),
        later: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The fields of a mapping, by their own names, as far as they can be used."""
        if not isinstance(value, dict):
            self.wrong(place, f"must be a mapping with the keys {', '.join(fields)}")
            return {}
        self._refuse_unknown(value, place, fields, later)
        for key in required:
            if key not in value:
                self.wrong(place, f"`{key}` is missing")
        parsed = {
            name: parse(value[key], (*place, key))
            for key, (name, parse) in fields.items()
            if key in value
        }
        return {name: found for name, found in parsed.items() if found is not None}

    def _refuse_unknown(
        self, value: dict[Any, Any], place: Place, known: Iterable[str], later: Sequence[str]
    ) -> None:
        for key in value:
            if key in known:
                continue
            where = (*place, str(key))
            if key in later:
                self.wrong(where, "is not yet supported; take it out to push without it")
            else:
                self.wrong(where, f"unknown key{suggestion(str(key), list(known))}")

    def each(self, value: object, place: Place, what: str) -> list[tuple[object, Place]] | None:
        """The members of a list with their places."""
        if isinstance(value, list):
            return [(one, (*place, number)) for number, one in enumerate(value)]
        self.wrong(place, f"must be a list of {what}")
        return None

    def seconds(self, value: Any, place: Place) -> float | None:
        """A time that something may take."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and 0 < value <= MAX_SECONDS:
            return float(value)
        self.wrong(place, f"must be a number of seconds above 0, at most {MAX_SECONDS}")
        return None

    def amount(self, value: Any, place: Place) -> float | None:
        """How much of something, nothing included."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and 0 <= value < float("inf"):
            return float(value)
        self.wrong(place, "must be a number, not below 0")
        return None

    def boolean(self, value: object, place: Place) -> bool | None:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.wrong(place, "must be true or false")
        return None

    def text(self, value: object, place: Place) -> str | None:
        """A text."""
        if isinstance(value, str):
            return value
        self.wrong(place, "must be text; put it in quotes")
        return None

    def word(self, value: object, place: Place, known: Mapping[str, Word]) -> Word | None:
        """One of a few words."""
        # YAML reads a bare off as false
        told = "off" if value is False else value
        if isinstance(told, str) and told in known:
            return known[told]
        self.wrong(place, f"must be one of {', '.join(known)}")
        return None

    def wrong(self, place: Place, message: str) -> None:
        """Note a problem."""
        self._document.wrong(place, message)


def suggestion(key: str, known: list[str]) -> str:
    """What somebody may have meant, and all that there is."""
    near = difflib.get_close_matches(key, known, n=1)
    guess = f"; did you mean `{near[0]}`?" if near else ""
    return f"{guess} (known here: {', '.join(known)})"
