"""What the core asks of the world; adapters answer, and each method says what is atomic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from jobs.core.deployment import Demand
from jobs.core.lot import Lot
from jobs.core.passes import UNKNOWN, Passes
from jobs.core.prediction import Kind, Prediction, Result
from jobs.core.version import Version

#: what of a model's folder a host runs
Task = Literal["predict", "train"]
#: gives the inputs that come next, none once there are no more
More = Callable[[], Sequence[Any]]


@dataclass(frozen=True)
class Stored:
    """What was written: `sha256` is of the bytes, in hex."""

    key: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class BlobStat:
    """What the store knows of one object."""

    key: str
    size_bytes: int
    etag: str
    modified_at: datetime
    content_type: str = "application/octet-stream"


class Blobs(Protocol):
    """Objects by key. A key is relative, `/`-separated, and never holds `..`."""

    #: whether `take` keeps the file itself, so that the disk may begin with it before
    moves: bool

    def put(
        self,
        key: str,
        chunks: Iterable[bytes | memoryview],
        *,
        content_type: str = "application/octet-stream",
    ) -> Stored:
        """Write an object from a stream; it is visible whole or not at all."""

    def take(self, files: Mapping[str, Path]) -> None:
        """Make objects of files that the caller gives away: by key, and gone from where they lay.

        A key's ending says the content type. Each object is visible whole or not at all; all are
        safe once this returns, and any may be there if it raises.
        """

    def copy(self, source: str, key: str) -> None:
        """Keep it under another key as well, its bytes not read here; raises BlobMissing."""

    def open(
        self, key: str, *, start: int = 0, stop: int | None = None, if_match: str | None = None
    ) -> Iterator[bytes]:
        """Read bytes `start` to `stop`; raises BlobMissing, or BlobChanged if `if_match` fails."""

    def pieces(self, key: str) -> Iterator[bytes | memoryview]:
        """All of it in large pieces, to be given to `put` here; raises BlobMissing.

        What is in a piece may change once five more have been asked for.
        """

    def stat(self, key: str) -> BlobStat:
        """Size, etag and time; raises BlobMissing."""

    def list(self, prefix: str) -> Iterator[BlobStat]:
        """Objects under a prefix, in key order."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; one that is missing is fine."""

    def check_writable(self, key: str) -> None:
        """Raise BlobRefused if no object may be put there; leaves nothing behind."""

    def conditional_writes(self) -> bool:
        """Whether the store refuses to write over an object when asked to (probed)."""


@dataclass(frozen=True)
class Aside:
    """What goes beside a prediction's input, and comes beside its output."""

    #: what the model finds in its scope
    context: Mapping[str, str] = field(default_factory=dict)
    #: told what the model records, as it does so: the name, the value (None: it takes it back) and
    #: "replace", "incr" or "append"
    on_metric: Callable[[str, Any, str], None] | None = None


NOTHING_ASIDE = Aside()


class Host(Protocol):
    """One model loaded in one child process; used by one thread at a time, but for `stream`."""

    schema: dict[str, Any]
    #: what was printed while it was loaded
    logs: str
    #: inputs that go to the process at once
    lot: int
    #: inputs that share a forward pass, as far as that was found out; 0 if none ever do
    pass_rows: int
    #: that of them which its search ended with; 0 as long as it goes on
    found_rows: int
    #: single predictions that may be under way at once, each for itself
    at_once: int
    #: whether what it prints can be told apart: by whom, where several came together
    tells_apart: bool
    #: whether its folder has a train(), which is another host's to run
    trains: bool

    @property
    def alive(self) -> bool:
        """Whether it can still be used."""

    @property
    def busy_s(self) -> float:
        """How long the model has computed since it was loaded."""

    def run(
        self,
        inputs: Sequence[Any],
        *,
        files: Path,
        timeout_s: float,
        cancelled: Callable[[], bool],
        grace_s: float = 0.0,
        passes: Passes = UNKNOWN,
        more: More = tuple,
    ) -> Iterator[Lot]:
        """Results in order, lot by lot; an input is a dict, or JSON text in bytes.

        When the last of them are on their way, and there is room, `more` is asked for further
        ones, until it gives none.

        Output files are put into the folder `files` and are the caller's from then on. The results
        end early, after the lots under way or `grace_s`, once `cancelled` is true. Passes begin and
        end with the sizes that `passes` says.

        Raises:
            HostLost: the process died, or took longer than `timeout_s` over one lot: the first
                one that was not answered.
        """

    def stream(
        self,
        given: Any,
        *,
        files: Path,
        timeout_s: float,
        on_output: Callable[[Any], None],
        on_logs: Callable[[str], None] | None,
        cancelled: Callable[[], bool],
        grace_s: float = 0.0,
        aside: Aside = NOTHING_ASIDE,
    ) -> Result | None:
        """One input, its parts told as they come, and, from another thread, all that it printed.

        Once `cancelled` is true the model is told, and has `grace_s` to clean up: then the result
        is a failure with the code "canceled". None if it had to be ended; raises HostLost.

        As many threads as `at_once` says may call it at a time; then one that has to be ended, or
        that took longer than `timeout_s`, goes on in the process as long as others run there.
        """

    def apart(
        self,
        inputs: Sequence[Any],
        *,
        files: Path,
        timeout_s: float,
        cancelled: Callable[[], bool],
        grace_s: float = 0.0,
    ) -> Iterator[list[Result]]:
        """The results of a few quick inputs that go to the process together, each made by itself.

        All at once, unless one takes long: then those before it, and that one when it has ended, of
        which `cancelled` is true from then on; those behind it are left. Raises HostLost, which
        before that says nothing of which one it was.
        """

    def fault(self) -> str | None:
        """Why the model says of itself that it is not well, if it does; raises HostLost."""

    def close(self) -> None:
        """End the process and everything it started."""


class Hosts(Protocol):
    """Where hosts come from."""

    def start(
        self,
        bundle: Path,
        *,
        scratch: Path,
        threads: int,
        setup_timeout_s: float,
        version: str = "",
        task: Task = "predict",
    ) -> Host:
        """Load the model in `bundle`, which is the version; raises SetupFailed, Unavailable.

        With the task "train" it is the model's train() that the host runs, one input at a time.
        """


class Bell(Protocol):
    """Tells workers that something is due. May be lost or doubled; never carries work."""

    def ring(
        self,
        what: str,
        id: str,
        hardware: str | None = None,
        like: Kind | None = None,
    ) -> None:
        """`what` is a kind of work: "batch", "prediction", "training", "version", "delivery",
        "deployment".

        With `hardware`, workers that serve this class hear it, else any may. `like` is what those
        that can be done together have in common, for a bell that can say so.
        """

    def waiting(self, hardware: str | None = None) -> int | None:
        """How many rings nobody has heard yet; None if rings cannot be taken now."""


class Scaler(Protocol):
    """Brings about as many instances of deployments as are wanted, or tells who can."""

    def scale(self, demands: Sequence[Demand]) -> None:
        """Told again and again, of all there are; those that are not told of are gone."""


#: waits so many seconds for a change; the prediction as it is now, if that was told
Heard = Callable[[float], Prediction | None]


class Notices(Protocol):
    """Tells whoever waits for a prediction that it has changed. May be lost; never carries work."""

    #: whether all that happens to predictions is told here: else one has to look as well
    hears_all: bool

    def tell(self, id: str, now: Prediction | None = None) -> None:
        """A prediction has changed.

        `now`: how it is, its end only once that is committed; None: it is to be looked up.
        """

    def is_followed(self, id: str) -> bool:
        """Whether anybody would hear of this one."""

    def follow(self, id: str) -> AbstractContextManager[Heard]:
        """While the block runs, what is told of a prediction is heard."""


class Express(Protocol):
    """Runs quick predictions at once, where the worker is in the process that is asked for them."""

    def run(self, value: Prediction, version: Version, request_hash: str) -> Prediction | None:
        """Run a new prediction that nobody has kept, and keep it.

        Returns how it ended, or, if it takes longer than was thought, how it is by then; None: it
        cannot be run at once, and nothing was done.
        """

    def begin(
        self,
        value: Prediction,
        version: Version,
        request_hash: str,
        then: Callable[[Prediction | BaseException], None],
    ) -> bool:
        """The same without waiting: `then` is told, or why it could not be kept; it is to be quick.

        False: it cannot be run at once, and nothing was done.
        """


#: where the environment of a request has its `Later`, if whoever asks must not wait: then the
#: application gives the answer to that, and returns it; else it has done nothing
LATER = "penstock.later"


#: where the environment of a request has a dictionary, if its head is that of earlier requests of
#: its connection: what was made of the head may be left there for the later ones
HEAD = "penstock.head"


class Later(Protocol):
    """The answer to a request, which may be given at any time by any thread, once."""

    def give(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """This is it."""

    def leave(self, environ: dict[str, Any]) -> None:
        """Have the application asked again, by a thread that may wait."""


class Store(Protocol):
    """The database, by noun. Every write is one transaction; leases are by its clock.

    The nouns' methods are documented in `jobs/adapters/sql`, one file each.
    """

    batches: Any
    shards: Any
    predictions: Any
    trainings: Any
    models: Any
    files: Any
    tokens: Any
    seals: Any
    deliveries: Any
    replays: Any
    endpoints: Any
    endpoint_secrets: Any
    feed: Any
    turns: Any
    removals: Any
    deployments: Any
    instances: Any


class Clock(Protocol):
    """The time now, in UTC."""

    def __call__(self) -> datetime:
        """Now."""


class Sealer(Protocol):
    """Encrypts secrets at rest."""

    def seal(self, plain: bytes) -> bytes:
        """Encrypt with the newest key."""

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt with whichever key fits."""


class Work(Protocol):
    """A piece of work that is watched until it ends."""

    #: its place in a trace, to be handed on; None if nobody traces
    traceparent: str | None

    def end(self, outcome: str = "ok") -> None:
        """Say how it ended, in a word of a short list; what is said first counts."""


class Telemetry(Protocol):
    """Whoever watches: log lines, numbers and traces.

    Told once per shard, micro-batch, request or attempt, never per row. Ids may be told, and words
    of ours; never what a user gave or a model made.
    """

    def work(
        self, name: str, *, parent: str | None = None, **ids: object
    ) -> AbstractContextManager[Work]:
        """Work of this thread: what is logged meanwhile carries the ids.

        `parent` is the span it belongs to where that is not the one this thread is in.
        """

    def begin(self, name: str, *, parent: str | None, **ids: object) -> Work:
        """The same for work that is done together with other work, in one thread."""

    def request(self, method: str, route: str, *, parent: str | None, id: str) -> Work:
        """A request; its outcome is the status. It may end in another thread."""

    def delivery(self, *, parent: str | None, **ids: object) -> Work:
        """An attempt at a delivery, which no one thread makes."""

    def micro_batch(self, rows: int) -> None:
        """So many rows went through the model together."""

    def committed(self, succeeded: int, errors: Mapping[str, int]) -> None:
        """A shard was committed: its good rows, and the others by the code of their error."""

    def busy(self, seconds: float) -> None:
        """A model has computed for so much longer."""
