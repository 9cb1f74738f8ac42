"""What was asked for, kept apart from the product: the checker's only knowledge of the truth."""

import threading
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One batch: its rows in order, and whether somebody asked to stop it."""

    key: str
    #: (custom_id, what the model answers; None where the row is to fail)
    rows: list[tuple[str, object]]
    #: with output files
    pictures: bool = False
    id: str | None = None
    cancelled: bool = False


@dataclass
class Ledger:
    """Everything that was asked for."""

    batches: list[Asked] = field(default_factory=list)
    #: the text of a prediction → its id; None while nobody has heard of it
    predictions: dict[str, str | None] = field(default_factory=dict)
    #: leases that faults may have ended: an upper bound of what may be redone
    excused: int = 0
    #: model hosts that were killed: as many predictions may have failed of that
    hosts_killed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def excuse(self, leases: int) -> None:
        """So many leases may be lost to a fault."""
        with self.lock:
            self.excused += leases

    def accepted(self) -> list[Asked]:
        """The batches that the API took."""
        return [asked for asked in self.batches if asked.id]
