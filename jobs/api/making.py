"""What makes predictions of requests, and waits for them where that is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from jobs.api.resent import Waits, Wish, told_by
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest
from jobs.core.prediction import Prediction
from jobs.core.sending import request_hash

if TYPE_CHECKING:
    from jobs.services.predictions import Predictions

#: answer before the deadline that clients set for themselves (60 s), not at it
MOST_WAIT_S = 58.0
#: what is answered: its shape, the status, and headers
Made = tuple[dict[str, Any], int, dict[str, str]]
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
        value, is_new = self._kept(asked, body, wish)
        headers = {"Location": f"{self._url}/v1/predictions/{value.id}"}
        waits = wait_asked(asked.headers.get("Prefer", ""))
        if waits is not None:
            headers["Preference-Applied"], seconds = waits
            with self._waits.waiting(wish, value.id, asked.environ):
                value = self._predictions.wait(value, seconds)
        return self._predictions.shape(value), 201 if is_new else 200, headers

    def _kept(self, asked: Asked, body: dict[str, Any], wish: Wish) -> tuple[Prediction, bool]:
        lost = self._waits.taken_up(wish)
        if lost is not None:
            return self._predictions.get(asked.caller, lost), False
        return self._predictions.create(asked.caller, body, told_by(asked.headers))
