"""Every error of this package: one tree, one class per decision a caller can make."""

from collections.abc import Mapping, Sequence


class JobsError(Exception):
    """Root of the tree; `code` is the stable word a program may look at."""

    code = "error"


class BadRequest(JobsError):
    """What came from outside cannot be used; `field` names the place, `faults` all places."""

    code = "invalid_request"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        faults: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.field = field
        self.code = code or self.code
        #: each as Replicate tells it: type, field, description
        self.faults = faults


class Unauthorized(JobsError):
    """No token, or one that is not known."""

    code = "unauthorized"


class Forbidden(JobsError):
    """The token is known but may not do this."""

    code = "forbidden"


class NotFound(JobsError):
    """There is no such thing, or it belongs to someone else."""

    code = "not_found"

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"there is no {kind} {id!r}")
        self.kind = kind
        self.id = id


class Conflict(JobsError):
    """The request is fine, but not in the state things are in now."""

    code = "conflict"


class IllegalMove(Conflict):
    """A state machine has no such move."""

    code = "illegal_move"

    def __init__(self, id: str, old: str, new: str) -> None:
        super().__init__(f"{id} is {old} and cannot become {new}")
        self.id = id
        self.old = old
        self.new = new


class TooMany(JobsError):
    """A limit of the token is reached; the same may be asked again after `retry_after_s`."""

    code = "too_many_requests"

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(JobsError):
    """A part that is needed does not answer now; the same may be asked again."""

    code = "unavailable"


class PackagesAway(Unavailable):
    """The packages that a model asks for cannot be had now: their index does not answer."""

    code = "packages_unavailable"


class Fenced(Conflict):
    """Somebody else holds the lease by now; what this attempt made is dropped."""

    code = "fenced"


class BlobError(JobsError):
    """The object store could not do what was asked."""

    code = "storage_error"


class BlobMissing(BlobError):
    """There is no object under this key."""

    code = "object_missing"

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no object {key!r}")
        self.key = key


class BlobRefused(BlobError):
    """The object store will not do this for us, however often it is asked."""

    code = "storage_refused"


class BlobChanged(BlobError):
    """The object is not the one that was read before."""

    code = "object_changed"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"the object {key!r} changed since it was first looked at; submit it again"
        )
        self.key = key


class FetchFailed(JobsError):
    """A file that a row names could not be brought here."""

    code = "input_unavailable"


class SetupFailed(JobsError):
    """The model could not be loaded; `logs` holds what it printed."""

    code = "setup_failed"

    def __init__(self, message: str, logs: str = "") -> None:
        super().__init__(message)
        self.logs = logs


class HostLost(JobsError):
    """The model host died, hung or grew; `reason` is "crashed", "killed", "timeout" or "memory"."""

    code = "worker_crashed"

    def __init__(self, reason: str, logs: str = "", detail: str = "") -> None:
        super().__init__(f"the model process was lost: {detail or reason}")
        self.reason = reason
        self.logs = logs
        self.detail = detail
