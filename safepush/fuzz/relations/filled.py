"""Values that hold the mark of another place of a template: they come out as they were sent."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import document, joined, texts
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

#: what stands around a name where it is to be filled, the longest first
FORMS = (
    *(("{{ ", " }}"), ("{{", "}}"), ("${", "}"), ("%(", ")s"), ("{", "}")),
    *(("%", "%"), ("<", ">"), ("[", "]"), ("$", "")),
)
_MARKS = (
    r"(?:marks?|places?|place ?holders?|blanks?|variables?|names?|braces|brackets|tags?|signs?)"
)
_WHOLE = r"(?:values?|texts?|they|them|it|each|one|another|others?|variables?|inputs?|fields?)"
_FILLS = r"(?:filled|replaced|expanded|resolved|substituted|put in|looked up)"
#: then marks in values are filled on purpose, or taken out
_MEANT = re.compile(
    rf"\b{_WHOLE} (?:may|can|could|might) (?:\w+ ){{0,2}}"
    r"(?:hold|name|contain|use|have|refer|include|mention|speak)\b"
    rf"|\b{_FILLS} (?:again|too|also|as well|until|repeatedly|in turn)\b|\bnested\b|\brecursi"
    rf"|\bin turn\b|\buntil (?:no|none|nothing)\b|\bone after (?:another|the other)\b"
    rf"|\b{_MARKS} (?:\w+ ){{0,4}}(?:in|inside|within|of) (?:an? |the |its |their |other )*{_WHOLE}"
    rf" (?:\w+ )?(?:{_FILLS})"
    rf"|\b{_MARKS}\b[^.;]*\b(?:removed|left out|stripped|taken out|dropped|refused|cleaned"
    r"|escaped|empty|masked)\b"
)
#: no name of an input, nor a part of one
STRANGE = "zuvelaqxo"
#: values that are looked into
MOST = 3


@dataclass(frozen=True)
class _Slot:
    """What fills a place: a text input, or a text in the document that an input has."""

    name: str
    field: Field
    document: Any = None

    def sent(self, text: str) -> dict[str, Any]:
        if self.document is None:
            return {self.field.name: text}
        made = {**self.document, self.name: text}
        is_text = self.field.is_text
        return {self.field.name: json.dumps(made, ensure_ascii=False) if is_text else made}


@dataclass(frozen=True)
class Filled(Relation):
    """Marks that nobody knows, which come out letter by letter, then those of the template."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """A value in which marks that are known are filled, or taken out, twice."""
        said = [one.text for one in sentences(self.fields, self.source)]
        if any(map(_MEANT.search, said)):
            return
        written, slots = self._texts(), self._slots()
        names = {*(one.name for one in slots), *(one.name for one in self.fields)}
        looked = 0
        for form in FORMS:
            marks = {name: mark for name in names if (mark := _mark(name, form, written))}
            for slot in [one for one in slots if one.name in marks]:
                if looked == MOST or self._is_template(slot, marks, said):
                    continue
                looked += 1
                if self._is_filled(slot, sorted(marks.values()), form):
                    told = f"in {slot.name!a} a mark of the template is filled, and no other is"
                    yield self.suspicion(told)
                    return

    def _texts(self) -> list[str]:
        """What may be a template: the usual texts, and those in the code."""
        usual = [value for one in self.fields if isinstance(value := self.usual(one), str)]
        return [*usual, *_constants(self.source)]

    def _slots(self) -> Sequence[_Slot]:
        found = []
        for one in self.fields:
            if is_open_text(one):
                found.append(_Slot(one.name, one))
            usual = document(self.usual(one))
            found += [
                _Slot(name, one, usual)
                for name, value in (usual.items() if isinstance(usual, dict) else ())
                if isinstance(value, str) and not any(name == each.name for each in self.fields)
            ]
        return found

    def _is_template(self, slot: _Slot, marks: Mapping[str, str], said: Sequence[str]) -> bool:
        """Whether it has marks itself, or words that name it have those of others."""
        usual = self.usual(slot.field) if slot.document is None else slot.document[slot.name]
        if any(one in str(usual) for one in marks.values()):
            return True
        others = [mark.lower() for name, mark in marks.items() if name != slot.name]
        own = " ".join(slot.field.description.lower().split()) if slot.document is None else ""
        named = re.compile(rf"\b{re.escape(slot.name.lower())}s?\b")
        about = [one for one in said if named.search(re.sub(r"\S*[{}<>\[\]$%]\S*", " ", one))]
        return any(mark in text for text in (*about, own) for mark in others)

    def _is_filled(self, slot: _Slot, marks: Sequence[str], form: tuple[str, str]) -> bool:
        strange = [
            f"{form[0]}{_strange(len(one) - len(form[0] + form[1]), at)}{form[1]}"
            for at, one in enumerate(marks)
        ]
        if not self._comes_out(slot, strange):
            return False
        return [self._comes_out(slot, marks) for _ in range(2)] == [False, False]

    def _comes_out(self, slot: _Slot, marks: Sequence[str]) -> bool | None:
        """Whether such a value is in the output as it is; None where it is refused."""
        text = f"zuve {' '.join(marks)} laq"
        changes = slot.sent(text)
        if not slot.field.takes(changes[slot.field.name]):
            return None
        made = self.made(changes)
        if made.limit_s is not None:  # filled with itself, over and over
            return False
        return _holds(made, text) if made.succeeded else None


def _mark(name: str, form: tuple[str, str], written: Sequence[str]) -> str | None:
    """How a text has the name where it is to be filled; None if none has."""
    before, after = form
    if any(f"</{name}>" in one for one in written) and form == ("<", ">"):
        return None
    for one in (name, name.upper()):
        mark = f"{before}{one}{after}"
        edge = "(?![\\w-])" if not after else "(?!})" if after == "}" else ""
        found = re.compile(rf"(?<![{{$%]){re.escape(mark)}{edge}")
        if any(map(found.search, written)):
            return mark
    return None


def _strange(length: int, at: int) -> str:
    return (STRANGE[at % len(STRANGE) :] + STRANGE * length)[:length]


def _holds(made: Tried, text: str) -> bool:
    told = [one for _, one in texts(made.output)]
    return any(text in one for one in (*told, joined(made.output) or ""))


def _constants(source: Source) -> Iterator[str]:
    """The texts in the code but for those that describe it."""
    for tree in source.trees:
        nodes = [*ast.walk(tree)]
        inputs = [one for one in nodes if isinstance(one, ast.Call) and _is_input(one)]
        told = {id(each) for one in inputs for each in ast.walk(one)}
        told |= {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
        for node in nodes:
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in told:
                yield node.value  # type: ignore[attr-defined]


def _is_input(node: ast.Call) -> bool:
    return getattr(node.func, "id", getattr(node.func, "attr", "")) == "Input"
