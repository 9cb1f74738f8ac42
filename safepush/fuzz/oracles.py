"""What one prediction by itself says against the model."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from safepush.compare import Tolerance
from safepush.compat.shapes import Shape
from safepush.fuzz import failure, secrecy
from safepush.fuzz.code.interplay import refuses_together
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.failure import Failure
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import boundaries
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises import (
    axes,
    boxes,
    carried,
    counts,
    days,
    digits,
    formats,
    hues,
    likeness,
    limits,
    measured,
    members,
    outputs,
    sides,
    sizes,
    switches,
    upright,
    writing,
)
from safepush.fuzz.promises import promise as promises
from safepush.fuzz.promises.promise import Promise
from safepush.fuzz.promises.said import bare, promised
from safepush.fuzz.relations import spans
from safepush.fuzz.tables import own

_RULES = {"output": "fuzz-output-schema", "process": "fuzz-process-lost", "time": "fuzz-timeout"}
#: descriptions of inputs that say what is refused
_REFUSES = re.compile(r"\brefuse\b|\breject\b|\bfail (?:if|when)\b")
_NAMED = re.compile(r"(?<=a file that is not there): .*", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """Judges predictions one by one; `base` are the usual inputs."""

    fields: Sequence[Field]
    base: Mapping[str, Any]
    source: Source
    shape: Shape | None
    #: what inputs say of the output by their names, and the usual output holds to
    promises: Sequence[Promise] = ()
    #: what the output is written in, as far as the usual one shows; and its file
    format: str | None = None
    file_format: str | None = None

    def told(self, usual: Tried, alike: Tolerance | None) -> "Oracle":
        """The same that knows what the usual inputs give.

        `alike`: how far outputs may differ; None where they do by themselves.
        """
        made = promises.made(self.fields, usual)
        named = [
            *counts.promises(self.fields, self.shape),
            *sizes.promises(self.fields, self.source),
            *limits.promises(self.fields),
            *likeness.promises(self.fields, self.source),
            *measured.promises(self.fields),
            *boxes.promises(self.fields, self.source),
            *members.promises(self.fields, made, self.source),
            *carried.promises(self.fields, made),
            *writing.promises(self.fields, made, self.source),
            *writing.asked(self.fields),
            *spans.promises(self.fields, made, self.source),
            *digits.promises(),
            *days.promises(),
            *upright.promises(),
            *axes.promises(self.fields, self.source),
            *hues.promises(self.fields, self.source),
            *sides.promises(self.fields, self.source),
            *promised(self.fields, self.source, made),
        ]
        if alike is not None:
            named += switches.promises(self.fields, made, alike)
        raw = None if usual.prediction is None else usual.prediction.output
        return replace(
            self,
            promises=promises.kept(named, made),
            format=formats.of_usual(usual.probe.inputs, usual.output, self.source.text),
            file_format=formats.of_file(raw, usual.output),
        )

    @cached_property
    def _said(self) -> str:
        return " ".join(one.description for one in self.fields)

    @cached_property
    def _may_be_bare(self) -> bool:
        return bare.is_told(self.fields, self.source)  # it reads all of the code

    def judge(self, tried: Tried) -> Iterator[Suspicion]:
        """Everything that is wrong with one prediction."""
        for name, where in secrecy.shown(tried, self.fields):
            told = f"{where} shows the secret input {name!a}"
            yield Suspicion(rule="fuzz-secret-shown", cause=told, detail=told, tried=tried)
        if tried.limit_s is not None:
            yield self._late(tried, f"no end within {tried.limit_s:.0f} s")
        elif tried.failed:
            yield from self._failed(tried)
        elif tried.succeeded:
            yield from self._succeeded(tried)

    def _succeeded(self, tried: Tried) -> Iterator[Suspicion]:
        assert tried.prediction is not None  # noqa: S101 (it succeeded)
        raw, inputs = tried.prediction.output, tried.probe.inputs
        damaged = is_damaged(inputs)
        wrong = outputs.wrong(
            raw,
            tried.output,
            self.shape,
            inputs,
            damaged=damaged,
            said=self._said,
            bare=self._may_be_bare,
        )
        found = list(wrong)
        for rule, detail in found:
            yield Suspicion(rule=rule, cause=detail, detail=detail, tried=tried)
        if found:  # what is wrong in itself is not held against anything else
            return
        asked = () if damaged else self.promises
        for one in promises.broken(asked, promises.made(self.fields, tried)):
            yield Suspicion(rule=one.rule, cause=one.broken, detail=one.broken, tried=tried)
        for told in () if own.is_garbled(inputs) else self._misread(raw, tried):
            yield Suspicion(rule=formats.RULE, cause=told, detail=told, tried=tried)

    def _misread(self, raw: Any, tried: Tried) -> Iterator[str]:
        yield from formats.wrong(self.format, tried.output)
        yield from formats.wrong_file(self.file_format, raw, tried.output, tried.probe.inputs)

    def refusal(self, tried: Tried) -> Failure | None:
        """The model's declared refusal of these inputs, if that is how it ended."""
        if not tried.failed:
            return None
        found = self._read(tried)
        damaged = is_damaged(tried.probe.inputs)
        return found if failure.is_refusal(found, self._names(), damaged=damaged) else None

    def cause(self, tried: Tried) -> str:
        """Why it failed: the same for two that failed at one place for one reason."""
        return self._read(tried).cause

    def _names(self) -> list[str]:
        return [one.name for one in self.fields]

    def _read(self, tried: Tried) -> Failure:
        logs = "" if tried.prediction is None else tried.prediction.logs
        return failure.read(tried.error, logs, self.source)

    def _failed(self, tried: Tried) -> Iterator[Suspicion]:
        found = self._read(tried)
        if found.kind == "files":
            return  # a file that did not get there says nothing about the model
        if found.kind == "time":
            yield self._late(tried, "it took longer than the server allows")
        elif found.kind in _RULES:
            # the name of a file that is not there may be another one each time
            cause = _NAMED.sub("", found.message)
            yield Suspicion(rule=_RULES[found.kind], cause=cause, detail=found.message, tried=tried)
        elif failure.is_refusal(found, self._names(), damaged=is_damaged(tried.probe.inputs)):
            if self._contradicts(tried, found):
                cause = f"{found.cause}"
                yield Suspicion(rule="fuzz-refused", cause=cause, detail=found.text, tried=tried)
        else:
            yield Suspicion(rule="fuzz-crash", cause=found.cause, detail=found.text, tried=tried)

    def _late(self, tried: Tried, detail: str) -> Suspicion:
        names = ", ".join(tried.probe.changed) or "the usual inputs"
        return Suspicion(
            rule="fuzz-timeout", cause=f"too long: {names}", detail=detail, tried=tried
        )

    def _contradicts(self, tried: Tried, found: Failure) -> bool:
        """Whether the schema itself names the value that alone is refused, for itself alone."""
        changed = tried.probe.changed
        if len(changed) != 1:
            return False
        one = next((field for field in self.fields if field.name == changed[0]), None)
        if one is None or tried.probe.inputs.get(one.name) not in boundaries.edges(one):
            return False
        if _REFUSES.search(one.description.lower()) or _is_limit(one.name, found.message):
            return False
        said = failure.names_in(found.message, self._names())
        # a message or a test that speaks of another input is about how the two go together
        alone = set(said) <= {one.name}
        names = [field.name for field in self.fields if not field.is_seed]
        return alone and not refuses_together(self.source, found.line, one.name, names)


def _is_limit(name: str, message: str) -> bool:
    """Whether a refusal says that there is more, or less, than an input allows."""
    pattern = (
        rf"\b(?:more|fewer|less|longer|larger|deeper|higher|lower)\b.* than {re.escape(name)}\b"
    )
    return re.search(pattern, message, re.IGNORECASE) is not None


def is_damaged(inputs: Mapping[str, Any]) -> bool:
    """Whether a file is among them that nobody has to be able to read."""
    values = (
        one for value in inputs.values() for one in (value if isinstance(value, list) else [value])
    )
    return any(not found.sound for one in values if (found := media.of(one)) is not None)


def has_files_as(one: Tried, good: Tried) -> bool:
    """Whether it had files of the kinds of those that succeeded: a wrong kind proves little."""
    usable = not is_damaged(one.probe.inputs)
    return usable and all(
        _is_as(value, good.probe.inputs.get(name))
        for name, value in one.probe.inputs.items()
        if "data:" in str(value)[:8]
    )


def _is_as(value: object, good: object) -> bool:
    """Whether they are one file, or both are tables or both records: any of these may be sent."""
    found, other = media.of(value), media.of(good)
    is_data = found is not None and other is not None and found.kind in ("table", "json")
    return value == good or (is_data and found.kind == other.kind)  # type: ignore[union-attr]
