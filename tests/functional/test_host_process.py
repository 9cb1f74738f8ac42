"""Model hosts as real processes: how they end, what they leave, who is told what."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hostfolder import HostFolder, reap
from jobs.adapters.hosts import ProcessHosts
from jobs.adapters.strays import kill_marked
from jobs.core.errors import HostLost
from jobs.core.prediction import Failed, Succeeded
from jobs.ports import Host
from tests.servers import tree
from tests.servers.penstock import until

Start = Callable[[str], Host]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder so deep that no socket can be below it."""
    folder = tmp_path / ("deep" * 25) / "hosts"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def start(tmp_path: Path, scratch: Path) -> Iterator[Start]:
    """Starts a host whose predict(text) has the body."""
    hosts, started = ProcessHosts(scratch), []

    def begin(body: str) -> Host:
        folder = tmp_path / f"model{len(started)}"
        folder.mkdir()
        (folder / "cog.yaml").write_text("predict: predict.py:predict")
        head = "import ctypes, os, subprocess, sys, time\nfrom typing import Any\n"
        head += "def predict(text: str) -> Any:\n"
        code = head + textwrap.indent(textwrap.dedent(body), "    ")
        (folder / "predict.py").write_text(code)
        started.append(hosts.start(folder, scratch=scratch, threads=1, setup_timeout_s=60))
        return started[-1]

    yield begin
    for host in started:
        host.close()


def run(host: Host, tmp_path: Path, timeout_s: float = 60, **given: Any) -> Any:
    """The result of one row, its output read."""
    row, files = {"text": "x", **given}, tmp_path / "files"
    lots = host.run([row], files=files, timeout_s=timeout_s, cancelled=lambda: False)
    [[result]] = list(lots)
    if isinstance(result, Failed):
        return result
    return result._replace(output=json.loads(bytes(result.output)))


def test_the_last_words_of_a_crash_are_kept(start: Start, tmp_path: Path) -> None:
    host = start("print('so far so good'); os.write(2, b'and then'); os._exit(9)")

    with pytest.raises(HostLost) as caught:
        run(host, tmp_path)

    assert caught.value.reason == "crashed"
    assert caught.value.detail == "the model process ended itself with exit status 9"
    assert caught.value.logs == "so far so good\nand then"
    assert not host.alive


def test_a_death_is_noticed_though_a_child_holds_the_pipes(start: Start, tmp_path: Path) -> None:
    """Native code forks without our hook; what it forked holds the answers open."""
    host = start("ctypes.CDLL(None).fork() or time.sleep(3600)\nos._exit(9)")
    began = time.monotonic()

    with pytest.raises(HostLost) as caught:
        run(host, tmp_path, timeout_s=3600)

    assert caught.value.reason == "crashed"
    assert time.monotonic() - began < 600


def test_a_flood_of_prints_from_locked_native_code(start: Start, tmp_path: Path) -> None:
    """It holds the interpreter's lock while it prints: nobody in its process could read that."""
    body = """
        data = b"y" * (1 << 20)
        return ctypes.PyDLL(None).write(2, data, len(data))
    """

    result = run(start(body), tmp_path)

    assert isinstance(result, Succeeded)
    assert result.output == 1 << 20
    assert result.logs.endswith("y" * 1000)


def test_an_answer_that_is_too_large(start: Start, tmp_path: Path) -> None:
    host = start("return 'x' * (int(text) << 20)")

    result = run(host, tmp_path, text="65")

    assert isinstance(result, Failed)
    assert (result.code, result.message[:28]) == ("invalid_output", "the output is 65 MB of JSON;")
    assert len(run(host, tmp_path, text="5").output) == 5 << 20


def test_someone_else_wrote_on_the_pipe(start: Start, tmp_path: Path) -> None:
    host = start("os.write(int(sys.argv[2]), b'\\0\\0\\0\\3{!}'); time.sleep(3600)")

    with pytest.raises(HostLost) as caught:
        run(host, tmp_path)

    assert caught.value.detail == "wrote over the pipe that it answers on"


@pytest.mark.parametrize(
    ("body", "reason"),
    [("os.kill(os.getpid(), signal.SIGKILL)", "killed"), ("os.abort()", "crashed")],
)
def test_a_host_that_was_killed_did_not_crash(
    start: Start, tmp_path: Path, body: str, reason: str
) -> None:
    host = start(f"import os, signal; {body}")
    with pytest.raises(HostLost) as caught:
        run(host, tmp_path)
    assert caught.value.reason == reason


def test_what_a_killed_host_left_running_is_reaped(
    start: Start, scratch: Path, tmp_path: Path
) -> None:
    body = """
        subprocess.Popen(["sleep", "86400"], start_new_session=True)
        return os.getpid()
    """
    pid = run(start(body), tmp_path).output
    own = next(scratch.iterdir())
    tmp = (own / "tmp").resolve()
    assert tmp.is_dir()
    os.kill(pid, signal.SIGKILL)
    # what a worker knows that finds this folder after its predecessor was killed
    until(lambda: [tree.name(pid) for pid in tree.hosts(scratch)] == ["sleep"])
    assert not kill_marked(own.with_name("another"))

    reap(scratch)

    assert tree.hosts(scratch) == []
    assert list(scratch.iterdir()) == []
    assert not tmp.exists()


def test_sockets_of_a_living_helper_stay(start: Start, tmp_path: Path, scratch: Path) -> None:
    """A lot's leftovers are removed, but not what a process of the model still serves."""
    body = """
        import multiprocessing, tempfile
        global helper
        if text == "begin":
            helper = multiprocessing.Manager()
        open(tempfile.mkstemp()[0], "w").write("left")
        return helper.list([text])[0]
    """
    host = start(body)

    assert run(host, tmp_path, text="begin").output == "begin"
    assert run(host, tmp_path, text="again").output == "again"
    until(lambda: [path.name[:5] for path in scratch.glob("*/tmp/*")] == ["pymp-"])
    tmp = next(scratch.glob("*/tmp")).resolve()
    host.close()
    assert not tmp.exists()


def test_odd_outputs_end_alone_or_come_over_right(start: Start, tmp_path: Path) -> None:
    """One lot of rows, each with something else that JSON does or does not know."""
    host = start("import numpy\nreturn eval(text)")
    wanted = {
        "'fine'": "fine",
        "numpy.float32(0.5)": 0.5,
        "numpy.arange(3)": [0, 1, 2],
        "{1: None, True: 'x', 2.5: 'y'}": {"1": "x", "2.5": "y"},
        "2**64 - 1": 2**64 - 1,
        "2**64": "an integer of more than 64 bits",
        "float('nan')": "nan",
        "[1, [float('inf')]]": "inf",
        "'\\ud83d'": "surrogate",
        "b'bytes'": "a bytes, which is not JSON",
        "{(1, 2): 3}": "a key of the output is a tuple",
        "open": "is not JSON",
        "(lambda ring: ring.append(ring) or ring)([])": "nested more than 100 deep",
        "(number for number in range(3))": "a generator, which is not JSON",
        "'fine again'": "fine again",
    }

    lots = host.run(
        [{"text": text} for text in wanted], files=tmp_path, timeout_s=60, cancelled=lambda: False
    )

    results = [result for lot in lots for result in lot]
    for (text, expected), result in zip(wanted.items(), results, strict=True):
        if isinstance(result, Failed):
            assert result.code == "invalid_output", text
            assert expected in result.message, text
        else:
            assert json.loads(bytes(result.output)) == expected, text


def test_the_short_folder_of_a_killed_worker_goes(tmp_path: Path) -> None:
    """Also if nobody ever starts again where its hosts' folders are."""
    deep = tmp_path / ("deep" * 25)
    deep.mkdir()
    make = "from pathlib import Path; from jobs.adapters.hostfolder import HostFolder"
    code = f"{make}; print(HostFolder(Path({str(deep)!r})).tmp, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        short = Path(worker.stdout.readline().strip())
        HostFolder(deep).remove()
        assert short.is_dir(), "its worker lives"
        worker.kill()

    HostFolder(deep).remove()

    assert not short.exists()


def test_what_a_model_removes_itself_is_not_left(start: Start, tmp_path: Path) -> None:
    host = start(
        """
        import shutil
        import tempfile
        sys.count = getattr(sys, "count", 0) + 1
        place = os.path.join(ELSEWHERE, str(sys.count))
        os.makedirs(place)
        for at in range(2):
            with open(os.path.join(place, str(at)), "wb") as file:
                file.write(b"1234")
        old = os.path.join(ELSEWHERE, str(sys.count - 2))
        if text == "one by one" and sys.count > 2:
            os.unlink(os.path.join(old, "0"))
            os.unlink(os.path.join(old, "1"))
        elif text == "all":
            shutil.rmtree(old, ignore_errors=True)
        """.replace("ELSEWHERE", repr(str(tmp_path)))
    )

    def left(text: str) -> int:
        done = host.stream(
            {"text": text}, files=tmp_path / "files", timeout_s=60, on_output=lambda part: None
        )
        assert isinstance(done, Succeeded)
        assert done.usage is not None
        return int(done.usage["temp_files"])

    assert [left("") for _ in range(3)] == [2, 4, 6]
    assert [left("one by one") for _ in range(3)] == [6, 6, 6]
    assert [left("all") for _ in range(3)] == [6, 6, 6]


def test_what_a_model_holds_on_to_is_told_with_each_prediction(
    start: Start, tmp_path: Path
) -> None:
    host = start(
        """
        import tempfile
        with open(os.path.join(tempfile.gettempdir(), "the-same"), "wb") as file:
            file.write(b"1234")
        if text == "leak":
            sys.kept = [*getattr(sys, "kept", []), b"x" * 8_000_000]
            sys.held = [*getattr(sys, "held", []), open(os.devnull)]
            for place in (tempfile.gettempdir(), ELSEWHERE):
                with open(f"{place}/left-{len(sys.kept)}", "wb") as file:
                    file.write(b"123456")
            import threading
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        """.replace("ELSEWHERE", repr(str(tmp_path)))
    )

    def usage(text: str) -> dict[str, Any]:
        files = tmp_path / "files"
        given = {"text": text}
        done = host.stream(given, files=files, timeout_s=60, on_output=lambda part: None)
        assert isinstance(done, Succeeded)
        assert done.usage is not None
        return done.usage

    seen = [usage(text) for text in ("", "", "leak", "leak", "")]

    assert len({one["host"] for one in seen}) == 1
    assert [one["temp_files"] for one in seen] == [1, 1, 3, 5, 5]
    assert [one["temp_bytes"] for one in seen] == [4, 4, 16, 28, 28]
    for kind in ("open_files", "threads"):
        assert [one[kind] - seen[0][kind] for one in seen] == [0, 0, 1, 2, 2]
    grown = [seen[at]["memory_bytes"] - seen[1]["memory_bytes"] for at in (2, 3, 4)]
    assert 7e6 < grown[0] < 12e6
    assert all(15e6 < one < 20e6 for one in grown[1:])


def apart(host: Host, tmp_path: Path, texts: list[str], cancelled: Any = None) -> list[Any]:
    """What comes of them, part by part."""
    inputs = [{"text": text} for text in texts]
    stop = cancelled or (lambda: False)
    parts = host.apart(inputs, files=tmp_path / "files", timeout_s=60, cancelled=stop, grace_s=30)
    return list(parts)


def test_what_came_together_is_told_apart(start: Start, tmp_path: Path) -> None:
    host = start(
        """
        import tempfile
        left = os.listdir(tempfile.gettempdir())
        tempfile.mkstemp()
        print("said", text)
        if text == "b":
            raise ValueError("as asked")
        return f"{text} {len(left)}"
        """
    )
    [[a, b, c]] = apart(host, tmp_path, ["a", "b", "c"])
    assert (a.output, a.logs) == (b'"a 0"', "said a\n")
    assert (b.code, b.message) == ("prediction_failed", "ValueError: as asked")
    assert b.logs.startswith("said b\nTraceback")
    assert (c.output, c.logs) == (b'"c 0"', "said c\n")
    assert a.usage["host"] == c.usage["host"]
    assert host.tells_apart


def test_what_is_printed_past_python_says_that_they_are_not_to_go_together(
    start: Start, tmp_path: Path
) -> None:
    host = start("os.write(1, text.encode()); return text")
    apart(host, tmp_path, ["a", "b"])
    assert not host.tells_apart


def test_one_that_takes_long_holds_nothing_back_and_hears_that_it_is_to_stop(
    start: Start, tmp_path: Path
) -> None:
    host = start(
        """
        print("said", text)
        while text == "slow":
            time.sleep(0.01)
        return text
        """
    )
    stop: list[bool] = []
    seen: list[list[Any]] = []
    inputs = [{"text": text} for text in ("a", "slow", "c")]
    for part in host.apart(
        inputs, files=tmp_path, timeout_s=60, cancelled=lambda: bool(stop), grace_s=30
    ):
        seen.append(part)
        stop.append(True)
    [[a], [slow]] = seen
    assert (a.output, a.logs) == (b'"a"', "said a\n")
    assert (slow.code, slow.logs.splitlines()[0]) == ("canceled", "said slow")
    assert host.alive
    [[d]] = apart(host, tmp_path, ["d"])
    assert d.output == b'"d"'


def test_a_question_that_comes_too_late_stops_nothing(start: Start, tmp_path: Path) -> None:
    # each takes as long as it is waited for before the model is asked how far it is
    host = start("time.sleep(0.1 if text == 'slow' else 0); return text")
    for _ in range(8):
        ended = [one for part in apart(host, tmp_path, ["slow", "b"]) for one in part]
        assert ended[0].output == b'"slow"'
        assert [one.output for one in ended[1:]] in ([b'"b"'], [])
        assert run(host, tmp_path, text="next").output == "next"
    assert host.alive


def test_a_death_among_several_says_only_that(start: Start, tmp_path: Path) -> None:
    host = start("os._exit(3) if text == 'b' else None; return text")
    with pytest.raises(HostLost):
        apart(host, tmp_path, ["a", "b", "c"])
