"""POST /predictions without Flask around it: see jobs/api/shortcut.py, which is the same there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_input_stream

from jobs.serve import answers
from jobs.serve.predictions import Predictions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH, KIND = "/predictions", "application/json"
#: where the environment of a request that failed here has why
FAILED = "penstock.failed"
#: what asks for something else than the end of it, or for a look at who asks
_OTHERWISE = ("HTTP_ORIGIN", "HTTP_PREFER")


def shortcut(
    inner: "WSGIApplication", predictions: Predictions, most_bytes: int
) -> "WSGIApplication":
    """The application with a shorter way to what is asked for most."""

    def door(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if not _is_usual(environ):
            return inner(environ, start)
        try:
            raw = get_input_stream(environ, max_content_length=most_bytes).read()
            body = answers.encode(predictions.ended(raw, environ))
        except Exception as error:
            environ[FAILED] = error
            return inner(environ, start)
        start("200 OK", [("Content-Type", KIND), ("Content-Length", str(len(body)))])
        return [body]

    return door


def _is_usual(environ: "WSGIEnvironment") -> bool:
    return (
        environ.get("PATH_INFO") == PATH
        and environ.get("REQUEST_METHOD") == "POST"
        and environ.get("CONTENT_TYPE") == KIND
        and not any(name in environ for name in _OTHERWISE)
        and "event-stream" not in environ.get("HTTP_ACCEPT", "")
    )
