"""Bytes as an answer: streamed, with their length, and never run by a browser on this origin."""

import mimetypes

from flask import Response

from jobs.services.content import Content

HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


def download(content: Content, kind: str) -> Response:
    """The bytes, under a media type."""
    headers = HEADERS | {"Content-Length": str(content.size_bytes)}
    return Response(content.chunks, content_type=kind, headers=headers)


def kind_of(path: str) -> str:
    """The media type that a file's name says."""
    return mimetypes.guess_type(path)[0] or "application/octet-stream"
