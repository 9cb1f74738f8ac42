"""What inputs change, and what they must not: told by predictions that differ in one of them."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safepush.compare import Tolerance, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.alikeness import seen
from safepush.fuzz.promises.outputs import SUFFIXES
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs

#: seeds that have to give the same before anything is said of it, and inputs that are tried then
FEWEST_SEEDS, OTHERS = 3, 8
#: then nobody is surprised
_IDLE = re.compile(r"ignor|unused|not used|no effect|compatib|deprecat|reserved")
_FIRST = re.compile(r"first|best|rank|order|sort")
_TOP = re.compile(
    r"(?:top|max|num|n|limit)_?(?:k|n|results?|items|matches|hits|labels|keywords|tags)|limit"
)
_ARRANGES = re.compile(r"order|sort|rank|desc|asc|revers|shuffle|random|by$")
_FORMAT = re.compile(r"(?:output_|image_)?(?:format|type|extension)")
#: how the samples of a sound are written, which says nothing of how long it lasts
_RECORDED = re.compile(
    r"(?:\w+_)?(?:bits?|bit_?(?:depth|width)|sample_?(?:width|rate|format|size)|channels?|encoding)"
    r"|bits_per_sample|stereo|mono"
)
#: seconds that codecs and frames may add
NEAR_S = 0.1
#: of 255: as far as codecs and palettes may take a picture from another, all in all
NEAR = 40.0


@dataclass(frozen=True)
class Effects:
    """Looks at what was made so far; `alike` is how far outputs may differ."""

    fields: Sequence[Field]
    runs: Runs
    source: Source
    alike: Tolerance

    def suspicions(self) -> Iterator[Suspicion]:
        """Those that came up again; a rule for each kind."""
        for field in self.fields:
            groups = self._groups(field)
            if field.is_seed:
                yield from self._seed(field, groups)
            for applies, told, unlike in _KINDS:
                if applies(field):
                    yield from self._pairs(field, groups, told, unlike)
                    break

    def _groups(self, field: Field) -> list[dict[str, Tried]]:
        """Predictions that differ in this input alone, by its value."""
        found: dict[str, dict[str, Tried]] = defaultdict(dict)
        for one in (one for one in self.runs.history if one.succeeded):
            value = one.probe.inputs.get(field.name, field.default)
            rest = {key: each for key, each in one.probe.inputs.items() if key != field.name}
            found[repr(sorted(rest.items()))].setdefault(json.dumps(value), one)
        return [one for one in found.values() if len(one) > 1]

    # A seed that changes nothing

    def _seed(self, field: Field, groups: list[dict[str, Tried]]) -> Iterator[Suspicion]:
        tried = [one for group in groups for one in group.values()]
        if _IDLE.search(field.description.lower()):
            return
        if not self.source.uses_chance or max(map(len, groups), default=0) < FEWEST_SEEDS:
            return
        if any(self._unlike(group) for group in groups) or self._elsewhere(field, tried):
            return
        told = f"{field.name!a} changes nothing, whatever else is sent"
        yield Suspicion(rule=RULE, cause=told, detail=told, tried=tried[1], is_proven=True)

    def _unlike(self, group: Mapping[str, Tried]) -> bool:
        first, *rest = group.values()
        return any(compare(first.output, one.output, self.alike) for one in rest)

    def _elsewhere(self, field: Field, tried: Sequence[Tried]) -> bool:
        """Whether another seed changes something with other inputs: those that were most unlike."""
        known = {one.number for one in tried}
        others = [
            one
            for one in self.runs.history
            if one.succeeded and one.number not in known and one.probe.changed
        ]
        others.sort(key=lambda one: -len(one.probe.changed))
        for one in others[:OTHERS]:
            inputs = dict(one.probe.inputs)
            inputs[field.name] = (inputs.get(field.name) or 0) + 11
            if field.takes(inputs[field.name]):
                again = self.runs.one(Probe(inputs=inputs, layer="effects", changed=(field.name,)))
                if not again.succeeded or compare(one.output, again.output, self.alike):
                    return True
        return not others

    # Two values of an input

    def _pairs(
        self,
        field: Field,
        groups: list[dict[str, Tried]],
        told: str,
        unlike: Callable[[Any, Any, Any, Any], bool],
    ) -> Iterator[Suspicion]:
        """The first two outputs that do not go together, if they do not once more."""
        for group in groups:
            plain = {key: one for key, one in group.items() if not _is_arranged(one)}
            values = sorted(((json.loads(key), one) for key, one in plain.items()), key=_by_value)
            for at, (low, one) in enumerate(values):
                for high, other in values[at + 1 :]:
                    if unlike(low, one.output, high, other.output):
                        again = [self.runs.one(each.probe).output for each in (one, other)]
                        if unlike(low, again[0], high, again[1]):
                            detail = told.format(ascii(field.name))
                            later = max((one, other), key=lambda each: each.number)
                            yield Suspicion(
                                rule=RULE,
                                cause=detail,
                                detail=detail,
                                tried=later,
                                is_proven=True,
                            )
                        return


def _is_arranged(tried: Tried) -> bool:
    """Whether it came in another order than usual, which may be made of what is left."""
    return any(_ARRANGES.search(name.lower()) for name in tried.probe.changed)


def _by_value(pair: tuple[Any, Tried]) -> Any:
    value = pair[0]
    return (0, value, "") if is_number(value) else (1, 0, str(value))


def _is_top(field: Field) -> bool:
    return field.numbers is not None and bool(_TOP.fullmatch(field.name.lower()))


def _is_first(field: Field) -> bool:
    return _is_top(field) and bool(_FIRST.search(field.description.lower()))


def _is_not_head(low: Any, less: Any, high: Any, more: Any) -> bool:
    """Whether a shorter list of the best is not the beginning of a longer one."""
    counted = is_number(low) and is_number(high) and low > 0
    if not counted or not isinstance(less, list) or not isinstance(more, list) or not less:
        return False
    fits = all(isinstance(one, str | list | dict) for one in (*less, *more))
    # where a larger number makes no more of them, the number is not that of the items
    return fits and len(less) == low < len(more) and less != more[: len(less)]


def _is_no_part(low: Any, less: Any, high: Any, more: Any) -> bool:
    """Whether something is in a shorter list that is not in a longer one."""
    return _is_not_head(low, less, high, more) and any(one not in more for one in less)


def _is_format(field: Field) -> bool:
    kinds = bool(field.choices) and all(str(one).lower() in SUFFIXES for one in field.choices)
    return kinds and bool(_FORMAT.fullmatch(field.name.lower()))


def _is_recorded(field: Field) -> bool:
    return bool(field.choices) and bool(_RECORDED.fullmatch(field.name.lower()))


def _lasts_otherwise(low: Any, one: Any, high: Any, other: Any) -> bool:
    """Whether a sound is longer or shorter where it is written another way."""
    first, second = (
        [*filter(None, map(sizes.sound_of, sizes.files(output)))] for output in (one, other)
    )
    if len(first) != 1 or len(second) != 1:
        return False
    lasts = first[0].seconds, second[0].seconds
    return max(lasts) - min(lasts) > max(NEAR_S, 0.05 * max(lasts))


def _is_other_picture(low: Any, one: Any, high: Any, other: Any) -> bool:
    """Whether two kinds of file show other pictures, as far as anybody would see at once."""
    first, second = (
        [seen(each, plain=True) for each in sizes.files(output)] for output in (one, other)
    )
    if len(first) != 1 or len(second) != 1 or first[0] is None or second[0] is None:
        return False
    if first[0].shape != second[0].shape:
        return True
    return bool(np.abs(first[0] - second[0]).mean() > NEAR)


_KINDS: Sequence[tuple[Callable[[Field], bool], str, Callable[[Any, Any, Any, Any], bool]]] = (
    (_is_first, "with a smaller {} there are others, not the first ones", _is_not_head),
    (_is_top, "with a smaller {} there are others, not some of them", _is_no_part),
    (_is_recorded, "the sound lasts longer or shorter with another {}", _lasts_otherwise),
    (_is_format, "the output shows something else with another {}", _is_other_picture),
)


# Several outputs of one prediction

_MANY = re.compile(r"(?:num|n|number_of|count)_?(?:outputs?|images?|samples?|variations?)")


def copies(fields: Sequence[Field], runs: Runs) -> Iterator[Suspicion]:
    """Outputs that are to be several and are one file, though another seed gives another."""
    asked = [one.name for one in fields if _MANY.fullmatch(one.name.lower())]
    seeds = [one.name for one in fields if one.is_seed]
    if not asked or not seeds:
        return
    for one in runs.history:
        files = [*sizes.files(one.output)] if one.succeeded else []
        if len(files) > 1 and len({file.content for file in files}) == 1:
            inputs = {**one.probe.inputs, seeds[0]: (one.probe.inputs.get(seeds[0]) or 0) + 1}
            other = runs.one(changed(inputs, {}, "effects"))
            first = next(sizes.files(other.output), None)
            if other.succeeded and first is not None and first != files[0]:
                told = f"all outputs are one, where {asked[0]!a} asks for several"
                yield Suspicion(rule=RULE, cause=told, detail=told, tried=one, is_proven=True)
            return
