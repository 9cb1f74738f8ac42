"""What a lot of rows gave, by column: a million of them pass through here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.core.prediction import Failed, Result, Succeeded


@dataclass(frozen=True, slots=True)
class Lot:
    """Results in the order of their rows; iterate to have them one by one."""

    #: JSON text, as the seconds are; of a row that failed it says nothing
    outputs: Sequence[bytes]
    seconds: Sequence[bytes]
    #: what the model printed meanwhile
    logs: str = ""
    #: by place in the lot
    failures: Mapping[int, Failed] = field(default_factory=dict)
    #: places of the outputs that hold files
    files: frozenset[int] = frozenset()
    #: what the model noted beside an output, by place
    metrics: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    #: what there is to say of one row alone, by place, before what was printed
    notes: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, result: Result) -> "Lot":
        """A lot of one."""
        if isinstance(result, Failed):
            return cls([b"null"], [b"0.0"], result.logs, {0: result})
        files = frozenset([0] if result.files else [])
        metrics = {0: result.metrics} if result.metrics else {}
        return cls(
            [result.output], [b"%.6f" % result.predict_s], result.logs, files=files, metrics=metrics
        )

    @property
    def plain(self) -> bool:
        """Whether each row gave an output, none a file, and none a metric."""
        return not self.failures and not self.files and not self.metrics

    def first(self, rows: int) -> "Lot":
        """Its first rows alone."""
        failures = {at: failure for at, failure in self.failures.items() if at < rows}
        files = frozenset(at for at in self.files if at < rows)
        metrics = {at: noted for at, noted in self.metrics.items() if at < rows}
        notes = {at: note for at, note in self.notes.items() if at < rows}
        kept = self.outputs[:rows], self.seconds[:rows]
        return Lot(*kept, self.logs, failures, files, metrics, notes)

    def __len__(self) -> int:
        return len(self.outputs)

    def __iter__(self) -> Iterator[Result]:
        for at, (output, seconds) in enumerate(zip(self.outputs, self.seconds, strict=True)):
            failed = self.failures.get(at)
            noted = self.metrics.get(at)
            files, said = at in self.files, self.notes.get(at, "") + self.logs
            yield failed or Succeeded(output, float(seconds), said, files, metrics=noted)
