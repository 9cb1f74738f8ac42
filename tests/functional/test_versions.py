"""Pushing versions to a real server: what is sent, what is sent again, and what it costs."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from safepush.version import read_bundle
from tests.servers import wheels
from tests.servers.penstock import BIN, Penstock
from tests.servers.proxy import Proxy

MB = 1_000_000
WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "diffusers", "transformers", "numpy", "PIL"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""
#: a model that is loaded sooner than one with torch, and needs packages as well
DRAWS = """
import numpy
from cog import BasePredictor, Input, Path
from PIL import Image

class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw.", max_length=200),
        image: Path | None = Input(description="What to begin with.", default=None),
    ) -> str:
        return prompt
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("versions"))
    penstock.start()
    yield penstock
    penstock.stop()


@pytest.fixture(autouse=True)
def no_push_left() -> Iterator[None]:
    yield
    while Push.running:
        with Push.running.pop() as process:
            process.kill()


@pytest.fixture
def proxy(server: Penstock) -> Iterator[Proxy]:
    relay = Proxy(server.port)
    yield relay
    relay.close()


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    return "versions/" + request.node.originalname.removeprefix("test_").replace("_", "-")[
        :60
    ].strip("-")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    (made / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    write_code(made, "hello")
    return made


def write_code(folder: Path, word: str) -> None:
    (folder / "predict.py").write_text(
        "from cog import BasePredictor, Input\n"
        "class Predictor(BasePredictor):\n"
        '    def predict(self, text: str = Input(description="Whom.")) -> str:\n'
        f'        return "{word} " + text\n'
    )


class Push:
    """`penstock push` as a process of its own, through a relay if one is given."""

    running: ClassVar[list[subprocess.Popen[str]]] = []

    def __init__(
        self, server: Penstock, folder: Path, model: str, proxy: Proxy | None = None, **more: str
    ) -> None:
        environment = server.environment | more
        if proxy is not None:
            environment |= {"PENSTOCK_URL": proxy.url}
        self.process = subprocess.Popen(
            [BIN / "penstock", "push", str(folder), model, "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

        self.running.append(self.process)

    def ended(self) -> dict[str, Any]:
        """The version it made."""
        out, err = self.process.communicate(timeout=100)
        assert self.process.returncode == 0, err
        self.said = err
        version: dict[str, Any] = json.loads(out)
        return version

    def refused(self) -> str:
        """What it said when it was refused."""
        _, err = self.process.communicate(timeout=100)
        assert self.process.returncode != 0
        assert err.startswith("Error: ")  # ours; below it may stand what the model printed
        return err


def said(server: Penstock, version: str) -> Any:
    """What a version answers to one prediction."""
    answer = server.call(
        "POST",
        "/v1/predictions",
        json={"version": version, "input": {"text": "you"}},
        headers={"Prefer": "wait"},
    )
    return answer["output"]


def test_a_change_of_code_sends_the_code(
    server: Penstock, proxy: Proxy, model: str, folder: Path
) -> None:
    (folder / "weights.bin").write_bytes(os.urandom(5 * MB))
    first = Push(server, folder, model, proxy).ended()
    assert proxy.sent_bytes > 5 * MB

    write_code(folder, "hallo")
    proxy.stop_after(None)
    second = Push(server, folder, model, proxy).ended()

    assert second["id"] != first["id"]
    assert proxy.sent_bytes < 20_000
    assert said(server, second["id"]) == "hallo you"


def test_nothing_is_sent_twice_between_models(
    server: Penstock, proxy: Proxy, model: str, folder: Path
) -> None:
    (folder / "weights.bin").write_bytes(os.urandom(2 * MB))
    (folder / "copy.bin").write_bytes((folder / "weights.bin").read_bytes())
    first = Push(server, folder, f"{model}-a", proxy).ended()
    assert 2 * MB < proxy.sent_bytes < 3 * MB

    proxy.stop_after(None)
    second = Push(server, folder, f"{model}-b", proxy).ended()

    assert second["id"] == first["id"]
    assert proxy.sent_bytes < 20_000


def test_a_push_that_was_killed_goes_on_where_it_stopped(
    server: Penstock, proxy: Proxy, model: str, folder: Path
) -> None:
    for number in range(4):
        (folder / f"{number}.bin").write_bytes(os.urandom(3 * MB))
    proxy.stop_after(7 * MB)
    first = Push(server, folder, model, proxy)
    assert proxy.stopped.wait(60)
    first.process.send_signal(signal.SIGKILL)
    first.process.communicate()

    proxy.stop_after(None)
    version = Push(server, folder, model, proxy).ended()

    # two of the four files came through before; the one in the middle of which it died did not
    assert 6 * MB < proxy.sent_bytes < 7 * MB
    assert said(server, version["id"]) == "hello you"


def test_a_file_that_changes_while_it_is_sent_is_named(
    server: Penstock, proxy: Proxy, model: str, folder: Path
) -> None:
    big = folder / "weights.bin"
    big.write_bytes(os.urandom(40 * MB))
    proxy.stop_after(1 * MB)
    push = Push(server, folder, model, proxy)
    assert proxy.stopped.wait(60)  # it has read some of the file; the rest is other bytes by then
    with big.open("r+b") as file:
        file.seek(30 * MB)
        file.write(b"other")
    proxy.let_go()

    assert "weights.bin: changed while it was being pushed; run it again" in push.refused()


@pytest.mark.parametrize("change", ["grows", "shrinks", "goes"])
def test_a_file_that_changes_its_size_while_it_is_sent_is_named(
    server: Penstock, proxy: Proxy, model: str, folder: Path, change: str
) -> None:
    # sent in the order of their hashes: the first blocks the relay, the others change meanwhile
    for number in range(8):
        (folder / f"{number}.bin").write_bytes(os.urandom(2 * MB))
    proxy.stop_after(1 * MB)
    push = Push(server, folder, f"{model}-{change}", proxy)
    assert proxy.stopped.wait(60)
    for number in range(8):
        file = folder / f"{number}.bin"
        if change == "goes":
            file.unlink()
        else:
            os.truncate(file, 3 * MB if change == "grows" else 100_000)
    proxy.let_go()

    assert ".bin: changed while it was being pushed; run it again" in push.refused()


def test_a_push_needs_none_of_the_models_packages(
    server: Penstock, tmp_path: Path, model: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)
    folder = tmp_path / "draws"
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (folder / "predict.py").write_text(DRAWS)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])

    version = Push(server, folder, model, PYTHONPATH=path).ended()

    properties = version["schema"]["components"]["schemas"]["Input"]["properties"]
    assert properties["prompt"]["maxLength"] == 200
    assert properties["image"]["nullable"] is True


PACKED = """
import upper
from cog import BaseRunner
class Runner(BaseRunner):
    def run(self, text: str) -> str:
        self.record_metric("letters", len(text))
        return upper.shout(text)
"""


def test_a_version_brings_its_packages_and_is_told_what_it_will_not_get(
    server: Penstock, tmp_path: Path, model: str
) -> None:
    folder = tmp_path / "packed"
    wheels.make(folder / "wheels", "upper", "1.2", "def shout(text):\n    return text.upper()")
    (folder / "needs.txt").write_text("--no-index\n--find-links ./wheels\nupper\n")
    build = "{python_requirements: needs.txt, system_packages: [ffmpeg]}"
    (folder / "cog.yaml").write_text(f"run: predict.py\nbuild: {build}\n")
    (folder / "predict.py").write_text(PACKED)

    push = Push(server, folder, model)
    version = push.ended()

    assert push.said.startswith("warning: cog.yaml: build: system_packages is not done")
    answer = server.call(
        "POST",
        "/v1/predictions",
        json={"version": version["id"], "input": {"text": "you"}},
        headers={"Prefer": "wait"},
    )
    assert (answer["output"], answer["metrics"]["letters"]) == ("YOU", 3)


def test_a_large_file_streams(server: Penstock, model: str, folder: Path) -> None:
    os.truncate(os.open(folder / "weights.bin", os.O_CREAT | os.O_WRONLY), 160 * MB)
    assert server.process is not None
    before = peak_bytes(server.process.pid)

    push = Push(server, folder, model)
    pushing = 0
    while push.process.poll() is None:
        pushing = max(pushing, peak_bytes(push.process.pid))
        time.sleep(0.01)
    version = push.ended()

    assert said(server, version["id"]) == "hello you"
    assert pushing < 120 * MB
    assert peak_bytes(server.process.pid) - before < 60 * MB


def peak_bytes(pid: int) -> int:
    """The most resident memory a process ever had; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(found[0]) * 1024 if found else 0


def test_a_refused_name_is_told_by_its_path(server: Penstock, model: str, folder: Path) -> None:
    (folder / "a\\b").write_text("")
    (folder / "link").symlink_to("/etc/hostname")

    assert r"a\b: the name holds a backslash" in Push(server, folder, model).refused()
    (folder / "a\\b").unlink()
    assert "link: is a link that leaves the folder" in Push(server, folder, model).refused()


def test_a_version_that_failed_is_tried_again_by_the_same_push(
    server: Penstock, model: str, folder: Path, tmp_path: Path
) -> None:
    switch = tmp_path / "installed"
    source = (folder / "predict.py").read_text()
    check = f'import os\nassert os.path.exists("{switch}"), "a package is missing"\n'
    (folder / "predict.py").write_text(check + source)

    assert "a package is missing" in Push(server, folder, model).refused()
    switch.touch()
    version = Push(server, folder, model).ended()

    assert said(server, version["id"]) == "hello you"


# Aliases


def alias(server: Penstock, model: str, name: str = "live") -> str | None:
    found: str | None = server.call("GET", f"/v1/models/{model}")["aliases"][name]
    return found


def history(server: Penstock, model: str) -> list[str]:
    told = server.call("GET", f"/v1/models/{model}/aliases/live/history")["results"]
    assert all(one["moved_at"] for one in told)
    return [one["version"] for one in told]


def test_aliases_move_as_told_and_remember(server: Penstock, model: str, folder: Path) -> None:
    first, second = pushed(server, folder, model, "hello", "hallo")
    assert (alias(server, model), alias(server, model, "staging")) == (first, second)

    assert server.cli("promote", model, second, "--expected", second).returncode != 0
    assert alias(server, model) == first
    assert server.cli("promote", model, second, "--expected", first).returncode == 0
    again = server.cli("promote", model, second, "--json")  # no second entry
    assert json.loads(again.stdout) == {"alias": "live", "version": second, "previous": second}

    assert history(server, model) == [second, first]
    assert said(server, f"{model}:live") == said(server, model) == "hallo you"


def test_steps_back_lead_back_and_never_to_what_was_given_up(
    server: Penstock, model: str, folder: Path
) -> None:
    first, second, third = pushed(server, folder, model, "hello", "hallo", "hej")
    nowhere = server.cli("rollback", model)
    for version in (second, third):
        server.call("PUT", f"/v1/models/{model}/aliases/live", json={"version": version})

    steps = [server.cli("rollback", model) for _ in range(3)]

    assert nowhere.returncode == 7
    assert "no earlier version to go back to" in nowhere.stderr
    assert [step.returncode for step in steps] == [0, 0, 7]
    assert alias(server, model) == first
    assert history(server, model) == [first, second, third, second, first]


def test_only_a_version_that_is_ready_goes_live(server: Penstock, model: str, folder: Path) -> None:
    (folder / "predict.py").write_text("raise RuntimeError('no weights')\n")
    assert "no weights" in Push(server, folder, model).refused()
    versions = server.call("GET", f"/v1/models/{model}/versions")["results"]

    refused = server.cli("promote", model, versions[0]["id"])

    assert refused.returncode == 7
    assert "is failed, not ready" in refused.stderr
    assert alias(server, model) is None


def pushed(server: Penstock, folder: Path, model: str, *words: str) -> list[str]:
    """A version for each word; the first goes live, as first versions do."""
    ids = []
    for word in words:
        write_code(folder, word)
        server.push(str(folder), model)
        ids.append(read_bundle(folder).id)
    return ids
