"""What makes predictions of requests, and waits for them where that is asked."""

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from jobs.api.requests import token_in
from jobs.api.resent import SENDING, Waits, Wish, told_by
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, NotFound
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.sending import Sending, request_hash
from jobs.services.predictions import New

if TYPE_CHECKING:
    from jobs.services.predictions import Predictions

#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0
#: what is answered: its shape, the status, and headers
Made = tuple[dict[str, Any], int, dict[str, str]]
#: that, or why there is nothing to answer
Told = Made | BaseException
#: the headers that are asked for here
_SAID = ("Authorization", "Prefer", *SENDING)
_WAIT = re.compile(r"wait(?:=(\d{1,6}))?", re.ASCII | re.IGNORECASE)


def wait_asked(prefer: str) -> tuple[str, float] | None:
    """The wish to wait and its seconds: `wait`, `wait=n`, or None.

    Other preferences may stand beside it; one that is not of these forms is no wish to wait.
    """
    for preference in re.split("[,;]", prefer):
        found = _WAIT.fullmatch(preference.strip())
        if found:
            seconds = float(found[1]) - 0.1 if found[1] else MOST_WAIT_S
            return found[0], max(0.0, min(seconds, MOST_WAIT_S))
    return None


def without_token(given: object, token: str) -> None:
    """Raise BadRequest if an input is the caller's token: one client sends itself by mistake."""
    if isinstance(given, dict) and token in given.values():
        raise BadRequest("holds your API token; it is not kept", field="input")


class Head:
    """What the headers of a request say, each found out when it is asked for, once."""

    def __init__(self, headers: Headers) -> None:
        #: without what else came with them, which is not to stay as long as this may
        self._said = {name: headers[name] for name in _SAID if name in headers}

    @cached_property
    def token(self) -> str:
        """The token that it brings, or nothing."""
        return token_in(self._said)

    @cached_property
    def waits(self) -> tuple[str, float] | None:
        """See `wait_asked`."""
        return wait_asked(self._said.get("Prefer", ""))

    @cached_property
    def sending(self) -> Sending:
        """See `told_by`."""
        return told_by(self._said)


@dataclass(frozen=True)
class Asked:
    """Who asks, and what came beside the body."""

    caller: Caller
    head: Head
    environ: Mapping[str, Any]


class Making:
    """One of these for all that is asked of a process."""

    def __init__(self, predictions: "Predictions", url: str) -> None:
        """`url`: the public origin."""
        self._predictions = predictions
        self._url = url
        self._waits = Waits()

    def made(self, asked: Asked, body: dict[str, Any]) -> Made:
        """A prediction, new or there already, as it is once it was waited for."""
        without_token(body.get("input"), asked.head.token)
        wish = asked.caller.token, request_hash(body)
        found, headers = self._found(asked, body, wish), dict[str, str]()
        waits = asked.head.waits
        if waits is not None:
            headers["Preference-Applied"], seconds = waits
            value, is_new = self._waited(found, wish, asked, seconds)
        else:
            value, is_new = self._kept(found)
        headers["Location"] = f"{self._url}/v1/predictions/{value.id}"
        return self._predictions.shape(value), 201 if is_new else 200, headers

    def begin(self, asked: Asked, body: dict[str, Any], then: Callable[[Told], None]) -> bool:
        """The same without waiting, for a quick one that is to be waited for.

        `then` is called once, with what is answered or why there is nothing. False: nothing was
        done.
        """
        waits = asked.head.waits
        wish = asked.caller.token, request_hash(body)
        if waits is None or self._waits.is_left(wish):
            return False
        without_token(body.get("input"), asked.head.token)
        found = self._predictions.asked(asked.caller, body, wish[1], asked.head.sending)
        if isinstance(found, Prediction):
            return False
        over = self._waits.begin(wish, found.value.id, asked.environ)

        def told(what: Told) -> None:
            over()
            then(what)

        begun = self._predictions.begin(found, waits[1], partial(self._end, waits, told))
        if not begun:
            over()
        return begun

    def _end(
        self,
        waits: tuple[str, float],
        then: Callable[[Told], None],
        value: Prediction | BaseException,
    ) -> None:
        """What is to be told of one that was kept, or was not; it is waited for if it goes on."""
        if isinstance(value, BaseException):
            then(value)
            return
        late = (waits, then, value)
        if value.state in FINISHED:
            self._end_late(*late)
        else:
            threading.Thread(target=self._end_late, args=late, daemon=True, name="api").start()

    def _end_late(
        self, waits: tuple[str, float], then: Callable[[Told], None], value: Prediction
    ) -> None:
        try:
            told: Told = self._made(self._predictions.wait(value, waits[1]), waits[0])
        except Exception as error:
            told = error
        then(told)

    def _made(self, value: Prediction, applied: str) -> Made:
        headers = {"Preference-Applied": applied}
        headers["Location"] = f"{self._url}/v1/predictions/{value.id}"
        return self._predictions.shape(value), 201, headers

    def _waited(
        self, found: Prediction | New, wish: Wish, asked: Asked, seconds: float
    ) -> tuple[Prediction, bool]:
        if isinstance(found, New) and found.is_plain:
            with self._waits.waiting(wish, found.value.id, asked.environ):
                return self._predictions.keep_and_wait(found, seconds)
        value, is_new = self._kept(found)
        with self._waits.waiting(wish, value.id, asked.environ):
            return self._predictions.wait(value, seconds), is_new

    def _kept(self, found: Prediction | New) -> tuple[Prediction, bool]:
        return (found, False) if isinstance(found, Prediction) else self._predictions.keep(found)

    def _found(self, asked: Asked, body: dict[str, Any], wish: Wish) -> Prediction | New:
        lost = self._waits.taken_up(wish)
        if lost is not None:
            with suppress(NotFound):  # whoever was to keep it could not
                return self._predictions.soon(asked.caller, lost)
        return self._predictions.asked(asked.caller, body, wish[1], asked.head.sending)
