"""What a push asks of the place where versions are tried and go live."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from safepush.answers import Version
from safepush.client import Client
from safepush.config import Config
from safepush.errors import SafePushError
from safepush.staging import Staged
from safepush.version import Bundle

Say = Callable[[str], None]


@dataclass(frozen=True)
class Promotion:
    """The version that is live now, and what has to be said about it; `wrong` where it is bad."""

    live: str
    told: tuple[str, ...] = ()
    wrong: SafePushError | None = None


class Backend(Protocol):
    """One kind of server."""

    @property
    def client(self) -> Client:
        """The door to it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What it cannot do or promise, a line each."""

    def stage(self, bundle: Bundle, config: Config, *, say: Say) -> Staged:
        """Make the bundle a version that can be tried, without any caller noticing."""

    def twin(self, bundle: Bundle, config: Config, staged: Staged) -> Version | None:
        """The same version once more, which works in a process of its own; None: not here.

        Whoever has it made forgets it again.
        """

    def promote(self, bundle: Bundle, config: Config, staged: Staged, *, say: Say) -> Promotion:
        """Make what was tried live.

        Raises:
            LiveMoved: another version went live since the push began.
        """
