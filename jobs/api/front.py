"""What a browser is shown at /: what this is, and where to go on. It needs no token."""

from importlib.metadata import version

from flask import Flask, Response, request

PATH = "/"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Penstock</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
</style>
</head>
<body>
<h1>Penstock %(version)s</h1>
<p>This server runs batches of predictions, for programs. A browser can open these:</p>
<ul>
<li><a href="openapi.json">openapi.json</a>: every route, with what it takes and answers</li>
<li><a href="health">health</a>: whether this process is up</li>
<li><a href="ready">ready</a>: whether it reaches its parts</li>
</ul>
<p>All else needs a token, as <code>Authorization: Bearer TOKEN</code>. <code>penstock --help</code>
lists the commands; the documentation is the folder <code>docs</code> of Penstock's source.</p>
</body>
</html>
"""
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}


def install(app: Flask) -> None:
    """Answer browsers; whoever does not ask for HTML by name is answered as at any other path."""
    html = PAGE % {"version": version("penstock")}

    @app.before_request
    def front() -> Response | None:
        if request.path != PATH or request.method not in ("GET", "HEAD"):
            return None
        accepted = request.accept_mimetypes
        if accepted["text/html"] <= accepted["application/json"]:
            return None
        return Response(html, content_type="text/html; charset=utf-8", headers=_HEADERS)
