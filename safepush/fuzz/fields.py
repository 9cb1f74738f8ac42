"""A model's inputs as the fuzzer sees them: each with its shape, its default and what it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safepush.compat.contract import contract, schemas_of
from safepush.compat.shapes import (
    NO_DEFAULT,
    Choices,
    Lists,
    Numbers,
    Objects,
    Shape,
    Texts,
    kind,
)
from safepush.compat.values import accepts

_DICE = re.compile(r"(use_)?random(i[sz]e)?(_?seed)?")
_SEED = re.compile(r"(^|_)(seed|random_state)$")


@dataclass(frozen=True)
class Field:
    """One input; `description` is the model's own word on it."""

    name: str
    shape: Shape
    required: bool
    description: str = ""

    @property
    def default(self) -> Any:
        """What is taken where it is left out; None where there is nothing."""
        found = self.shape.facts.default
        return None if found is NO_DEFAULT else found

    @property
    def takes_null(self) -> bool:
        """Whether null may be sent."""
        return self.shape.takes_null

    @property
    def is_file(self) -> bool:
        """Whether it names a file."""
        return any(isinstance(one, Texts) and one.is_file for one in self.shape.branches)

    @property
    def is_secret(self) -> bool:
        """Whether it is a secret, of which nobody makes up many."""
        return any(isinstance(one, Texts) and one.is_secret for one in self.shape.branches)

    @property
    def is_seed(self) -> bool:
        """Whether the same value is to give the same output."""
        return bool(_SEED.search(self.name.lower())) and self.numbers is not None

    @property
    def is_dice(self) -> bool:
        """Whether it is a switch that lets chance have its way, whatever the seed."""
        is_switch = any(isinstance(one, bool) for one in self.choices)
        return is_switch and bool(_DICE.fullmatch(self.name.lower()))

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values it may take, where they are counted."""
        found = [one for one in self.shape.branches if isinstance(one, Choices)]
        return tuple(value for one in found for value in one.values if value is not None)

    @property
    def numbers(self) -> Numbers | None:
        """Its range, where it is a number."""
        return next((one for one in self.shape.branches if isinstance(one, Numbers)), None)

    @property
    def texts(self) -> Texts | None:
        """Its lengths and patterns, where it is a text and no file."""
        found = (one for one in self.shape.branches if isinstance(one, Texts) and not one.is_file)
        return next(found, None)

    @property
    def is_text(self) -> bool:
        """Whether it is a text that no list of choices gives, and no secret."""
        return self.texts is not None and not (self.choices or self.is_secret)

    @property
    def is_free_text(self) -> bool:
        """Whether people write what they like there."""
        return self.is_text and self.texts is not None and not self.texts.patterns

    @property
    def lists(self) -> Lists | None:
        """Its lengths and items, where it is a list."""
        return next((one for one in self.shape.branches if isinstance(one, Lists)), None)

    @property
    def item(self) -> "Field | None":
        """One item of it as a field, where it is a list."""
        found = self.lists
        if found is None:
            return None
        return Field(self.name, found.items, required=True, description=self.description)

    @property
    def is_plain(self) -> bool:
        """Whether it is a number, a text, a switch or a choice."""
        return not any(isinstance(one, Lists | Objects) for one in self.shape.branches)

    def takes(self, value: Any) -> bool:
        """Whether it may be sent, as far as anybody can tell."""
        if not _is_unicode(value):
            return False
        if kind(value) == "number" and abs(value) >= 2**63:
            return isinstance(value, float) and accepts(self.shape, value) is True
        return accepts(self.shape, value) is not False


def _is_unicode(value: Any) -> bool:
    """Whether UTF-8 has letters for all of it: half of a surrogate pair is none."""
    if isinstance(value, list):
        return all(map(_is_unicode, value))
    if not isinstance(value, str) or value.isascii():
        return True
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def fields_of(document: Any) -> tuple[Field, ...]:
    """The inputs that a model's document declares, in its order.

    Raises:
        SchemaInvalid: it is no model's document.
    """
    shape = contract(document, "the schema").inputs.get("input")
    objects = [one for one in shape.branches if isinstance(one, Objects)] if shape else []
    told = schemas_of(document).get("Input", {}).get("properties", {})
    return tuple(
        Field(name, member.shape, member.required, _described(told.get(name)))
        for one in objects[:1]
        for name, member in one.members.items()
    )


def _described(schema: Any) -> str:
    found = schema.get("description") if isinstance(schema, Mapping) else None
    return found if isinstance(found, str) else ""
