"""An ordinary value of each input: what one input at a time departs from."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from safepush.compat.shapes import Numbers, Objects, number
from safepush.compat.values import sample
from safepush.findings import NO_EXAMPLE
from safepush.fuzz import secrecy
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import meaning
from safepush.fuzz.tables import own

WORDS = "a quick brown fox jumps over the lazy dog"
SEED = 1
#: kinds of file that are tried where none is needed
MOST_KINDS = 2


def inputs(
    fields: Sequence[Field],
    given: Mapping[str, Any],
    source: str = "",
    known: Mapping[str, own.Usual] = MappingProxyType({}),
) -> Iterator[dict[str, Any]]:
    """Whole inputs that a model should take, the likeliest first.

    `given` is known to be good (a test case, fixed inputs) and is in all of them; `source` is the
    model's code, `known` what that tells of tables. Where the first ones are refused, some later
    one may not be.
    """
    choices = {
        one.name: values_of(one, source, known.get(one.name))
        for one in fields
        if one.name not in given and _told(one)
    }
    first = {name: values[0] for name, values in choices.items() if values}
    for file in _files_instead(fields, given, source, known):
        yield {**first, **file, **given}
    yield {**first, **given}
    files = {one.name for one in fields if one.is_file}
    second = {name: values[1] for name, values in choices.items() if name in files and values[1:]}
    if len(second) > 1:  # each of them may be too small
        yield {**first, **second, **given}
    for name, values in choices.items():
        yield from ({**first, name: value, **given} for value in values[1:])


def _files_instead(
    fields: Sequence[Field],
    given: Mapping[str, Any],
    source: str,
    known: Mapping[str, own.Usual],
) -> Iterator[dict[str, Any]]:
    """A file where a model takes one and has its own where there is none: then it is about that."""
    if any(one.is_free_text or (one.is_file and one.required) or _makes(one) for one in fields):
        return
    for one in [one for one in fields if one.is_file and one.name not in given][:1]:
        if one.default is None:
            values = values_of(one, source, known.get(one.name))
            yield from ({one.name: value} for value in values[:MOST_KINDS])


def _makes(field: Field) -> bool:
    """Whether it speaks of something that a model makes of nothing."""
    return field.is_seed or field.name.lower() in ("width", "height", "num_outputs")


def _told(field: Field) -> bool:
    """Whether a value is sent: a required one, or what makes an output come twice."""
    return field.required or field.is_seed or field.is_dice


def values_of(field: Field, source: str = "", known: own.Usual | None = None) -> list[Any]:
    """Ordinary values of one input, the likeliest first; `known` are tables that it is for."""
    known = known or own.Usual()
    made = [value for value in _values(field, source) if field.takes(value)]
    return [*known.first, *made[:1], *known.later, *made[1:]]


def _values(field: Field, source: str) -> list[Any]:
    if field.is_seed:
        return [SEED, field.default, *_numbers(field.numbers)]
    if field.default is not None:
        return [False if field.is_dice else field.default]
    if field.is_secret:
        return [secrecy.EXAMPLE, *_texts(field)]
    if field.is_file:
        first, *rest = media.kinds_of(field, source)
        larger = [one.uri for one in media.others(first)[1:]]
        moving = [one.uri for one in media.animations(field)]
        return [*moving, media.usual(first).uri, *larger, *(media.usual(kind).uri for kind in rest)]
    if field.choices:
        return list(field.choices)
    if field.numbers is not None:
        return _numbers(field.numbers)
    if field.texts is not None:
        return _texts(field)
    return _of_many(field, source)


def _of_many(field: Field, source: str) -> list[Any]:
    item, lists = field.item, field.lists
    found = sample(field.shape)
    rest = [] if found is NO_EXAMPLE else [found]
    if item is None or lists is None:
        is_free = any(isinstance(one, Objects) and not one.members for one in field.shape.branches)
        return [{"a": 1}, *rest] if is_free else rest
    wanted = max(lists.fewest, 2 if lists.most is None or lists.most >= 2 else lists.most)
    made = values_of(item, source)
    filled = [[value] * wanted for value in made]
    unlike = _two_files(item, source) if item.is_file else made
    distinct = [unlike[:wanted]] if 1 < wanted <= len(unlike) else []
    return [*distinct, *filled, *rest]


def _two_files(item: Field, source: str) -> list[Any]:
    """An ordinary file of the likeliest kind, and another."""
    kind = media.kinds_of(item, source)[0]
    made = [media.usual(kind), *media.others(kind)[:1]]
    return [one.uri for one in made if item.takes(one.uri)]


def _texts(field: Field) -> list[str]:
    found = field.texts
    most = None if found is None else found.longest
    fitting = sample(field.shape)
    told = meaning.usual(field)
    # a pattern says more than a name
    head = [fitting] if isinstance(fitting, str) and found is not None and found.patterns else []
    tail = [fitting] if isinstance(fitting, str) else []
    return [
        text[:most] for text in (*head, *told[:2], WORDS, *told[2:], *meaning.all_usual(), *tail)
    ]


def _numbers(found: Numbers | None) -> list[Any]:
    if found is None:
        return []
    ends = [bound.value for bound in (found.low, found.high) if bound is not None]
    middle = [number((ends[0] + ends[1]) / 2)] if len(ends) == 2 else []
    if found.is_integer:
        middle = [int(one) for one in middle]
    near = [number(end) for end in ends]
    return [1, *middle, 2, 10, *near]
