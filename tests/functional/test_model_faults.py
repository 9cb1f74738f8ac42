"""What a caller sees of each thing that a model may do wrong: the table in docs/06-models.md."""

import json
import os
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core.errors import HostLost, SetupFailed
from jobs.core.prediction import Failed, Succeeded
from jobs.ports import Host
from jobs.worker.rows import failed
from tests.servers import tree
from tests.servers.penstock import until

MEMORY_BYTES = 300 * 10**6


@dataclass(frozen=True)
class Fault:
    """What a model does, and what its caller is told; a code of None: it has its answer."""

    body: str
    code: str | None
    message: str = ""
    #: in the log
    said: str = ""
    timeout_s: float = 60.0
    #: whether the process is there for the next prediction
    stays: bool = False


FAULTS = {
    "raises": Fault(
        "raise ValueError('no such style')",
        "prediction_failed",
        "ValueError: no such style",
        said='predict.py", line 3, in run',
        stays=True,
    ),
    "calls sys.exit": Fault(
        "import sys; sys.exit(3)", "prediction_failed", "the model called sys.exit(3)", stays=True
    ),
    "ends its process": Fault(
        "print('so far'); os._exit(9)",
        "worker_crashed",
        "on this row the model process ended itself with exit status 9",
        said="so far",
    ),
    "segfaults": Fault(
        "import ctypes; ctypes.string_at(0)",
        "worker_crashed",
        "on this row the model process was killed by SIGSEGV",
        said='predict.py", line 3 in run',
    ),
    "leaks": Fault(
        "kept = []\nwhile True:\n    kept.append(bytearray(2**24)); time.sleep(0.005)",
        "out_of_memory",
        "the model held more than the 0.3 GB of memory that it may have here",
    ),
    "forks a daemon": Fault(
        "os.fork() or (os.setsid(), time.sleep(3600))\nreturn 'x'", None, stays=True
    ),
    "ignores SIGTERM and hangs": Fault(
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    pass",
        "timeout",
        "on this row it took longer than the time allowed",
        timeout_s=0.5,
    ),
    "sleeps in native code": Fault(
        "import ctypes; ctypes.PyDLL(None).sleep(3600)",
        "timeout",
        "on this row it took longer than the time allowed",
        timeout_s=0.5,
    ),
    "writes a gigabyte of logs": Fault(
        "part = b'x' * 2**20\nfor _ in range(1000):\n    os.write(1, part)\nreturn 'x'",
        None,
        said="[what was printed before this is left out]",
        stays=True,
    ),
    "prints invalid UTF-8": Fault(
        "os.write(1, b'caf\\xe9 \\xff\\n'); print('\\ud83d'); return 'x'",
        None,
        said="caf\ufffd \ufffd\n\\ud83d\n",
        stays=True,
    ),
    "gives a file that is not there": Fault(
        "from pathlib import Path\nreturn Path('gone.png')",
        "invalid_output",
        "the output names a file that is not there: gone.png",
        stays=True,
    ),
}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def start(tmp_path: Path, scratch: Path, source: str) -> Host:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "cog.yaml").write_text("run: predict.py:run")
    (folder / "predict.py").write_text(source)
    hosts = ProcessHosts(scratch, memory_bytes=MEMORY_BYTES)
    return hosts.start(folder, scratch=scratch, threads=1, setup_timeout_s=60)


@pytest.fixture
def host(request: pytest.FixtureRequest, tmp_path: Path, scratch: Path) -> Iterator[Host]:
    kind = "Path" if "Path(" in FAULTS[request.param].body else "str"
    head = f"import os, time, pathlib; from cog import Path\ndef run() -> {kind}:\n"
    body = textwrap.indent(FAULTS[request.param].body, "    ")
    made = start(tmp_path, scratch, head + body)
    yield made
    made.close()


def outcome(host: Host, tmp_path: Path, timeout_s: float) -> Any:
    """What a caller is told of one prediction."""
    options: dict[str, Any] = {"files": tmp_path / "made", "timeout_s": timeout_s}
    told: dict[str, Any] = {"on_output": lambda part: None, "on_logs": None}
    try:
        return host.stream({}, **options, **told, cancelled=lambda: False)
    except HostLost as lost:
        return failed(lost)


@pytest.mark.parametrize(("host", "name"), [(name, name) for name in FAULTS], indirect=["host"])
def test_what_a_caller_sees(host: Host, name: str, tmp_path: Path, scratch: Path) -> None:
    fault = FAULTS[name]

    result = outcome(host, tmp_path, fault.timeout_s)

    assert isinstance(result, Failed if fault.code else Succeeded), result
    if isinstance(result, Failed):
        assert result.code == fault.code
        assert fault.message in result.message
    else:
        assert json.loads(bytes(result.output)) == "x"
    assert fault.said in result.logs
    assert len(result.logs) < 300_000
    assert host.alive is fault.stays
    host.close()
    until(lambda: tree.hosts(scratch) == [])


@pytest.mark.parametrize(
    ("source", "reason", "said"),
    [
        ("print('looking'); raise OSError('no weights')", "OSError: no weights", "looking"),
        ("import os; os._exit(7)", "ended itself with exit status 7", ""),
        ("import ctypes; ctypes.string_at(0)", "was killed by SIGSEGV", "Segmentation fault"),
        ("import os; kept = [bytearray(2**24) for _ in range(10**4)]", "0.3 GB of memory", ""),
    ],
)
def test_what_is_told_of_a_model_that_cannot_be_loaded(
    tmp_path: Path, scratch: Path, source: str, reason: str, said: str
) -> None:
    with pytest.raises(SetupFailed) as caught:
        start(tmp_path, scratch, source)

    assert reason in str(caught.value)
    assert said in caught.value.logs
    assert tree.hosts(scratch) == []
    assert os.listdir(scratch) == []
