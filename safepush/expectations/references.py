"""Expectations of a file: alike to one at an address, or beside the configuration."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepush.compare import USUAL, File, Tolerance, compare
from safepush.expectations.base import (
    HELD,
    Evidence,
    Outcome,
    ReferenceAway,
    no,
    readable,
    unsure,
    what,
)
from safepush.plain import plain


@dataclass(frozen=True)
class MatchUrl:
    """The output is one file, alike to the one at this address."""

    address: str
    tolerance: Tolerance = USUAL

    def look(self, evidence: Evidence) -> Outcome:
        """By what is in the two; an address that gives nothing is no verdict on the version."""
        try:
            expected = evidence.means.fetch(self.address)
        except ReferenceAway as exc:
            return unsure(f"match_url: {plain(exc)}")
        return alike(expected, evidence.output, "match_url", self.tolerance)


@dataclass(frozen=True)
class MatchFile:
    """The output is one file, alike to one beside the configuration."""

    path: Path
    tolerance: Tolerance = field(default=USUAL)

    def look(self, evidence: Evidence) -> Outcome:
        """By what is in the two."""
        try:
            expected = readable(self.path)
        except OSError as exc:
            return unsure(f"match_file: {self.path.name} cannot be read ({exc.strerror})")
        return alike(expected, evidence.output, "match_file", self.tolerance)


def alike(expected: bytes, output: Any, key: str, tolerance: Tolerance) -> Outcome:
    """Whether the one file of an output is like the expected one."""
    one = output[0] if isinstance(output, list) and len(output) == 1 else output
    if not isinstance(one, File):
        told = f"{len(output)} outputs" if isinstance(output, list) else what(one)
        return no(f"gave {told}, but {key} asks for one file")
    found = compare(File(expected), one, tolerance)
    if not found:
        return HELD
    from safepush.compare.pictures import side_by_side, text_map

    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    picture = side_by_side(expected, one.content)
    squares = text_map(expected, one.content) or ""
    pictures = () if picture is None else ((key, picture, squares),)
    return no(f"{key}: {plain(found[0].detail)}{more}", pictures)
