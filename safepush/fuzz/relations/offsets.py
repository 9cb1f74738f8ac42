"""One instant, written with another offset from UTC: what it gives is the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_SPEAKS = re.compile(
    r"\bdate and time\b|\btimestamps?\b|\bdate-?time\b|\biso 8601\b|\btime ?zones?\b|\boffsets?\b"
)
#: what is told of instants, and not of what stands on a clock somewhere
_INSTANT = re.compile(
    r"\butc\b|\bunix\b|\bepoch\b|\binstants?\b|\bsame moment\b|\bsince 1970\b|\bconvert"
    r"|\belapsed\b|\bapart\b|\bhow long\b|\bduration\b|\b(?:time|seconds|minutes|hours) between\b"
    r"|\bgreenwich\b|\boffsets? (?:is|are|counts?) (?:heeded|counted|taken into)"
)
_CLOCK = re.compile(
    r"\boffsets? (?:is|are) (?:ignored|dropped|kept|left|not)"
    r"|\bignor\w+ (?:the )?(?:offset|time ?zone)"
    r"|\bwall.?clock\b|\bas (?:it is )?written\b|\blocal time\b|\bits own (?:offset|time ?zone)\b"
    r"|\bno offset is (?:taken|allowed)|\bwithout (?:an )?offset (?:only|alone)"
)
#: what is told of times without one says nothing of the others
_NAIVE = re.compile(r"\bwithout\b|\bno (?:offset|time ?zone)\b|\bnone\b|\bmissing\b|\bnaive\b")
#: taken where none is usual, to begin with
USUAL = "2024-03-01T12:30:00"
HOURS = 5


@dataclass(frozen=True)
class Offsets(Relation):
    """The usual moment in UTC, the same instant elsewhere, and what the clock shows there."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """An instant that gives what its clock would give in UTC, and not what it is, twice."""
        said = sentences(self.fields, self.source)
        if not any(_INSTANT.search(one.text) and not _NAIVE.search(one.text) for one in said):
            return
        if any(_CLOCK.search(one.text) for one in said):
            return
        for field in (one for one in self.fields if self._is_moment(one, said)):
            ways = _ways(self.usual(field))
            if not ways or not all(map(field.takes, ways)):
                continue
            if self._is_thrown_away(field, ways) and self._is_thrown_away(field, ways):
                yield self.suspicion(f"{field.name!a} is read by its clock, without its offset")
                return

    def _is_moment(self, field: Field, said: Sequence[Said]) -> bool:
        if not field.is_text:
            return False
        usual = str(self.usual(field) or "")
        own = [one.text for one in said if one.field == field]
        return bool(_MOMENT.fullmatch(usual)) or (not usual and any(map(_SPEAKS.search, own)))

    def _is_thrown_away(self, field: Field, ways: Sequence[str]) -> bool:
        here, same, clock = (self.made({field.name: way}) for way in ways)
        if not (here.succeeded and same.succeeded and clock.succeeded):
            return False
        outputs = [
            _without(one.output, way) for one, way in zip((here, same, clock), ways, strict=True)
        ]
        return bool(compare(outputs[0], outputs[1])) and not compare(outputs[1], outputs[2])


def _ways(usual: Any) -> tuple[str, str, str] | None:
    """(in UTC, the same instant with an offset, that clock in UTC)."""
    try:
        told = datetime.fromisoformat(str(usual or USUAL))
    except ValueError:
        return None
    instant = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    instant = instant.replace(microsecond=0)
    there = instant.astimezone(timezone(timedelta(hours=HOURS)))
    clock = there.replace(tzinfo=UTC)
    return instant.isoformat(), there.isoformat(), clock.isoformat()


def _without(output: Any, sent: str) -> Any:
    """Without what was sent, as it was."""
    if isinstance(output, Mapping):
        return {name: _without(each, sent) for name, each in output.items()}
    if isinstance(output, list):
        return [_without(each, sent) for each in output]
    return output.replace(sent, "") if isinstance(output, str) else output
