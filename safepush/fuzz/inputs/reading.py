"""Texts that a model reads in a format: what is written otherwise it refuses, one like the other.

A few such refusals tell all there is to be told, so the rest of the budget goes elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.inputs.meaning import form
from safepush.fuzz.probe import Probe, Tried

#: texts that were refused, before most others are left out
ENOUGH = 5
#: one of so many is tried all the same
SOME = 4
#: ideas left out in a row, after which there are no others
MOST_LEFT_OUT = 200
#: whose texts are in no format
_FREE = frozenset({"awkward", "beside", "signs"})
#: who put texts together with other inputs
_TOGETHER = frozenset({"pairs", "inside", "random", "relations"})


class Reading:
    """What was refused so far, and which ideas are still worth a prediction."""

    def __init__(self, fields: Sequence[Field], base: Mapping[str, Any]) -> None:
        texts = [one for one in fields if one.texts is not None and not one.choices]
        self._base = base
        self._usual = {one.name: base.get(one.name, one.default) for one in texts}
        self._refused: Counter[str] = Counter()
        self._passed = 0
        self._seen: set[str] = set()

    def see(self, tried: Tried, *, refused: bool) -> None:
        """One that was tried; `refused`: the model declared that it does not take it."""
        probe = tried.probe
        name = probe.changed[0] if len(probe.changed) == 1 else None
        if name not in self._usual:
            return
        if refused:
            self._refused[name] += 1
        elif tried.succeeded and probe.layer in _FREE and self._is_other(probe, name):
            del self._usual[name]  # it is no format after all

    def worth(self, probes: Iterable[Probe]) -> Iterator[Probe]:
        """Those ideas that may show something new, as far as is known when each is asked for."""
        left_out = 0
        for probe in map(self._eased, probes):
            if probe is not None and probe.key not in self._seen:
                left_out = 0
                self._seen.add(probe.key)
                yield probe
            elif (left_out := left_out + 1) == MOST_LEFT_OUT:
                return

    def _eased(self, probe: Probe) -> Probe | None:
        """The probe without texts that are certain to be refused; None where nothing is left."""
        vain = [one for one in probe.changed if self._is_vain(probe, one)]
        if not vain or probe.layer not in _FREE | _TOGETHER:
            return probe
        if probe.layer in _FREE:
            self._passed += 1
            return None if self._passed % SOME else probe
        rest = tuple(one for one in probe.changed if one not in vain)
        kept = {name: value for name, value in probe.inputs.items() if name not in vain}
        usual = {name: self._base[name] for name in vain if name in self._base}
        return replace(probe, changed=rest, inputs={**kept, **usual}) if rest else None

    def _is_vain(self, probe: Probe, name: str) -> bool:
        is_read = name in self._usual and self._refused[name] >= ENOUGH
        return is_read and self._is_other(probe, name)

    def _is_other(self, probe: Probe, name: str) -> bool:
        """Whether it is written otherwise than the usual one."""
        value, usual = probe.inputs.get(name), self._usual[name]
        return isinstance(value, str) and (usual is None or form(value) != form(usual))
