"""Sections of a YAML document as keyword arguments; what cannot be used becomes a problem there."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
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
        elsewhere: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The fields of a mapping, by their own names, as far as they can be used.

        Keys `elsewhere` are known too, and read by somebody else.
        """
        if not isinstance(value, dict):
            self.wrong(place, f"must be a mapping with the keys {', '.join(fields)}")
            return {}
        self.known(value, place, [*fields, *elsewhere])
        for key in required:
            if key not in value:
                self.wrong(place, f"`{key}` is missing")
        parsed = {
            name: parse(value[key], (*place, key))
            for key, (name, parse) in fields.items()
            if key in value
        }
        return {name: found for name, found in parsed.items() if found is not None}

    def known(self, value: Mapping[Any, Any], place: Place, known: Sequence[str]) -> None:
        """Note every key that is not known."""
        for key in value:
            if key not in known:
                told = f"unknown key{suggestion(str(key), list(known))}"
                self.wrong((*place, str(key)), told)

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

    def number(self, value: Any, place: Place) -> float | None:
        """Any number but infinity and NaN."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and abs(value) < float("inf"):
            return float(value)
        self.wrong(place, "must be a number")
        return None

    def part(self, value: Any, place: Place) -> float | None:
        """A part of a whole."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and 0 <= value <= 1:
            return float(value)
        self.wrong(place, "must be a number from 0 to 1")
        return None

    def whole(self, value: Any, place: Place, least: int, most: int) -> int | None:
        """A whole number within limits."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(place, f"must be a whole number from {least} to {most}")
        return None

    def texts(self, value: object, place: Place) -> tuple[str, ...] | None:
        """A list of texts, with at least one."""
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(place, "must be text, or a list of texts")
        return None

    def file(self, value: object, place: Place) -> Path | None:
        """A file beside the document."""
        text = self.text(value, place)
        if text is None:
            return None
        path = self._document.folder / text
        if path.is_file():
            return path
        self.wrong(place, "there is no such file (it is looked for beside this configuration)")
        return None

    def line(self, place: Place) -> int | None:
        """The line where something stands."""
        return self._document.line(place)

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
