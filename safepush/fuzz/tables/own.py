"""Tables and records of the model's own as values of its inputs: files, and texts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.corpus.medium import Medium
from safepush.fuzz.fields import Field
from safepush.fuzz.sent import file_of
from safepush.fuzz.tables import examples, formats, odd, records
from safepush.fuzz.tables.examples import Example
from safepush.fuzz.tables.odd import Odd
from safepush.fuzz.tables.table import Table

_NAMES = {"text": "text", "table": "CSV", "json": "JSON", "lines": "JSON lines"}
_KINDS = {"text": "text", "table": "table", "json": "json", "lines": "json"}


@dataclass(frozen=True)
class Own(Medium):
    """A file that was made for one model."""

    example: Example | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Usual:
    """Values of an input that are tried before the likeliest of the corpus, and after it."""

    first: Sequence[Any] = ()
    later: Sequence[Any] = ()


def usual(fields: Sequence[Field], source: Source) -> Mapping[str, Usual]:
    """What inputs for tables and records are sent as a rule, where they have no default."""
    return {one.name: found for one in fields if (found := of_field(one, source)) is not None}


def of_field(field: Field, source: Source) -> Usual | None:
    """The same for one input; None where it is for something else."""
    if field.default is not None or field.choices or field.is_secret:
        return None
    made = examples.made(field, source)
    told = [_value(field, one) for one in made if one.is_told]
    guessed = [_value(field, one) for one in made if not one.is_told]
    is_text = not field.is_file
    first, later = ([*told, *guessed], []) if is_text else (told, guessed)
    found = Usual([*filter(field.takes, first)], [*filter(field.takes, later)])
    return found if found.first or found.later else None


def _value(field: Field, example: Example) -> str:
    return _file(example).uri if field.is_file else example.text


def _file(example: Example) -> Medium:
    """An example as a file, which is known from then on."""
    name = f"own {_NAMES[example.form]}"
    content = example.text.encode()
    return media.own(Own(name, _KINDS[example.form], example.mime, content, example=example))


# Odd ones


def corpus(value: Any, kind: str) -> Sequence[Medium]:
    """The files that are sent where one is usual: odd ones of that, if it is a table or records."""
    whole = media.of(value)
    example = None if whole is None else _of_file(whole)
    if whole is None or example is None:
        return media.corpus(kind)
    made = _odd_files(whole, example)
    return made if isinstance(whole, Own) else (*media.corpus(kind), *made)


def _of_file(found: Medium) -> Example | None:
    if isinstance(found, Own):
        return found.example
    is_data = found.kind in ("table", "json")
    return examples.of_text(found.content.decode()) if is_data else None


def _given(field: Field, value: Any, source: Source) -> Medium | None:
    """A file that an input is sent: one of ours, or what somebody else's address holds."""
    known, file = media.of(value), file_of(value)
    form = examples.form_of(field, source) if known is None and file is not None else None
    if form is None or file is None:
        return known
    example = examples.of_text(file.content.decode(errors="replace"), form)
    return Own("given", _KINDS[form], examples.MIMES[form], file.content, example=example)


@lru_cache(32)
def _odd_files(whole: Medium, example: Example) -> tuple[Medium, ...]:
    told = list(_odd(example))
    sound = (_odd_file(one, example) for one in told if one.sound)
    broken = (_odd_file(one, example) for one in told if not one.sound)
    other = media.usual(whole.kind)  # of other columns, or with other keys
    rest = chain([other] if other != whole else [], broken, map(media.own, media.broken(whole)))
    return tuple(media.dealt(sound, rest))


def _odd_file(one: Odd, example: Example) -> Medium:
    name = f"own {_NAMES[example.form]} {one.name}"
    content = one.text.encode(one.encoding, "replace")
    return media.own(Medium(name, _KINDS[example.form], example.mime, content, one.sound))


def _odd(example: Example) -> Iterator[Odd]:
    if example.form == "text":
        return formats.of(example.text)
    return odd.of(example.data) if isinstance(example.data, Table) else records.of(example)


def is_garbled(inputs: Mapping[str, Any]) -> bool:
    """Whether a damaged text is among them, which an output may well pass on as it is."""
    found = (media.of(value) for value in inputs.values() if isinstance(value, str))
    return any(one is not None and not one.sound and one.kind in _KINDS.values() for one in found)


def is_own(value: Any) -> bool:
    """Whether a file was made for the model, so that those of the corpus are others."""
    return isinstance(media.of(value), Own)


def ideas(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """Odd ones of each input that holds a table or records, one at a time, each in turn."""
    queues = [_values(one, base.get(one.name, one.default), source) for one in fields]
    for hand in zip_longest(*queues):
        yield from (one for one in hand if one is not None)


def _values(field: Field, told: Any, source: Source) -> Iterator[Mapping[str, Any]]:
    many = told if isinstance(told, list) else [told]
    whole = _given(field, many[0], source) if many else None
    if whole is not None:
        example = _of_file(whole)
        made = [one.uri for one in _odd_files(whole, example)] if example is not None else []
    else:
        found = of_text(field, told, source)
        texts = _odd(found) if found is not None else ()
        made = [one.text for one in texts if one.sound and not one.is_for_files]
    for value in made:
        sent = [value, *many[1:]] if isinstance(told, list) else value
        if field.takes(sent):
            yield {field.name: sent}


def of_text(field: Field, told: Any, source: Source) -> Example | None:
    """What a text input is sent as a rule, where that is a table or records."""
    if field.is_file or not field.is_free_text or not isinstance(told, str):
        return None
    form = examples.form_of(field, source)
    return None if form is None else examples.of_text(told, form)


def sent(field: Field, value: Any, source: Source) -> Example | None:
    """What an input is sent as a rule, in a file or as a text."""
    found = _given(field, value, source)
    return _of_file(found) if found is not None else of_text(field, value, source)


def value(field: Field, text: str, example: Example) -> str:
    """Another text of the same form as the input takes it."""
    if not field.is_file:
        return text
    name = f"own {_NAMES[example.form]}"
    return media.own(Medium(name, _KINDS[example.form], example.mime, text.encode())).uri
