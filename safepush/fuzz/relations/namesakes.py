"""Things of one name, in two folders of an archive or in one text: they are two."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number, leaves
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

#: then one of them may well stand for both
_ONE = re.compile(
    r"\b(?:same|one|equal|repeated|alike) (?:file )?names?\b|\bnamesakes?\b|\bduplicat|\btwice\b"
    r"|\bdistinct\b|\bunique\b|\boverwrit|\bdifferent (?:file )?names?\b|\bonce\b|\bflat\b"
    r"|\btop level\b|\bfolders? (?:is|are) (?:not|ignored|skipped)|\b(?:without|no) folders\b"
)


_THING = (
    r"(?:files?|entry|entries|pages?|parts?|items?|records?|sections?|cards?|sheets?|documents?"
    r"|pieces?|members?|slides?|rows?|objects?|lists?|notes?|archives?|pictures?|images?)"
)
_EACH = re.compile(
    rf"\b(?:every|each)\b[^.;]{{1,60}}\b(?:an?|one|its own|their own|into|as) (?:\w+ )?{_THING}\b"
    rf"|\b(?:an?|one) (?:\w+ )?{_THING} (?:for|per|of) (?:every|each|a)\b"
    rf"|\b{_THING} (?:for|per) each\b|\b{_THING} of (?:its|their) own\b"
)
#: then what comes later may well stand for what came before
_MERGED = re.compile(
    r"\blast (?:one )?(?:counts|wins|stands|is)\b|\blater\b|\boverrid|\breplac|\bwins?\b|\bmerge"
    r"|\bgroup|\bjoined\b|\bput together\b|\bsums?\b|\btotal|\bupdates?\b|\bnewest\b|\balike\b"
    r"|\binstead of the (?:first|earlier)\b|\bin place of\b"
)
_CALLED = re.compile(r"title|name|head|file|label|topic")
#: from the first word of a line to the last one
_WORDS = re.compile(r"\w(?:.*\w)?")
#: a word that no text has, shorter than most
NEW = "zu"
#: more bytes of an archive are not looked into
MOST = 1_000_000
#: as many things as are not one by chance
FEWEST = 2


@dataclass(frozen=True)
class Namesakes(Relation):
    """Two names first, each with one thing under it."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where there is less of two of one name."""
        said = [one.text for one in sentences(self.fields, self.source)]
        if any(map(_ONE.search, said)):
            return
        yield from self._packed()
        if any(map(_EACH.search, said)) and not any(map(_MERGED.search, said)):
            yield from self._written()

    def _packed(self) -> Iterator[Suspicion]:
        """Of two files in two folders."""
        for field in (one for one in self.fields if one.is_file):
            sent = media.of(self.usual(field))
            known = media.namesakes(sent.kind) if sent is not None else None
            if known is None:
                continue
            apart = self.made({field.name: known[0].uri})
            wanted = _measure(apart.output) if apart.succeeded else None
            if wanted is None or wanted != _measure(self.first.output):
                continue
            made = [self.made({field.name: known[1].uri}) for _ in range(2)]
            if all(one.succeeded and _is_less(_measure(one.output), wanted) for one in made):
                yield self.suspicion(f"of two files of one name in {field.name!a} one is lost")
                return

    def _written(self) -> Iterator[Suspicion]:
        """Of a text that comes twice, with the same headings and other lines under them.

        What gathers things by their names has something of both; here nothing of the first is left.
        """
        usual = _held(self.first.output)
        names = {_plain(one) for one in _names(usual)} - {""}
        for field in (one for one in self.fields if is_open_text(one)):
            text = self.usual(field)
            under = _retold(text, names, titles=False) if isinstance(text, str) else None
            if under is None or _most(usual) < FEWEST:
                continue
            other = _retold(text, names, titles=True)
            alone, more = self._told(field, under), self._told(field, _twice(text, str(other)))
            if alone is None or more is None or alone == usual or _most(alone) != _most(usual):
                continue
            made = (self._told(field, _twice(text, under)) for _ in range(2))
            if _most(more) > _most(usual) and all(one == alone for one in made):
                yield self.suspicion(f"of two things of one name in {field.name!a} one is lost")
                return

    def _told(self, field: Field, text: str) -> Any:
        """What comes of another text; None where nothing does."""
        tried: Tried | None = self.made({field.name: text}) if field.takes(text) else None
        return None if tried is None or not tried.succeeded else _held(tried.output)


def _measure(output: Any) -> list[float]:
    """How many things there are, and the numbers of them; of files what is in them."""
    found = [*leaves(_opened(output))]
    return [len(found), *sorted(float(one) for one in found if is_number(one))]


def _is_less(one: Sequence[float], wanted: Sequence[float]) -> bool:
    return one[0] < wanted[0]


def _opened(output: Any) -> Any:
    if isinstance(output, File):
        return media.entries(output.content)
    if isinstance(output, dict):
        return {key: _opened(each) for key, each in output.items()}
    return [*map(_opened, output)] if isinstance(output, list) else output


# Texts with headings


def _retold(text: str, names: set[str], *, titles: bool) -> str | None:
    """The text with other lines under its headings, and other headings or not.

    None where there are no two headings, or nothing under any.
    """
    lines = text.splitlines()
    heads = [_is_title(one, names) for one in lines]
    under = [one for one, head in zip(lines, heads, strict=True) if not head]
    if heads.count(True) < FEWEST or not any(map(_WORDS.search, under)):
        return None
    more = f" {NEW}" if titles else ""
    both = zip(lines, heads, strict=True)
    return "\n".join(f"{line}{more}" if head else _other(line) for line, head in both)


def _other(line: str) -> str:
    """New words, fewer of them: so neither all words nor the longest lines are the same."""
    return _WORDS.sub(lambda found: " ".join([NEW] * max(1, len(found[0].split()) - 1)), line)


def _is_title(line: str, names: set[str]) -> bool:
    """Whether it begins with a sign, as headings do, or something in the output has its name."""
    is_marked = re.match(r"\s*(?![-*+>\u2022] )[^\w\s].*\w", line) is not None
    return is_marked or _plain(line) in names


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"\.\w{1,4}$", "", name.lower()))


def _twice(text: str, other: str) -> str:
    return text.rstrip("\n") + ("\n\n" if "\n\n" in text else "\n") + other


def _held(output: Any) -> Any:
    """An output with what is in its archives: of two files of one name there the last one."""
    if isinstance(output, File):
        return _files(output.content)
    if isinstance(output, Mapping):
        return {key: _held(each) for key, each in output.items()}
    return [*map(_held, output)] if isinstance(output, list) else output


def _files(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST:
                return content
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return content


def _most(held: Any) -> int:
    """The most things that stand in one list, object or archive of an output."""
    return max([len(_inner(held)), *map(_most, _inner(held))])


def _names(held: Any) -> Iterator[str]:
    """What things in an output are called: by the names of members, or in members for that."""
    if isinstance(held, Mapping):
        yield from map(str, held)
        named = (one for key, one in held.items() if _CALLED.search(str(key).lower()))
        yield from (one for one in named if isinstance(one, str))
    for one in _inner(held):
        yield from _names(one)


def _inner(held: Any) -> Collection[Any]:
    if isinstance(held, Mapping):
        return held.values()
    return held if isinstance(held, list) else ()
