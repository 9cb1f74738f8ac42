"""Texts of an earlier prediction that stand in the answer to a later one."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Probe, Suspicion, Tried
from safepush.fuzz.promises.parts import texts
from safepush.fuzz.runs import Runs
from safepush.fuzz.secrecy import is_open_text

RULE = "fuzz-state-leak"
#: the first words of a text: shorter ones come about by chance, signs are written in other ways
_WORDS = re.compile(r"\w[\w ,]{9,39}")
#: what is other in two messages of one kind
_KIND = re.compile(r"[\d'\"].*")
#: of an answer, so much is looked at
LONGEST = 50_000
#: so many are looked into
MOST = 3
#: what is sent in its place then: nobody says that by himself
MARK = "okapi quagga zebra"


def suspicions(
    fields: Sequence[Field], runs: Runs, source: Source, base: Inputs
) -> Iterator[Suspicion]:
    """One at most, if it is so once more: the earlier inputs, then the later ones."""
    defaults = {one.name: one.default for one in fields} | dict(base)
    found = [*_said_again(runs, source, defaults)] or [*_refused(fields, runs, base)]
    yield from found[:1]


def _refused(fields: Sequence[Field], runs: Runs, base: Inputs) -> Iterator[Suspicion]:
    """Whether what a refusal says is taken from what came before it."""
    free = [one.name for one in fields if is_open_text(one) and one.takes(MARK)]
    told = {_KIND.sub("", one.error): one for one in runs.history if one.failed}
    refused = [one for one in told.values() if one.probe.changed and _WORDS.search(one.error)]
    for one in refused[:MOST] if free else ():
        marked = {**base, **dict.fromkeys(free, MARK)}
        runs.one(Probe(inputs=marked, layer="again"))
        answer = _answer(runs.one(one.probe))
        runs.one(Probe(inputs=base, layer="usual"))  # a refusal may have left something
        if MARK in answer:
            yield _suspicion(one, marked)


def _said_again(runs: Runs, source: Source, defaults: Mapping[str, Any]) -> Iterator[Suspicion]:
    sent: dict[str, tuple[str, Inputs]] = {}
    known: set[str] = set()
    looked = 0
    for one in list(runs.history):
        answer = _answer(one)
        for said, (text, before) in sent.items():
            if looked < MOST and said in answer and _is_foreign(said, one, source, defaults):
                looked += 1
                marked = _marked(before, text)
                runs.one(Probe(inputs=marked, layer="again"))
                if MARK in _answer(runs.one(one.probe)):
                    yield _suspicion(one, marked)
        for _, text in texts(dict(one.probe.inputs)):
            if text in known:  # the usual ones are sent again and again
                continue
            known.add(text)
            words = _WORDS.search(text)
            if words is not None and not text.startswith("data:"):
                sent.setdefault(words[0], (text, one.probe.inputs))


def _suspicion(tried: Tried, before: Inputs) -> Suspicion:
    told = "the answer holds what somebody else sent before"
    return Suspicion(
        rule=RULE, cause=told, detail=told, tried=tried, before=(before,), is_proven=True
    )


def _marked(inputs: Any, text: str) -> Any:
    if isinstance(inputs, Mapping):
        return {name: _marked(each, text) for name, each in inputs.items()}
    if isinstance(inputs, list):
        return [_marked(each, text) for each in inputs]
    return MARK if inputs == text else inputs


def _answer(tried: Tried) -> str:
    if tried.prediction is None:
        return ""
    return "\n".join([tried.error, *(text for _, text in texts(tried.output))])[:LONGEST]


def _is_foreign(text: str, one: Tried, source: Source, defaults: Mapping[str, Any]) -> bool:
    """Whether neither these inputs nor the model itself have it."""
    known = [*texts(dict(one.probe.inputs)), *texts(dict(defaults))]
    own = "".join(each for _, each in known) + source.text + json.dumps([*one.probe.inputs])
    return text.lower().strip() not in own.lower()
