"""A finding that was written down, tried again: on the version that had it, or on another one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safepush.answers import Version
from safepush.client import Client
from safepush.compare import USUAL
from safepush.config import Config
from safepush.errors import ConfigInvalid, NotReady, Problem
from safepush.fuzz.code import source
from safepush.fuzz.confirm import NOW_AND_THEN, fails_now_and_then
from safepush.fuzz.fields import fields_of
from safepush.fuzz.found import FOLDER, Saved
from safepush.fuzz.inputs import usual
from safepush.fuzz.oracles import Oracle
from safepush.fuzz.probe import Probe, Tried
from safepush.fuzz.process import atonce, leaks, printed
from safepush.fuzz.process.steadiness import RULES as UNSTEADY
from safepush.fuzz.process.steadiness import Steadiness
from safepush.fuzz.promises import counts, formats
from safepush.fuzz.promises import promise as promises
from safepush.fuzz.promises.outputs import output_shape
from safepush.fuzz.relations import again, collisions, learned, tables
from safepush.fuzz.relations.growth import STEEP, STEP
from safepush.fuzz.runs import Runs
from safepush.fuzz.tables import own
from safepush.options import Budget, Meter
from safepush.push import runner

ALIASES = ("live", "staging")
#: of a digest, as people write it; whole ones have 64
BEGINNING = re.compile("[0-9a-f]{8,63}")
#: of those that there are, so many are told, and so much of each
MOST_TOLD, TOLD = 5, 16
#: rules by which an output is compared with the usual one
BY_THE_USUAL = (counts.RULE, promises.RULE, formats.RULE)


@dataclass(frozen=True)
class Replayed:
    """Whether it is still so; `told` is what was seen this time."""

    version: str
    still: bool
    told: str

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"version": self.version, "still": self.still, "told": self.told}


def replay(client: Client, saved: Saved, path: Path, version: str | None = None) -> Replayed:
    """Try a finding again, on the version that had it or on `version`.

    That is a digest, the beginning of one, or an alias.

    Raises:
        NotReady: that version cannot be used.
        ConfigInvalid: `version` is the beginning of none, or of several.
    """
    found = client.version(saved.model, _digest(client, saved, version))
    if found.state != "ready" or found.schema is None:
        raise NotReady(found.id, found.state, 0)
    return _Replay(client, saved, path, found).run()


def _digest(client: Client, saved: Saved, version: str | None) -> str:
    if version in ALIASES:
        return client.alias(saved.model, version) or saved.version
    return _whole(client, saved.model, version) if version else saved.version


def _whole(client: Client, model: str, digest: str) -> str:
    """The digest that somebody began to write."""
    if not BEGINNING.fullmatch(digest):
        return digest
    known = list(client.ids(model))
    found = [one for one in known if one.startswith(digest)]
    if len(found) == 1:
        return found[0]
    what = "several versions begin" if found else "no version begins"
    listed = ", ".join(one[:TOLD] for one in (found or known)[:MOST_TOLD]) or "none"
    told = f"{what} with {digest}; {model} has, the newest first: {listed}"
    raise ConfigInvalid("--version", [Problem("", told)])


class _Replay:
    def __init__(self, client: Client, saved: Saved, path: Path, version: Version) -> None:
        self._found = saved.found
        self._version = version
        config = Config(model=saved.model)
        at_work = runner(client, config, saved.model, version, Meter(Budget()))
        longest_s = config.predict.predict_timeout_s
        parallel = config.parallel
        self._runs = Runs(at_work.predict, at_work.output, parallel=parallel, longest_s=longest_s)
        self._fields = fields = fields_of(version.schema)
        code = source.read(_folder(path))
        shape = output_shape(version.schema)
        self._oracle = Oracle(fields=fields, base={}, source=code, shape=shape)
        self._steadiness = Steadiness(fields, {}, code, USUAL)

    def run(self) -> Replayed:
        """As it was found: what came before, and then the inputs themselves."""
        if self._found.rule in UNSTEADY:
            told = self._unsteady()
        elif self._found.rule in leaks.RULES:
            told = self._growth()
        elif self._found.rule == "fuzz-slow":
            told = self._slow()
        else:
            told = self._alone()
        return Replayed(self._version.id, told is not None, told or "nothing is wrong any more")

    def _alone(self) -> str | None:
        for inputs in self._found.before:
            self._try(inputs)
        oracle = self._knowing() if self._found.rule in BY_THE_USUAL else self._oracle
        tried = self._try(self._found.inputs)
        one = self._found
        cause = one.cause.removeprefix(NOW_AND_THEN)
        if cause != one.cause:
            often = fails_now_and_then(one.inputs, cause, oracle, self._runs)
            return one.detail if often else None
        if any(learned.is_so(tried, name, one.cause) for name in one.names):
            return one.detail
        if tables.is_told(one.cause):
            return one.detail if self._is_of_a_table(tried) else None
        seen = list(oracle.judge(tried))
        if self._found.cause.startswith(collisions.DETAIL):
            seen += collisions.suspicions(tried, self._fields, self._runs)
        if seen or one.rule != promises.RULE:
            return f"{seen[0].rule}: {seen[0].detail}" if seen else None
        given = (self._fields, self._usual(), self._runs, self._oracle.source, USUAL)
        return one.detail if again.is_so(one.cause, *given) else None

    def _knowing(self) -> Oracle:
        """Told what the usual inputs give, with which this output was compared."""
        tried = self._usual()
        return self._oracle.told(tried, USUAL) if tried.succeeded else self._oracle

    def _usual(self) -> Tried:
        """The usual inputs, with those of the finding that it is not about."""
        rest = {
            name: value
            for name, value in self._found.inputs.items()
            if name not in self._found.names
        }
        code = self._oracle.source
        known = own.usual(self._fields, code)
        ordinary = next(usual.inputs(self._fields, rest, code.text, known))
        return self._runs.one(Probe(inputs=ordinary, layer="replay"))

    def _is_of_a_table(self, tried: Tried) -> bool:
        code = self._oracle.source
        held = tables.Tables(self._fields, self._usual(), self._runs, code, USUAL)
        return held.is_so(tried, self._found.cause)

    def _unsteady(self) -> str | None:
        if self._found.cause == atonce.CAUSE:
            beside = (self._found.inputs, *self._found.before)
            mixed = atonce.mixed(beside, self._runs, self._steadiness)
            return None if mixed is None else mixed[1]
        if self._found.cause == printed.CAUSE:
            return self._found.detail if printed.is_so(self._found.inputs, self._runs) else None
        first = self._try(self._found.inputs)
        for inputs in self._found.before:
            self._try(inputs)
            told = self._steadiness.differ(first, self._try(self._found.inputs))
            if told is not None:
                return told
        return self._steadiness.differ(first, self._try(self._found.inputs))

    def _growth(self) -> str | None:
        one = self._found
        found = leaks.again(self._runs, one.inputs, self._fields, one.cause, one.before)
        told = [each.detail for each in found.suspicions() if each.rule == one.rule]
        return told[0] if told else None

    def _slow(self) -> str | None:
        less = self._try(_part(self._found.inputs, self._found.names))
        more = self._try(self._found.inputs)
        if more.limit_s is not None:
            return f"no end within {more.limit_s:.0f} s"
        times = more.seconds / max(less.seconds, 1e-3)
        return f"{STEP} times the length takes {times:.0f} times as long" if times > STEEP else None

    def _try(self, inputs: Mapping[str, Any]) -> Tried:
        return self._runs.one(
            Probe(inputs=inputs, layer="replay", changed=tuple(self._found.names))
        )


def _part(inputs: Mapping[str, Any], names: Any) -> dict[str, Any]:
    """The same with a part of the text or the list."""
    return {
        name: value[: len(value) // STEP]
        if name in names and isinstance(value, str | list)
        else value
        for name, value in inputs.items()
    }


def _folder(path: Path) -> Path | None:
    """The model's folder that a finding lies in."""
    place = path.resolve().parent
    return place.parents[1] if place.parts[-2:] == FOLDER.parts else None
