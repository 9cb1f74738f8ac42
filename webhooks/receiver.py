"""Receive webhooks in Flask: verify → drop repeats → route to a handler."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, overload

from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webhooks.answers import TryLater, Unsubscribe
from webhooks.errors import ConfigurationError, Malformed, Missing, Unreadable, VerificationError
from webhooks.handoff import HandOff
from webhooks.keys import Key
from webhooks.message import Event, Message
from webhooks.replay import Claim, MemoryReplay, ReplayStore, Seen
from webhooks.routes import Routes
from webhooks.signing import HEADERS, TOLERANCE_S, Verifier

log = logging.getLogger(__name__)
T = TypeVar("T")
Handler = Callable[[Event[T]], object]
Work = Callable[[Message, Event[Any]], ResponseReturnValue]
Secrets = Sequence[str | Key]
#: in app.config: the secrets of receivers that were made without
CONFIG = "WEBHOOK_SECRETS"
_EXTENSION = "penstock-webhooks"
#: what WSGI calls the headers; asked for thrice in each request
_WSGI = [(name, f"HTTP_{name.upper().replace('-', '_')}") for name in HEADERS]


class BodyConsumed(ConfigurationError):
    """Something read the request before the receiver could, so that nothing can be verified."""

    def __init__(self) -> None:
        super().__init__(
            "the raw body was read before the webhook could be verified: a before_request hook,"
            " a middleware or an extension touched request.form, request.files or request.stream,"
            " or called get_data(cache=False); leave the webhook's path out of it"
        )


class Receiver:
    """Routes verified events to the functions that `on` marks.

    A repeat of what was handled answers 200 and is not handled again; a repeat of what is being
    handled answers 409. A handler that raises answers 500, and the sender's next attempt is
    handled; so is the one after a handler was killed, once `lease_s` have passed.
    """

    def __init__(
        self,
        secrets: Secrets | None = None,
        *,
        replay: ReplayStore | None = None,
        hand_off: HandOff | None = None,
        tolerance_s: float = TOLERANCE_S,
        max_body_bytes: int = 1024 * 1024,
        lease_s: float = 300.0,
        name: str = "webhooks",
    ) -> None:
        """Say whom to believe.

        Args:
            secrets: of the sender, any of which may have signed; from app.config if None.
            replay: which ids were handled; one process's memory if None.
            hand_off: who handles events after they were acknowledged; the request if None.
            tolerance_s: how old or new a timestamp may be.
            max_body_bytes: larger bodies answer 413, unread.
            lease_s: the longest that a handler takes.
            name: of the blueprint, and of this sender's ids in the replay store.

        Raises:
            ConfigurationError: one of these cannot be used.
        """
        self._replay = replay or MemoryReplay()
        if self._replay.kept_s < 2 * tolerance_s:
            raise ConfigurationError("a replay store keeps ids for at least twice the tolerance")
        if max_body_bytes < 1 or lease_s <= 0:
            raise ConfigurationError("max_body_bytes and lease_s are more than 0")
        self._tolerance_s = tolerance_s
        self._verifier = None if secrets is None else self._verifies(secrets)
        self._hand_off = hand_off
        self._max_body_bytes = max_body_bytes
        self._lease_s = lease_s
        self._name = name
        self._routes = Routes()
        self._counts: Counter[str] = Counter()
        self._counting = threading.Lock()

    # --- what an application says --------------------------------------------------------------

    @overload
    def on(self, type: str) -> Callable[[Handler[Any]], Handler[Any]]: ...
    @overload
    def on(self, type: str, *, shape: Callable[[Any], T]) -> Callable[[Handler[T]], Handler[T]]: ...

    def on(self, type: str, *, shape: Callable[[Any], Any] | None = None) -> Any:
        """Handle events of a type; `batch.*` is any type that begins so, `*` is every type.

        Args:
            type: of the events; handlers are called in the order in which they were marked.
            shape: makes the handler's `event.data` from the sender's, such as a class's
                `model_validate`; what it cannot take answers 400.
        """

        def mark(handler: Handler[Any]) -> Handler[Any]:
            self._routes.add(type, handler, shape)
            return handler

        return mark

    def init_app(self, app: Flask, url: str = "/webhooks") -> None:
        """Receive at `url` of this application."""
        app.register_blueprint(self.blueprint(url))

    def blueprint(self, url: str = "/webhooks") -> Blueprint:
        """The receiving route as a blueprint, to be registered where it should be."""
        routes = Blueprint(self._name, __name__)
        routes.record(self._join)
        routes.add_url_rule(url, "receive", self._receive, methods=["POST"])
        return routes

    def verified(self, view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
        """Decorate a view of your own: its first argument is the verified event.

        An answer from 400 on, or an exception, lets the event come again.
        """

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response:
            def work(message: Message, event: Event[Any]) -> Response:
                response = make_response(view(event, *args, **kwargs))
                self._count("handled" if response.status_code < 400 else "failed")
                return response

            return self._answer(work)

        return guarded

    def handle(self, message: Message) -> None:
        """Route a verified message; for who handles what was acknowledged before."""
        self._route(message.event())

    @property
    def counts(self) -> dict[str, int]:
        """How many messages came to what since this process began."""
        with self._counting:
            return dict(self._counts)

    # --- what a request goes through -----------------------------------------------------------

    def _join(self, state: BlueprintSetupState) -> None:
        """Learn from an application which secrets it has, once it takes the blueprint."""
        self._verifier_of(state.app)
        if self._hand_off is not None:
            self._hand_off.connect(state.app, self.handle)

    def _verifier_of(self, app: App) -> Verifier:
        known: dict[str, Verifier] = app.extensions.setdefault(_EXTENSION, {})
        if self._name not in known:
            known[self._name] = self._verifier or self._verifies(_configured(app.config))
        return known[self._name]

    def _verifies(self, secrets: Secrets) -> Verifier:
        return Verifier(secrets, tolerance_s=self._tolerance_s)

    def _receive(self) -> Response:
        return self._answer(self._work)

    def _work(self, message: Message, event: Event[Any]) -> ResponseReturnValue:
        if self._hand_off is not None:
            self._hand_off.take(message)
            self._count("handed_off")
            return {"status": "accepted"}, 202
        self._route(event)
        return {"status": "ok"}, 200

    def _route(self, event: Event[Any]) -> None:
        self._count("handled" if self._routes.handle(event) else "unhandled")

    def _answer(self, work: Work) -> Response:
        try:
            message = self._message()
            event = message.event()
        except RequestEntityTooLarge:
            return self._refuse("too_large", "the body is too large", 413)
        except (Missing, Malformed, Unreadable) as error:
            return self._refuse(type(error).__name__.lower(), str(error), 400)
        except VerificationError as error:
            # why is told to the log alone: a forger learns nothing from the answer
            log.warning("webhook refused: %s: %s", type(error).__name__, error)
            return self._refuse(type(error).__name__.lower(), "it could not be verified", 401)
        return self._once(message, event, work)

    def _message(self) -> Message:
        body = _raw_body(self._max_body_bytes)
        headers = {name: request.environ.get(key, "") for name, key in _WSGI}
        return self._verifier_of(current_app).verify(headers, body, time.time())

    def _once(self, message: Message, event: Event[Any], work: Work) -> Response:
        id = f"{self._name}:{message.id}"
        try:
            claim = self._replay.claim(id, self._lease_s)
        except Exception:
            log.exception("the replay store failed; the sender is asked to come again")
            return self._refuse("store_down", "come again", 503)
        if claim.seen is Seen.DONE:
            self._count("repeated")
            return make_response({"status": "repeated"}, 200)
        if claim.seen is Seen.RUNNING:
            return self._refuse("running", "it is being handled; come again", 409)
        return self._try(id, claim, lambda: work(message, event))

    def _try(self, id: str, claim: Claim, work: Callable[[], ResponseReturnValue]) -> Response:
        done = False
        try:
            response = make_response(work())
            done = response.status_code < 400
        except Unsubscribe:
            done = True
            response = self._refuse("unsubscribed", "no more, please", 410)
        except TryLater as later:
            response = self._refuse("later", str(later), 429)
            response.headers["Retry-After"] = str(later.after_s)
        except Unreadable as error:
            response = self._refuse("unreadable", str(error), 400)
        except HTTPException:
            self._count("failed")
            raise
        except Exception:
            log.exception("webhook handler failed", extra={"webhook_id": id})
            response = self._refuse("failed", "the handler failed; send it again", 500)
        finally:  # also when this process is told to end
            self._settle(id, claim, done=done)
        return response

    def _settle(self, id: str, claim: Claim, *, done: bool) -> None:
        try:
            if done:
                self._replay.done(id)
            else:
                self._replay.release(id, claim.token)
        except Exception:
            log.exception("the replay store failed after the handler", extra={"webhook_id": id})

    def _refuse(self, count: str, error: str, status: int) -> Response:
        self._count(count)
        return make_response(jsonify(error=error), status)

    def _count(self, what: str) -> None:
        with self._counting:
            self._counts[what] += 1


def _configured(config: Mapping[str, Any]) -> Secrets:
    """The secrets in app.config, as a list or as words of one string."""
    found = config.get(CONFIG)
    if not found:
        raise ConfigurationError(
            f'give Receiver its secrets, or set app.config["{CONFIG}"] to the list of them'
        )
    return found.split() if isinstance(found, str) else list(found)


def _raw_body(most: int) -> bytes:
    """The bytes that came, still there for whoever reads after us.

    Raises:
        RequestEntityTooLarge: they are more than that; the rest was not read.
        Malformed: they broke off.
        BodyConsumed: somebody was there before.
    """
    length = request.content_length
    most = min(most, most if request.max_content_length is None else request.max_content_length)
    if (length or 0) > most:
        raise RequestEntityTooLarge
    # one more than may come, as Flask cuts a body without a length off at the limit, silently
    request.max_content_length = most + 1
    begun = "form" in vars(request) or "stream" in vars(request)
    body = request.get_data(cache=True)
    if len(body) > most:
        raise RequestEntityTooLarge
    if begun and (len(body) < (length or 0) or (length is None and not body)):
        raise BodyConsumed
    if len(body) < (length or 0):
        raise Malformed("the body is shorter than its content-length")
    return body
