"""`penstock predict` prints a text as the model tells it, against a real server."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.link import Link
from tests.servers.penstock import BIN, Penstock, until

#: tells the next word, and ends, when there is a file of its number
GATED = """
import pathlib, time
from cog import BasePredictor, ConcatenateIterator

class Predictor(BasePredictor):
    def predict(self, text: str, gates: str, fails: bool = False) -> ConcatenateIterator[str]:
        print("telling")
        for number, word in enumerate([*text.split(), None]):
            while number and not pathlib.Path(gates, str(number)).exists():
                time.sleep(0.01)
            if word:
                yield word if number == 0 else f" {word}"
        if fails:
            raise ValueError("no word is left")
"""
ITEMS = """
from collections.abc import Iterator
from typing import Any
from cog import BasePredictor

class Predictor(BasePredictor):
    def predict(self) -> Iterator[dict[str, Any]]:
        yield {"a": 1}
        yield {"b": "ö"}
"""
#: a prediction that runs, its gates, and what is read of it
Begun = Callable[..., "Telling"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    folder = tmp_path_factory.mktemp("stream")
    started = Penstock(folder)
    started.start()
    for name, source in (("gated", GATED), ("items", ITEMS)):
        written(folder / name, source)
        assert started.cli("push", str(folder / name), f"demo/{name}").returncode == 0
    yield started
    started.stop()


def written(folder: Path, source: str) -> Path:
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (folder / "predict.py").write_text(source)
    return folder


class Telling:
    """`penstock predict` under way; what it prints is read as it comes."""

    def __init__(self, gates: Path, environment: dict[str, str], ref: str, *words: str) -> None:
        self.gates = gates
        given = ("-i", "text=one two three", "-i", f"gates={gates}")
        ours, theirs = os.openpty() if "--stream" not in words else os.pipe()
        self._ours = open(ours, "rb", buffering=0)  # noqa: SIM115 - closed in `close`
        self.process = subprocess.Popen(
            [BIN / "penstock", "predict", ref, *given, *words],
            env=environment,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)
        self.seen = ""

    def read(self, enough: str | None = None) -> str:
        """What was printed, as soon as it ends with so much; else all of it."""
        while enough is None or not self.seen.endswith(enough):
            try:
                piece = self._ours.read(65536)
            except OSError:  # the other side of a terminal is closed
                break
            if not piece:
                break
            self.seen += piece.decode()
        return self.seen

    def open(self, *numbers: int) -> None:
        """Let the model tell these words."""
        for number in numbers:
            (self.gates / str(number)).touch()

    def ended(self) -> tuple[int, str, str]:
        """Exit code, what was printed, what stood on stderr."""
        self.read()
        assert self.process.stderr is not None
        errors = self.process.stderr.read()
        return self.process.wait(60), self.seen, errors

    def close(self) -> None:
        """End it, and let go of what it printed into."""
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()
        self.close_ours()

    def close_ours(self) -> None:
        """Read no more of what it prints."""
        self._ours.close()


@pytest.fixture
def begun(server: Penstock, tmp_path: Path) -> Iterator[Begun]:
    made: list[Telling] = []

    def _begun(*words: str, ref: str = "demo/gated", **more: str) -> Telling:
        gates = tmp_path / "gates"
        gates.mkdir()
        made.append(Telling(gates, server.environment | more, ref, *words))
        return made[-1]

    yield _begun
    for one in made:
        one.close()


def newest(server: Penstock) -> Any:
    """The prediction that was made last."""
    return server.call("GET", "/v1/predictions?limit=1")["results"][0]


def test_a_terminal_shows_words_as_they_come(begun: Begun, tmp_path: Path) -> None:
    telling = begun()

    assert telling.read("one") == "one"
    telling.open(1)
    assert telling.read("two") == "one two"
    telling.open(2, 3)

    assert telling.ended() == (0, "one two three\r\n", "telling\n")


def test_so_does_a_pipe_with_stream(begun: Begun) -> None:
    telling = begun("--stream")
    assert telling.read("one") == "one"
    telling.open(1, 2, 3)

    assert telling.ended() == (0, "one two three\n", "telling\n")


def test_a_folder_here_does_the_same(begun: Begun, tmp_path: Path) -> None:
    telling = begun(ref=str(written(tmp_path / "model", GATED)))
    assert telling.read("one") == "one"
    telling.open(1, 2, 3)

    assert telling.ended() == (0, "one two three\r\n", "telling\n")


@pytest.mark.parametrize("word", ["--json", "--no-stream"])
def test_a_terminal_shows_the_whole_where_that_is_asked_for(begun: Begun, word: str) -> None:
    telling = begun(word)
    telling.open(1, 2, 3)

    code, printed, _ = telling.ended()

    told = json.loads(printed)
    assert code == 0
    assert told == "one two three" or told["output"] == ["one", " two", " three"]


def test_a_connection_that_breaks_costs_no_word_and_doubles_none(
    begun: Begun, server: Penstock
) -> None:
    link = Link(server.port)
    telling = begun("--stream", PENSTOCK_URL=f"http://127.0.0.1:{link.port}")
    telling.read("one")

    link.cut()
    telling.open(1)
    until(lambda: newest(server)["output"] == ["one", " two"])
    link.mend()
    assert telling.read("two") == "one two"
    telling.open(2, 3)

    code, printed, errors = telling.ended()
    link.close()
    assert (code, printed) == (0, "one two three\n")
    assert "Traceback" not in errors


def test_what_is_told_again_after_a_kill_is_not_printed_again(
    begun: Begun, server: Penstock
) -> None:
    telling = begun("--stream")
    telling.open(1)
    telling.read("two")

    server.kill()
    server.start()
    telling.open(2, 3)

    code, printed, _ = telling.ended()
    assert (code, printed) == (0, "one two three\n")


def test_ctrl_c_in_the_middle_of_a_text_cancels(begun: Begun, server: Penstock) -> None:
    telling = begun()
    telling.read("one")

    telling.process.send_signal(signal.SIGINT)

    code, printed, errors = telling.ended()
    id = newest(server)["id"]
    assert (code, printed) == (130, "one\r\n")
    assert errors.endswith(f"{id} is cancelled\n")
    until(lambda: newest(server)["status"] == "canceled")


def test_what_nobody_reads_on_is_cancelled(begun: Begun, server: Penstock) -> None:
    """As in `penstock predict ... --stream | head`."""
    telling = begun("--stream")
    telling.read("one")

    telling.close_ours()
    telling.open(1)

    assert telling.process.wait(60) == 1
    until(lambda: newest(server)["status"] == "canceled")


def test_a_text_that_fails_says_so_on_a_line_of_its_own(begun: Begun) -> None:
    telling = begun("-i", "fails=true")
    telling.open(1, 2)
    telling.read("three")
    telling.open(3)

    code, printed, errors = telling.ended()

    assert (code, printed) == (1, "one two three\r\n")
    assert "no word is left" in errors


def test_items_that_are_no_text_are_lines_of_json(server: Penstock) -> None:
    done = server.cli("predict", "demo/items", "--stream")

    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"a": 1}, {"b": "ö"}]


def test_what_does_not_come_in_pieces_is_as_ever(server: Penstock) -> None:
    server.push("hello", "demo/hello")

    done = server.cli("predict", "demo/hello", "-i", "text=you", "--stream")

    assert (done.returncode, done.stdout) == (0, '"hello you"\n')


@pytest.mark.parametrize("word", ["--json", "--output=x"])
def test_stream_and_the_whole_exclude_each_other(server: Penstock, word: str) -> None:
    done = server.cli("predict", "demo/items", "--stream", word)

    assert done.returncode == 2
    assert "leave out --json and --output" in done.stderr
