"""One test case: inputs, and what must come of them; and how a configuration writes it."""

import base64
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepush.document import Place
from safepush.expectations.base import Expectation
from safepush.expectations.reading import EXPECTATION_KEYS, ExpectationReader
from safepush.reader import Field

MAX_RUNS = 100
#: begins the name of a file, as in `penstock predict -i image=@picture.png`
FILE = "@"
#: in base64 they fit into a request, whose body may have 20 MiB
MAX_FILE_BYTES = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Case:
    """One prediction and what must come of it; with no expectation it must just succeed.

    runs, must_hold: it is run so often, and so many of the runs must hold; None: all of them.
    trained: of a training, the cases of the version that it makes; None: no word of it.
    line: where the configuration has it.
    """

    inputs: Mapping[str, Any]
    expectations: tuple[Expectation, ...] = ()
    error_contains: str | None = None
    runs: int = 1
    must_hold: int | None = None
    trained: tuple["Case", ...] | None = None
    line: int | None = field(default=None, compare=False)

    @property
    def needed(self) -> int:
        """How many runs must hold."""
        return self.runs if self.must_hold is None else self.must_hold


class CaseReader(ExpectationReader):
    """The list of test cases of a section."""

    def cases(self, value: object, place: Place) -> tuple[Case, ...] | None:
        """Those that can be used; problems of the others are noted."""
        return self._all(value, place, {})

    def trainings(self, value: object, place: Place) -> tuple[Case, ...] | None:
        """Those of the section `train`: each may say `predict`, what the trained version gives."""
        return self._all(value, place, {"predict": ("trained", self.cases)})

    def _all(
        self, value: object, place: Place, more: Mapping[str, Field]
    ) -> tuple[Case, ...] | None:
        told = self.each(value, place, "test cases, each with `inputs`")
        cases = [self._case(one, where, more) for one, where in told or []]
        return None if told is None else tuple(case for case in cases if case is not None)

    def _case(self, value: object, place: Place, more: Mapping[str, Field]) -> Case | None:
        fields: dict[str, Field] = {
            "inputs": ("inputs", self.inputs),
            "error_contains": ("error_contains", self.text),
            "runs": ("runs", lambda value, place: self.whole(value, place, 1, MAX_RUNS)),
            "must_hold": ("must_hold", lambda value, place: self.whole(value, place, 1, MAX_RUNS)),
            **more,
        }
        values = self.section(value, place, fields, required=["inputs"], elsewhere=EXPECTATION_KEYS)
        if not isinstance(value, dict):
            return None
        expectations = self.all(value, place)
        if "error_contains" in value and any(key in value for key in EXPECTATION_KEYS):
            self.wrong(place, "has error_contains and an expectation of the output; keep one kind")
            return None
        if values.get("must_hold", 1) > values.get("runs", 1):
            self.wrong((*place, "must_hold"), "is more than `runs`; it could never hold")
            return None
        if "inputs" not in values:
            return None
        return Case(**values, expectations=expectations, line=self.line(place))

    def inputs(self, value: object, place: Place) -> dict[str, Any] | None:
        """A mapping that JSON can carry; what names a file beside the document is its content."""
        if not isinstance(value, dict):
            self.wrong(place, "must be a mapping from input name to value (or {})")
            return None
        self._document.check_json(value, place)
        return {name: self._opened(one, (*place, str(name))) for name, one in value.items()}

    def _opened(self, value: Any, place: Place) -> Any:
        if isinstance(value, list):
            return [self._opened(one, (*place, number)) for number, one in enumerate(value)]
        path = self._named(value)
        if path is None:
            return value
        if path.stat().st_size > MAX_FILE_BYTES:
            self.wrong(place, "the file is larger than 10 MB; give it an https:// address")
            return value
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"

    def _named(self, value: Any) -> Path | None:
        """The file that `@NAME` names; never one of elsewhere on the machine that checks."""
        if not isinstance(value, str) or not value.startswith(FILE):
            return None
        folder = self._document.folder.resolve()
        try:
            path = (folder / value.removeprefix(FILE)).resolve()
            return path if path.is_relative_to(folder) and path.is_file() else None
        except (OSError, RuntimeError, ValueError):  # too long, a circle of links, NUL
            return None
