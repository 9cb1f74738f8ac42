"""Every way a push can end without a verdict, under one root, and what each exit status means."""

from collections.abc import Sequence
from dataclasses import dataclass

HELD = 0  # every check held, and the version is live (unless promotion was switched off)
FAILED = 1  # a check failed; nothing was promoted
MISUSE = 2  # the command line, the configuration, the folder or the token cannot be used
COULD_NOT_JUDGE = 3  # the server, its workers or a concurrent promotion stood in the way


class SafePushError(Exception):
    """Root of the tree; `code` is the stable word a program may look at."""

    code = "error"
    exit_code = COULD_NOT_JUDGE


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a configuration file."""

    place: str
    message: str
    line: int | None = None


class ConfigInvalid(SafePushError):
    """The configuration cannot be used; `problems` holds everything that is wrong with it."""

    code = "invalid_config"
    exit_code = MISUSE

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(_sentence(source, problem) for problem in problems))
        self.source = source
        self.problems = tuple(problems)


class BundleInvalid(SafePushError):
    """The folder cannot be pushed as it is."""

    code = "invalid_bundle"
    exit_code = MISUSE

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class SchemaInvalid(SafePushError):
    """A document is no schema that can be compared; `place` are the steps that lead there."""

    code = "invalid_schema"
    exit_code = MISUSE

    def __init__(self, place: Sequence[str], reason: str, source: str = "") -> None:
        where = "/".join(step.removeprefix("#/") for step in place)
        super().__init__(
            " ".join(part for part in (source and f"{source}:", where, reason) if part)
        )
        self.place = tuple(place)
        self.reason = reason
        self.source = source


class ServiceError(SafePushError):
    """The server could not be asked, or gave no answer that can be used."""

    code = "service_error"


class ServiceUnreachable(ServiceError):
    """No answer came at all."""

    code = "service_unreachable"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"no answer from {url} ({reason}); is the server running (`penstock up`) "
            "and is PENSTOCK_URL (REPLICATE_BASE_URL with --backend replicate) right?"
        )
        self.url = url
        self.reason = reason


class BadAnswer(ServiceError):
    """An answer came that is not of the agreed form."""

    code = "bad_answer"

    def __init__(self, request: str, reason: str) -> None:
        super().__init__(
            f"{request}: {reason}; is PENSTOCK_URL a Penstock server, and of this release?"
        )
        self.request = request
        self.reason = reason


class ServiceRefused(ServiceError):
    """The server said no; `status` and `problem` are its words, `errors` its list of places."""

    code = "service_refused"
    exit_code = MISUSE
    way_out = ""

    def __init__(
        self,
        request: str,
        status: int,
        detail: str,
        *,
        problem: str = "",
        errors: Sequence[str] = (),
    ) -> None:
        lines = [f"{request}: {status} {detail}{self.way_out}", *(f"  {line}" for line in errors)]
        super().__init__("\n".join(lines))
        self.request = request
        self.status = status
        self.detail = detail
        self.problem = problem
        self.errors = tuple(errors)


class NotAllowed(ServiceRefused):
    """The token is missing, unknown, or may not do this."""

    code = "not_allowed"
    way_out = (
        "; set PENSTOCK_TOKEN to a token of this server (`penstock token`), or run where "
        "penstock-data/token is (REPLICATE_API_TOKEN with --backend replicate)"
    )


class Forbidden(NotAllowed):
    """The token is known, and may not do this; the server's words say what it may."""

    way_out = "; set PENSTOCK_TOKEN to one that may"


class NotFound(ServiceRefused):
    """The server knows no such thing."""

    code = "not_found"


class Conflict(ServiceRefused):
    """Things are not in the state the request takes for granted."""

    code = "conflict"


class InvalidRequest(ServiceRefused):
    """The server cannot use what was sent."""

    code = "invalid_request"


class ServiceBroken(ServiceRefused):
    """The server failed at its own work; the same request may succeed later."""

    code = "service_broken"
    exit_code = COULD_NOT_JUDGE
    way_out = "; look at the server's log, or try again"


class NotReady(SafePushError):
    """The version was still being prepared when the time limit came."""

    code = "not_ready"

    def __init__(self, version: str, state: str, limit_s: float) -> None:
        super().__init__(
            f"version {version[:12]} is still {state} after {limit_s:g} s; is a worker running? "
            "`setup_timeout` in safepush.yaml allows more time"
        )
        self.version = version
        self.state = state
        self.limit_s = limit_s


class PredictionTimedOut(SafePushError):
    """A prediction was not done in time, and was canceled."""

    code = "prediction_timed_out"

    def __init__(self, id: str, limit_s: float) -> None:
        super().__init__(
            f"prediction {id} had no result within {limit_s:g} s (predict.predict_timeout) "
            "and was canceled"
        )
        self.id = id
        self.limit_s = limit_s


class Stopped(SafePushError):
    """The run was ended from outside; what was under way is canceled."""

    code = "stopped"

    def __init__(self) -> None:
        super().__init__("stopped before there was a verdict; live was not touched")


class NotOffered(SafePushError):
    """This kind of server cannot do what was asked for."""

    code = "not_offered"
    exit_code = MISUSE

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(f"{what}; {way_out}")
        self.what = what


class PushCommandFailed(SafePushError):
    """The command that builds and pushes an image did not come to its end."""

    code = "push_failed"

    def __init__(self, command: str, reason: str, tail: Sequence[str]) -> None:
        super().__init__("\n".join((f"{command} {reason}; the last it said:", *tail)))
        self.command = command
        self.reason = reason
        self.tail = tuple(tail)


class NotListed(SafePushError):
    """What was pushed is no version that the server knows, so nothing can be tested."""

    code = "not_listed"

    def __init__(self, model: str, digests: Sequence[str]) -> None:
        printed = ", ".join(one[:12] for one in digests[:3]) or "none"
        super().__init__(
            f"{model}: the push command ended well, but no version came of it that can be told "
            f"for sure (digests that it printed: {printed}); does it push to this server?"
        )
        self.model = model
        self.digests = tuple(digests)


class BuiltOtherwise(SafePushError):
    """The second build, which is live now, is not what the first one was."""

    code = "built_otherwise"
    exit_code = FAILED

    def __init__(self, model: str, tested: str, live: str) -> None:
        super().__init__(
            f"{model}: {live[:12]} is live, built again from the files of {tested[:12]}, which was "
            "tested, and has another schema; pin what the build installs, and push again"
        )
        self.model = model
        self.tested = tested
        self.live = live


class NotDeployed(SafePushError):
    """The version is live, and the deployment does not have it."""

    code = "not_deployed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the version is live, but its deployment was not updated: {reason}")
        self.reason = reason


class BudgetSpent(SafePushError):
    """The run has used up what it was given: so many `unit` (predictions, seconds, tokens)."""

    code = "budget_spent"

    def __init__(self, limit: int, unit: str) -> None:
        super().__init__(f"the budget of {limit} {unit} is spent (--budget)")
        self.limit = limit
        self.unit = unit


class LiveMoved(SafePushError):
    """Another version went live during the checks; they were not made against that one."""

    code = "live_moved"

    def __init__(self, model: str, version: str, expected: str | None) -> None:
        super().__init__(
            f"{model}: live is no longer {expected[:12] if expected else 'unset'}, as it was when "
            f"the checks began; {version[:12]} was not promoted. Run safepush again"
        )
        self.model = model
        self.version = version
        self.expected = expected


class NoStepBack(SafePushError):
    """There is nothing that live could go back to; `reason` is the server's."""

    code = "conflict"
    exit_code = MISUSE

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"{reason}; live was left as it is. `penstock promote {model} DIGEST` goes forward "
            f"again, and `penstock versions {model}` lists the digests"
        )
        self.model = model
        self.reason = reason


def _sentence(source: str, problem: Problem) -> str:
    where = source if problem.line is None else f"{source}:{problem.line}"
    return ": ".join(part for part in (where, problem.place, problem.message) if part)


def package_left_out(exc: Exception) -> str | None:
    """What to install, where an import failed since the package came without it."""
    if not isinstance(exc, ModuleNotFoundError):
        return None
    name = (exc.name or "").partition(".")[0]
    if name in ("", "jobs", "safepush", "webhooks"):
        return None  # ours: a fault
    return f"{name} is not installed: pip install '.[safepush]' in a checkout of Penstock"
