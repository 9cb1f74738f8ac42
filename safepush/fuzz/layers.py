"""Whose turn it is: every layer's ideas under one budget, the most telling first."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safepush.fuzz.code import conditions
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import (
    awkward,
    beside,
    boundaries,
    edits,
    inside,
    pairs,
    regexes,
    signs,
    usual,
    wildcards,
)
from safepush.fuzz.inputs.granted import granted
from safepush.fuzz.probe import Probe
from safepush.fuzz.promises.said import aims
from safepush.fuzz.tables import own

#: how many of each are dealt in a round; what has run out is passed over
TURNS = {
    "given": 2,
    "regexes": 2,
    "wildcards": 1,
    "boundaries": 3,
    "said": 3,
    "source": 4,
    "inside": 2,
    "signs": 1,
    "edits": 2,
    "awkward": 4,
    "beside": 3,
    "media": 4,
    "tables": 6,
    "relations": 2,
    "pairs": 2,
}
#: at random, in rounds of so many once the others have run out
ROUND = 32


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the layers draw on; `base` is a whole input that the model takes.

    `fields` are those that may be varied.
    """

    fields: Sequence[Field]
    base: Mapping[str, Any]
    source: Source
    seed: int
    skipped: frozenset[str] = field(default_factory=frozenset)


def probes(plan: Plan) -> Iterator[Probe]:
    """Probes, none twice, until nothing new comes to mind."""
    seen = {changed(plan.base, {}, "usual").key}
    stale = 0
    for probe in _dealt(plan):
        stale = stale + 1 if probe.key in seen else 0
        if stale > 2 * ROUND:  # there is nothing left that is new
            return
        if not stale:
            seen.add(probe.key)
            yield probe


def _dealt(plan: Plan) -> Iterator[Probe]:
    made: dict[str, Iterator[Mapping[str, Any]]] = {
        "given": _given(plan),
        "regexes": regexes.ideas(plan.fields, plan.base, plan.source),
        "wildcards": wildcards.ideas(plan.fields, plan.base),
        "boundaries": _boundaries(plan),
        "said": aims.ideas(plan.fields, plan.base, plan.source),
        "source": _source(plan),
        "inside": inside.ideas(plan.fields, plan.base, plan.source),
        "signs": signs.ideas(plan.fields, plan.source),
        "edits": edits.ideas(plan.fields, plan.base),
        "awkward": _awkward(plan),
        "beside": beside.ideas(plan.fields, plan.base),
        "media": _media(plan),
        "tables": own.ideas(plan.fields, plan.base, plan.source),
        "relations": pairs.relations(plan.fields, plan.base),
        "pairs": pairs.pairwise(plan.fields, plan.base, random.Random(plan.seed)),  # noqa: S311
    }
    left = {name: ideas for name, ideas in made.items() if name not in plan.skipped}
    while left:
        for name in list(left):
            for _ in range(TURNS[name]):
                changes = next(left[name], None)
                if changes is None:
                    del left[name]
                    break
                yield changed(plan.base, _unusual(plan, changes), name)
    if "random" not in plan.skipped and plan.fields:
        yield from _random(plan)


def _unusual(plan: Plan, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of the changes that are any: what is left out has its default."""
    told = {one.name: plan.base.get(one.name, one.default) for one in plan.fields}
    return {
        name: value
        for name, value in changes.items()
        if value is None or repr(value) != repr(told.get(name))
    }


def changed(base: Mapping[str, Any], changes: Mapping[str, Any], layer: str) -> Probe:
    """The base with some inputs other than usual."""
    return Probe(inputs={**base, **changes}, layer=layer, changed=tuple(changes))


def _given(plan: Plan) -> Iterator[Mapping[str, Any]]:
    """What may be left out is given for once: all of it, then one by one."""
    told = {
        one.name: values[0]
        for one in plan.fields
        if one.name not in plan.base
        and one.default is None
        and (values := usual.values_of(one, plan.source.text, own.of_field(one, plan.source)))
    }
    if len(told) > 1:
        yield told
    yield from ({name: value} for name, value in told.items())


def _boundaries(plan: Plan) -> Iterator[Mapping[str, Any]]:
    """One input at a time, each input in turn."""
    queues = {one.name: boundaries.values(one) for one in plan.fields}
    for at in range(max(map(len, queues.values()), default=0)):
        yield from ({name: told[at]} for name, told in queues.items() if at < len(told))


def _source(plan: Plan) -> Iterator[Mapping[str, Any]]:
    known = {one.name: one for one in plan.fields}
    for wishes in conditions.branches(plan.source, known):
        made = granted(wishes, known, plan.base)
        if made:
            yield made


def _awkward(plan: Plan) -> Iterator[Mapping[str, Any]]:
    """One value of one input at a time; where there are many inputs, of several at once."""
    queues = {one.name: list(awkward.values(one)) for one in plan.fields}
    queues = {name: told for name, told in queues.items() if told}
    at_once = 1 if sum(map(len, queues.values())) <= 60 else max(1, len(queues) // 2)
    names = list(queues)
    for at in range(max(map(len, queues.values()), default=0)):
        for start in range(0, len(names), at_once):
            group = names[start : start + at_once]
            made = {name: queues[name][at] for name in group if at < len(queues[name])}
            if made:
                yield made


def _media(plan: Plan) -> Iterator[Mapping[str, Any]]:
    for one in plan.fields:
        item = one.item
        listed = not one.is_file and item is not None and item.is_file
        if one.is_file or listed:
            # odd ones of a file that was made for the model are dealt by themselves
            files = () if own.is_own(_first(one, plan)) else media.corpus(_kind(one, plan))
            made = _many(_told(one, plan), files) if listed else (file.uri for file in files)
            yield from ({one.name: value} for value in made if one.takes(value))


def _told(field: Field, plan: Plan) -> Any:
    """What is sent there as a rule, or would be."""
    return plan.base.get(field.name) or next(iter(usual.values_of(field, plan.source.text)), [])


def _many(told: Sequence[str], files: Iterable[media.Medium]) -> Iterator[list[str]]:
    """Lists of files: one, one twice, then each of the others with usual ones, which are unlike."""
    yield [*told[:1]]
    yield [*told[:1]] * 2
    yield from ([file.uri, *told[1:]] for file in files)


def _kind(field: Field, plan: Plan) -> str:
    """The kind of file that the model takes there, else the one that it seems to be meant for."""
    found = media.of(_first(field, plan))
    return found.kind if found is not None else media.kinds_of(field, plan.source.text)[0]


def _first(field: Field, plan: Plan) -> Any:
    """The file that is usual there, or the first of several."""
    told = plan.base.get(field.name)
    return told[0] if isinstance(told, list) and told else told


def _random(plan: Plan) -> Iterator[Probe]:
    from safepush.fuzz.inputs.drawn import drawn  # Hypothesis takes a second to load

    number = plan.seed
    while True:
        for changes in drawn(plan.fields, plan.base, number, ROUND):
            yield changed(plan.base, _unusual(plan, changes), "random")
        number += 1
