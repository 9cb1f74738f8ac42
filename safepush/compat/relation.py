"""Whether every value that is given is taken: one pair of shapes at a time, each pair once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from safepush.compat.containers import Containers, words, written
from safepush.compat.gaps import Gap
from safepush.compat.ranges import range_gaps, uncovered
from safepush.compat.shapes import (
    Branch,
    Choices,
    Lists,
    Numbers,
    Objects,
    Opaque,
    Shape,
    Texts,
    branch_kinds,
    kind,
    kinds,
)
from safepush.compat.texts import text_gaps
from safepush.compat.values import accepts, sample, samples
from safepush.errors import SchemaInvalid
from safepush.findings import NO_EXAMPLE

MAX_PAIRS = 20_000
#: so many are told of one place; there is more wrong than anybody reads
MAX_GAPS = 50
#: ranges of whole numbers up to this size are walked where there are only choices to take them
MAX_WALKED = 1_000


class Relation:
    """The gaps between shapes; for inputs the old one gives, for outputs the new one does."""

    def __init__(self, *, are_inputs: bool) -> None:
        self._are_inputs = are_inputs
        self._containers = Containers(self.gaps, are_inputs)
        self._known: dict[tuple[int, int], tuple[Gap, ...]] = {}
        # an id is only good for as long as its shape is there
        self._shapes: list[tuple[Shape, Shape]] = []

    def gaps(self, given: Shape, taken: Shape) -> tuple[Gap, ...]:
        """Every way in which a value of the one may not be taken by the other."""
        pair = (id(given), id(taken))
        if taken.is_any:
            return ()
        if pair not in self._known:
            self._shapes.append((given, taken))
            if len(self._shapes) > MAX_PAIRS:
                raise SchemaInvalid((), f"needs more than {MAX_PAIRS} comparisons; it is too large")
            self._known[pair] = tuple(_distinct(self._between(given, taken)))[:MAX_GAPS]
        return self._known[pair]

    def _between(self, given: Shape, taken: Shape) -> Iterator[Gap]:
        found = [gap for branch in given.branches for gap in self._branch(branch, given, taken)]
        if not given.is_any or not found:
            yield from found
            return
        # of anything, one thing that is not taken says enough
        shown = next((gap for gap in found if gap.example is not NO_EXAMPLE), found[0])
        yield Gap(name="kinds", given="anything", taken=words(taken), example=shown.example)

    def _branch(self, branch: Branch, given: Shape, taken: Shape) -> Iterable[Gap]:
        if isinstance(branch, Choices):
            return _choice_gaps(branch, given, _bared(taken, branch.opaque))
        rivals = [one for one in taken.branches if type(one) is type(branch)]
        if not rivals:
            return _lone_gaps(branch, given, taken)
        found = [list(self._pair(branch, rival, given)) for rival in rivals]
        best = min(found, key=lambda gaps: (sum(gap.by_values for gap in gaps), len(gaps)))
        if isinstance(branch, Numbers):
            return _number_gaps(branch, best, taken)
        return _settled(branch, best, given, taken)

    def _pair(self, given: Branch, taken: Branch, shape: Shape) -> Iterator[Gap]:
        """Gaps between two branches of one kind."""
        if taken.opaque - given.opaque:
            told = (_opaque(given), _opaque(taken))
            yield Gap(name="unclear", given=told[0], taken=told[1])
        match given, taken:
            case Numbers(), Numbers():
                yield from range_gaps(given, taken)
            case Texts(), Texts():
                gaps = text_gaps(given, taken, [shape.facts.default])
                yield from (one for one in gaps if one.name != "secret" or self._are_inputs)
            case Lists(), Lists():
                yield from self._containers.list_gaps(given, taken)
            case Objects(), Objects():
                yield from self._containers.object_gaps(given, taken)


def _distinct(gaps: Iterable[Gap]) -> Iterator[Gap]:
    seen = set()
    for gap in gaps:
        told = (gap.name, gap.steps, gap.given, gap.taken)
        if told not in seen:
            seen.add(told)
            yield gap


def _bared(shape: Shape, opaque: Opaque) -> Shape:
    """The shape as it looks to values that are known to meet these conditions."""
    if not opaque:
        return shape
    branches = tuple(replace(one, opaque=one.opaque - opaque) for one in shape.branches)
    return Shape(branches, shape.facts)


def _opaque(branch: Branch) -> str:
    return " and ".join(sorted(branch.opaque)) or "no such condition"


def _choice_gaps(branch: Choices, given: Shape, taken: Shape) -> Iterator[Gap]:
    """The choices that are not taken: null, those of a foreign kind, and the others."""
    told = [(value, accepts(taken, value)) for value in branch.values]
    refused = [value for value, answer in told if answer is False]
    unsure = [value for value, answer in told if answer is None]
    ours = kinds(taken)
    foreign = [value for value in refused if value is not None and kind(value) not in ours]
    if None in refused:
        yield Gap(name="null", given=words(given), taken=words(taken), example=None)
    if foreign:
        yield _kind_gap(branch, given, taken, foreign[0])
    rest = [value for value in refused if value is not None and kind(value) in ours]
    if rest:
        choice = f"choice {', '.join(map(written, rest))}"
        yield Gap(name="choice", given=choice, taken="no such choice", example=rest[0])
    if unsure:
        choice = f"choice {', '.join(map(written, unsure))}"
        yield Gap(name="unclear", given=choice, taken=words(taken))


def _kind_gap(branch: Branch, given: Shape, taken: Shape, example: Any) -> Gap:
    common = kinds(given) & kinds(taken) - {"null"}
    name = "kinds" if common else "type"
    return Gap(name=name, given=words(given), taken=words(taken), example=example)


def _lone_gaps(branch: Branch, given: Shape, taken: Shape) -> Iterator[Gap]:
    """No branch of this kind is taken; at most some choices are."""
    if not set(branch_kinds(branch)) & kinds(taken):
        yield _kind_gap(branch, given, taken, sample(Shape((branch,), given.facts)))
        return
    values, all_of_them = _walked(branch)
    bare = _bared(taken, branch.opaque)
    example = next((one for one in values if accepts(bare, one) is False), NO_EXAMPLE)
    if example is not NO_EXAMPLE:
        told = (words(Shape((branch,))), words(taken))
        yield Gap(name="choices", given=told[0], taken=told[1], example=example)
    elif not all_of_them:
        yield Gap(name="unclear", given=words(Shape((branch,))), taken=words(taken))


def _walked(branch: Branch) -> tuple[list[Any], bool]:
    """(values of the branch, whether these are all)."""
    if isinstance(branch, Numbers) and branch.step and branch.low and branch.high:
        first, step = branch.low.value, branch.step
        count = int((branch.high.value - first) / step) + 1
        if branch.is_integer and count <= MAX_WALKED:
            return [int(first + step * at) for at in range(count)], True
    return list(samples(Shape((branch,)))), False


def _number_gaps(branch: Numbers, best: list[Gap], taken: Shape) -> list[Gap]:
    """Ranges are decided, however many there are together."""
    bare = _bared(taken, branch.opaque)
    clear = replace(branch, opaque=frozenset())
    example, sure = uncovered(clear, bare)
    if example is NO_EXAMPLE:
        told = words(taken)
        return [] if sure else [Gap(name="unclear", given=words(Shape((branch,))), taken=told)]
    shown = [gap for gap in best if gap.is_shown(Shape((clear,)), bare)]
    given = words(Shape((branch,)))
    return shown or [Gap(name="range", given=given, taken=words(taken), example=example)]


def _settled(branch: Branch, best: list[Gap], given: Shape, taken: Shape) -> Iterable[Gap]:
    """The gaps to the nearest branch, as far as no other branch takes what is in them."""
    if not any(gap.by_values for gap in best):
        return best
    ours, theirs = _alike(branch, given), _alike(branch, taken)
    if ours == theirs == 1:
        return best
    clear, bare = replace(branch, opaque=frozenset()), _bared(taken, branch.opaque)
    shown = [gap for gap in best if gap.by_values and gap.is_shown(Shape((clear,)), bare)]
    if shown and ours > theirs:
        told = (f"{ours} variants of {words(Shape((branch,)))}", str(theirs))
        return [Gap(name="variant", given=told[0], taken=told[1], example=shown[0].example)]
    if theirs == 1:
        return best
    policies = [gap for gap in best if not gap.by_values]
    if shown:
        return [*shown, *policies]
    told = (words(Shape((branch,))), words(taken))
    return [Gap(name="unclear", given=told[0], taken=told[1]), *policies]


def _alike(branch: Branch, shape: Shape) -> int:
    """How many branches of a shape hold values of a branch's kind."""
    ours = set(branch_kinds(branch))
    return sum(bool(ours & set(branch_kinds(one))) for one in shape.branches)
