"""The page of a prediction or training, for people: its address lets in, as those of files do.

It is made here, runs nothing in the browser, and asks for nothing but pictures that are outputs.
What a model gave is text on it, whatever it looks like.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template_string

from jobs.api.downloads import kind_of
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.training import is_training

if TYPE_CHECKING:
    from jobs.api.app import Services

#: whoever has these addresses is let in
OPEN = frozenset({"webpage.show"})
#: what browsers show and never run
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: letters of an output or a log, and pictures: the prediction itself has all of it
MOST_LETTERS, MOST_FILES = 200_000, 100
#: how often a page of what has not ended looks again
AGAIN_S = 3
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
{% if again_s %}<meta http-equiv="refresh" content="{{ again_s }}">{% endif %}
<title>{{ shape.status }}: {{ shape.model }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2430; background: #fff; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
.status { display: inline-block; padding: 0 .6em; border-radius: 1em; background: #e6e9ee }
.succeeded { background: #d8f0de } .failed { background: #fbdcd9 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0 }
dt { color: #5a6575 } dd { margin: 0 }
pre { background: #f4f6f8; padding: .8rem 1rem; border-radius: 6px; white-space: pre-wrap;
  max-height: 32rem; overflow: auto; font-size: 14px }
figure { margin: 0 0 1rem } figcaption { color: #5a6575 }
img { max-width: 100%; border-radius: 6px }
</style>
</head>
<body>
<h1>{{ shape.model }}</h1>
<p><span class="status {{ shape.status }}">{{ shape.status }}</span> {{ noun }} {{ shape.id }}</p>
<dl>
<dt>version</dt><dd>{{ shape.version }}</dd>
{% for name, at in times %}<dt>{{ name }}</dt><dd>{{ at }}</dd>
{% endfor %}{% if names %}<dt>inputs</dt><dd>{{ names | join(", ") }}</dd>{% endif %}
</dl>
{% if shape.error %}<h2>Error</h2><pre>{{ shape.error | string | end }}</pre>{% endif %}
{% if files or text %}<h2>Output</h2>{% endif %}
{% for file in files %}<figure>
{% if file.is_picture %}<img src="{{ file.url }}" alt="">{% endif %}
<figcaption><a href="{{ file.url }}">{{ file.name }}</a></figcaption>
</figure>
{% endfor %}{% if text %}<pre>{{ text | end }}</pre>{% endif %}
{% if shape.logs %}<h2>Log</h2><pre>{{ shape.logs | end }}</pre>{% endif %}
{% if metrics %}<h2>Metrics</h2><dl>
{% for name, value in metrics %}<dt>{{ name }}</dt><dd>{{ value }}</dd>
{% endfor %}</dl>{% endif %}
</body>
</html>
"""


def blueprint(services: "Services") -> Blueprint:
    """The one route: Replicate's pages are at /p/ID, too."""
    routes = Blueprint("webpage", __name__)
    routes.add_app_template_filter(_end, "end")
    predictions, trainings, origin = services.predictions, services.trainings, services.url

    @routes.get("/p/<id>/<ticket>")
    def show(id: str, ticket: str) -> Response:
        value = predictions.by_ticket(id, ticket)
        if is_training(id):
            return _page(value, trainings.shape(value), "training", origin)
        return _page(value, predictions.shape(value), "prediction", origin)

    return routes


def _page(value: Prediction, shape: dict[str, Any], noun: str, origin: str) -> Response:
    ours = f"{origin}/v1/{noun}s/{value.id}/files/"
    files = list(_files(shape["output"], ours))[:MOST_FILES]
    html = render_template_string(
        PAGE,
        shape=shape,
        noun=noun,
        names=sorted(value.input),
        times=[(name, shape[f"{name}_at"]) for name in _TIMES if shape[f"{name}_at"]],
        files=files,
        text=_text(shape["output"], files),
        metrics=[(name, json.dumps(one)) for name, one in (shape["metrics"] or {}).items()],
        again_s=0 if value.state in FINISHED else AGAIN_S,
    )
    return Response(html, content_type="text/html; charset=utf-8", headers=_headers(origin))


_TIMES = ("created", "started", "completed")


def _headers(origin: str) -> dict[str, str]:
    parts = urlsplit(origin)
    policy = (
        f"default-src 'none'; img-src {parts.scheme}://{parts.netloc}; style-src 'unsafe-inline';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the address lets in
        "Cache-Control": "no-store",
    }


def _files(output: Any, ours: str) -> Iterator[dict[str, Any]]:
    """The files among an output: addresses of ours, and of nobody else."""
    if isinstance(output, str) and output.startswith(ours):
        name = output.rpartition("/")[2]
        yield {"url": output, "name": name, "is_picture": kind_of(name) in PICTURES}
    elif isinstance(output, dict | list):
        for item in output.values() if isinstance(output, dict) else output:
            yield from _files(item, ours)


def _text(output: Any, files: list[dict[str, Any]]) -> str:
    """What there is to read of an output; none if it is files alone."""
    addresses = [file["url"] for file in files]
    if output is None or output in addresses or (output and output == addresses):
        return ""
    text = output if isinstance(output, str) else json.dumps(output, indent=2, ensure_ascii=False)
    for file in files:
        text = text.replace(file["url"], file["name"])
    return text


def _end(text: str) -> str:
    """The end of a text, which is what a log is read for."""
    left_out = len(text) - MOST_LETTERS
    return text if left_out <= 0 else f"[{left_out} letters are left out here]\n{text[left_out:]}"
