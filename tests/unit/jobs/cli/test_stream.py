"""A stream that breaks is taken up where it was, and nothing is printed twice."""

import itertools
import socket
import sys
import time
from typing import Any

import click
import pytest

from jobs.cli.outputs import Pieces, streamed
from jobs.cli.stream import Live
from tests.servers.endpoint import Endpoint, status

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n: here\n\n"
DONE = b"event: done\nid: 17:3\ndata: {}\n\n"
TEXT: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "x-cog-array-type": "iterator",
    "x-cog-array-display": "concatenate",
}


def document(output: dict[str, Any]) -> dict[str, Any]:
    return {"components": {"schemas": {"Output": output}}}


def output(number: int, *lines: str) -> bytes:
    data = "".join(f"data: {line}\n" for line in lines)
    return f"event: output\nid: 17:{number}\n{data}\n".encode()


def live(at: Endpoint, monkeypatch: pytest.MonkeyPatch, shape: dict[str, Any]) -> Live:
    monkeypatch.setenv("PENSTOCK_URL", at.url.removesuffix("/hook"))
    monkeypatch.setenv("PENSTOCK_TOKEN", "t")
    pieces = Pieces.of(document(shape))
    assert pieces is not None
    return Live("pred_1", document(shape), pieces)


def test_a_stream_that_breaks_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jobs.cli.stream.AGAIN_S", 0.01)
    # the third time it begins anew, as a server would that does not know the id
    answers = iter(
        [
            HEAD + output(1, "a ") + output(2, "b")[:-3],
            HEAD + output(2, "b\u2028", ""),
            HEAD + output(1, "a ") + output(2, "b\u2028", "") + output(3, "c") + DONE,
        ]
    )

    def manner(connection: socket.socket, request: bytes) -> None:
        connection.sendall(next(answers))
        connection.close()

    with Endpoint(manner) as server:
        heard = live(server, monkeypatch, TEXT)
        heard.wait(60)  # to the end of the stream
    heard.show({"output": ["a ", "b\u2028\n", "c", " d"]})
    heard.close()

    assert capsys.readouterr().out == "a b\u2028\nc d\n"
    asked = [request.lower().partition(b"last-event-id: ")[2] for request in server.requests]
    assert [id.partition(b"\r\n")[0] for id in asked] == [b"", b"17:1", b"17:2"]


def test_where_there_is_no_stream_what_the_prediction_has_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Endpoint(status(404)) as server:
        heard = live(server, monkeypatch, TEXT)
        for there in (None, ["a"], ["a", "b"], ["a"], ["a", "b", "c"]):
            heard.wait(0.01)
            heard.show({"output": there})
        heard.close()

    assert capsys.readouterr().out == "abc\n"


@pytest.mark.parametrize(
    ("items", "data", "printed"),
    [
        ({"type": "string"}, "1", '"1"\n'),
        ({"type": "integer"}, "1", "1\n"),
        ({"type": "object"}, '{"a": "ö"}', '{"a": "ö"}\n'),
    ],
)
def test_what_is_no_text_is_a_line_of_json_each(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    items: dict[str, Any],
    data: str,
    printed: str,
) -> None:
    def manner(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD + output(1, data) + DONE)
        connection.close()

    shape = {"type": "array", "items": items, "x-cog-array-type": "iterator"}
    with Endpoint(manner) as server:
        heard = live(server, monkeypatch, shape)
        heard.wait(60)
    heard.close()

    assert capsys.readouterr().out == printed


def test_what_may_be_a_text_or_something_else_is_not_taken_from_the_stream(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = {"type": "array", "items": {}, "x-cog-array-type": "iterator"}
    with Endpoint(status(404)) as server:
        heard = live(server, monkeypatch, shape)
        heard.wait(0.05)
        heard.show({"output": ["1", 1]})

    assert capsys.readouterr().out == '"1"\n1\n'
    assert server.requests == []


def test_a_wait_is_no_longer_than_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits also asks for the prediction: a stream that says nothing may not keep it."""

    def manner(connection: socket.socket, request: bytes) -> None:
        connection.sendall(HEAD)
        for number in itertools.count(1):
            connection.sendall(output(number, "a"))
            time.sleep(0.001)

    with Endpoint(manner) as server:
        heard = live(server, monkeypatch, TEXT)
        heard.wait(0.05)
        heard.close()


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {
            "type": "array",
            "items": {"type": "string", "format": "uri"},
            "x-cog-array-type": "iterator",
        },
    ],
)
def test_what_does_not_come_in_pieces_is_printed_as_a_whole(shape: dict[str, Any]) -> None:
    assert Pieces.of(document(shape)) is None
    assert Pieces.of({}) is None


def test_nothing_is_streamed_into_a_pipe_unless_it_is_asked_for() -> None:
    assert not streamed(None, as_json=False, place=None)
    assert streamed(True, as_json=False, place=None)


def test_an_interrupt_just_after_a_piece_was_printed_finds_its_line_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pieces = Pieces(document(TEXT))

    def interrupted(text: str, nl: bool) -> None:
        sys.stdout.write(text)
        raise KeyboardInterrupt

    monkeypatch.setattr(click, "echo", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pieces.show(["one"])
    monkeypatch.undo()
    pieces.end()

    assert capsys.readouterr().out == "one\n"
