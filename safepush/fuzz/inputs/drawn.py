"""Inputs drawn at random from the schema, by Hypothesis."""

import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from safepush.compat.shapes import Branch, Choices, Lists, Numbers, Objects, Shape, Texts, number
from safepush.compat.values import samples
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.tables import own

Strategy = st.SearchStrategy[Any]
#: what is not limited is still not made longer or larger
LONGEST, MOST, LARGEST = 200, 8, 2**63 - 1


def drawn(fields: Sequence[Field], base: Mapping[str, Any], number: int, count: int) -> list[Any]:
    """So many inputs, always the same ones for one `number`; inputs may be left out."""
    made: list[dict[str, Any]] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries({}, optional=_members(fields, base)))
    def collect(values: dict[str, Any]) -> None:
        made.append(values)

    with tempfile.TemporaryDirectory(prefix="safepush-") as home:
        # else it keeps what it likes in the folder that we run in, which is the model's
        set_hypothesis_home_dir(home)
        try:
            collect()
        finally:
            set_hypothesis_home_dir(None)
    return made


def _members(fields: Sequence[Field], base: Mapping[str, Any]) -> dict[str, Strategy]:
    return {
        one.name: _files(one, base) if one.is_file else of(one.shape).filter(one.takes)
        for one in fields
        if not one.is_secret and not one.shape.is_never
    }


def _files(field: Field, base: Mapping[str, Any]) -> Strategy:
    """Those of the corpus of the kind that is usual there."""
    told = base.get(field.name)
    usual = media.of(told)
    kind = "image" if usual is None else usual.kind
    first = media.usual(kind) if usual is None else usual
    return st.sampled_from([first.uri, *(one.uri for one in own.corpus(told, kind))])


def of(shape: Shape) -> Strategy:
    """Values of a shape, or at least nearly so."""
    if shape.is_any:
        return st.sampled_from([None, True, 1, 0.5, "a", [], {}, {"a": [1]}])
    return st.one_of(*map(_branch, shape.branches))


def _branch(branch: Branch) -> Strategy:
    match branch:
        case Choices():
            return st.sampled_from(branch.values)
        case Numbers():
            return _numbers(branch)
        case Texts():
            return _texts(branch)
        case Lists():
            most = branch.fewest + MOST if branch.most is None else branch.most
            items = of(branch.items)
            return st.lists(items, min_size=branch.fewest, max_size=min(most, branch.fewest + MOST))
        case Objects():
            return _objects(branch)


def _numbers(branch: Numbers) -> Strategy:
    low = None if branch.low is None else number(branch.low.value)
    high = None if branch.high is None else number(branch.high.value)
    if branch.is_integer:
        return st.integers(
            -LARGEST if low is None else int(low), LARGEST if high is None else int(high)
        )
    return st.floats(
        None if low is None else float(low),
        None if high is None else float(high),
        allow_nan=False,
        allow_infinity=False,
    )


def _texts(branch: Texts) -> Strategy:
    if branch.patterns:
        return st.sampled_from(list(samples(Shape((branch,)))) or [""])
    longest = LONGEST if branch.longest is None else branch.longest
    letters = st.characters(exclude_categories=["Cs"])
    return st.text(letters, min_size=branch.shortest, max_size=max(longest, branch.shortest))


def _objects(branch: Objects) -> Strategy:
    needed = {name: of(one.shape) for name, one in branch.members.items() if one.required}
    rest = {name: of(one.shape) for name, one in branch.members.items() if not one.required}
    return st.fixed_dictionaries(needed, optional=rest)
