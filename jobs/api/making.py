"""What makes predictions of requests, and waits for them where that is asked."""

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from jobs.api.resent import Waits, Wish, told_by
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, NotFound
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.sending import request_hash
from jobs.services.predictions import New

if TYPE_CHECKING:
    from jobs.services.predictions import Predictions

#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0
#: what is answered: its shape, the status, and headers
Made = tuple[dict[str, Any], int, dict[str, str]]
#: that, or why there is nothing to answer
Told = Made | BaseException
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


@dataclass(frozen=True)
class Asked:
    """Who asks, by which token, and what came beside the body."""

    caller: Caller
    token: str
    headers: Headers
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
        without_token(body.get("input"), asked.token)
        wish = asked.caller.token, request_hash(body)
        found, headers = self._found(asked, body, wish), dict[str, str]()
        waits = wait_asked(asked.headers.get("Prefer", ""))
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
        waits = wait_asked(asked.headers.get("Prefer", ""))
        wish = asked.caller.token, request_hash(body)
        if waits is None or self._waits.is_left(wish):
            return False
        without_token(body.get("input"), asked.token)
        found = self._predictions.asked(asked.caller, body, wish[1], told_by(asked.headers))
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
        return self._predictions.asked(asked.caller, body, wish[1], told_by(asked.headers))
