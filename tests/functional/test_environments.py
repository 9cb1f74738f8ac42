"""Models that ask for packages or for another Python, in environments that are really made."""

import hashlib
import json
import sysconfig
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters import pythons
from jobs.adapters.disk import DiskBlobs
from jobs.adapters.environments import Environments
from jobs.adapters.process import ProcessHosts
from jobs.core import outputs
from jobs.core.build import Build
from jobs.core.errors import SetupFailed
from jobs.ports import Host
from tests.servers import wheels
from tests.servers.process import lacking

#: makes a folder of files
Folder = Callable[..., Path]

PREDICT = """
import sys, msgspec, upper
def run() -> list[str]:
    return [upper.shout("a"), upper.__file__, msgspec.__file__, sys.prefix]
"""
REQUIREMENTS = "# what it needs\n--no-index\n--find-links ./wheels\nupper>=1  # any\nmsgspec\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A model whose packages lie beside it: `upper` needs `lower`, and has two versions."""

    def make(
        name: str = "model", build: str = "python_requirements: needs.txt", **files: str
    ) -> Path:
        path = tmp_path / name
        (path / "wheels").mkdir(parents=True)
        wheels.make(path / "wheels", "lower", "0.5", "END = '!'")
        code = "import lower\ndef shout(text):\n    return text.upper() + lower.END"
        wheels.make(path / "wheels", "upper", "1.2", code, "lower>=0.1")
        (path / "cog.yaml").write_text(f"run: predict.py:run\nbuild:\n  {build}\n")
        texts = {"predict": PREDICT, "needs": REQUIREMENTS} | files
        (path / "predict.py").write_text(texts["predict"])
        (path / "needs.txt").write_text(texts["needs"])
        return path

    return make


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "objects")


@pytest.fixture
def environments(tmp_path: Path, blobs: DiskBlobs) -> Environments:
    (tmp_path / "scratch").mkdir()
    return Environments(tmp_path / "environments", tmp_path / "scratch", blobs)


Start = Callable[[Path, str], Host]


@pytest.fixture
def start(tmp_path: Path, environments: Environments) -> Iterator[Start]:
    scratch, started = tmp_path / "scratch", []
    hosts = ProcessHosts(scratch, environments)

    def begin(folder: Path, version: str) -> Host:
        options: dict[str, Any] = {"scratch": scratch, "threads": 1, "setup_timeout_s": 60}
        started.append(hosts.start(folder, version=version, **options))
        return started[-1]

    yield begin
    for host in started:
        host.close()


def output(host: Host, tmp_path: Path, **given: Any) -> Any:
    lots = host.run([given], files=tmp_path / "made", timeout_s=60, cancelled=lambda: False)
    [[text]] = [lot.outputs for lot in lots]
    return json.loads(bytes(text))


def test_a_model_has_the_packages_it_asks_for_and_the_workers_own(
    folder: Folder, start: Start, blobs: DiskBlobs, tmp_path: Path
) -> None:
    model = folder()
    host = start(model, "v1")

    said, upper, msgspec, prefix = output(host, tmp_path)

    assert said == "A!"
    assert upper.startswith(str(tmp_path / "environments"))
    assert prefix.startswith(str(tmp_path / "environments"))
    assert not msgspec.startswith(prefix), "what the worker has is not installed again"
    [kept] = list(blobs.list("locks/v1/"))
    lock = b"".join(blobs.open(kept.key)).decode()
    assert [line.partition("--hash=sha256:")[0] for line in lock.splitlines()] == [
        f"# of the worker: msgspec=={__import__('msgspec').__version__}",
        "--no-index",
        "--find-links ./wheels",
        "lower==0.5 ",
        "upper==1.2 ",
    ]

    # a second version that asks for the same uses the same one, and no newer package gets in
    wheels.make(model / "wheels", "upper", "2.0", "def shout(text):\n    return 'new'")
    again = start(model, "v1")
    assert output(again, tmp_path) == [said, upper, msgspec, prefix]
    other = start(folder("other"), "v2")
    assert output(other, tmp_path) == [said, upper, msgspec, prefix]

    # another worker installs what was locked, or nothing
    wheels.make(model / "wheels", "upper", "1.2", "def shout(text):\n    return 'other'")
    elsewhere = Environments(tmp_path / "elsewhere", tmp_path / "scratch", blobs)
    with pytest.raises(SetupFailed, match="DO NOT MATCH THE HASHES") as caught:
        elsewhere.take(Build(requirements="needs.txt"), model, "v1")
    assert "upper" in caught.value.logs


def test_packages_that_cannot_be_had_are_told(folder: Folder, environments: Environments) -> None:
    model = folder(needs="--no-index\n--find-links ./wheels\nupper\nnowhere==1")
    reason = "its packages cannot be installed: No matching distribution found for nowhere==1"

    with pytest.raises(SetupFailed, match=reason):
        environments.take(Build(requirements="needs.txt"), model, "v1")


def test_a_worker_that_has_all_of_it_makes_nothing(
    folder: Folder, environments: Environments, tmp_path: Path
) -> None:
    build = Build(
        python=pythons.ours().version, packages=("msgspec>=0.1", "flask; python_version > '3'")
    )

    assert environments.take(build, folder(), "v1") == (None, "")
    assert not (tmp_path / "environments").exists()


def test_environments_that_are_not_used_go_where_the_disk_is_full(
    folder: Folder, environments: Environments, blobs: DiskBlobs
) -> None:
    environments._budget = 1
    model, build = folder(), Build(requirements="needs.txt")
    wheel = next((model / "wheels").glob("lower-*")).read_bytes()
    pin = f"lower==0.5 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}"
    kind = f"{pythons.ours().minor}-{sysconfig.get_platform()}"
    made = []
    for version, links in (("v1", "./wheels"), ("v2", "wheels")):  # two locks, of one package
        lock = f"--no-index\n--find-links {links}\n{pin}\n"
        blobs.put(outputs.lock_key(version, kind), [lock.encode()])
        environment, _ = environments.take(build, model, version)
        assert environment is not None
        made.append(environment)
    assert [one.folder.exists() for one in made] == [True, True], "both are in use"

    made[0].let_go()
    environments._make_room(made[1].folder)

    assert [one.folder.exists() for one in made] == [False, True]
    made[1].let_go()


def other_python() -> pythons.Python | None:
    found = (pythons.find(f"3.{minor}") for minor in range(10, 16))
    return next((one for one in found if one is not None and not one.is_ours), None)


def test_another_python_runs_a_model_where_it_is_at_hand(
    folder: Folder, start: Start, tmp_path: Path
) -> None:
    python = other_python()
    if python is None:
        lacking("this machine has one Python; install another from 3.10 on, with pyenv or uv")
    source = textwrap.dedent("""
        import sys, upper
        from cog import BaseModel, Input, current_scope
        class Out(BaseModel):
            version: str
            said: str
        def run(text: str = Input(default="a", max_length=3)) -> Out:
            current_scope().record_metric("n", 1)
            return Out("%d.%d" % sys.version_info[:2], upper.shout(text))
    """)
    needs = "--no-index\n--find-links ./wheels\nupper"
    build = f'python_version: "{python.minor}"\n  python_requirements: needs.txt'
    host = start(folder(build=build, predict=source, needs=needs), "v1")

    assert output(host, tmp_path) == {"version": python.minor, "said": "A!"}

    bare = folder("bare", build=f'python_version: "{python.minor}"', predict="import msgspec")
    with pytest.raises(SetupFailed, match="No module named 'msgspec'") as caught:
        start(bare, "v2")
    assert "has none of the worker's packages; name those it needs" in caught.value.logs


def test_what_cannot_be_had_here_is_told_at_the_push(folder: Folder, start: Start) -> None:
    build = 'python_version: "3.9"\n  system_packages: [ffmpeg]\n  cuda: "12.1"\n  run: [make]'
    host = start(folder(build=build, predict="def run() -> str:\n    return 'x'"), "v1")

    lines = host.logs.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["warning"] * 4
    for word, line in zip(("Python 3.9", "system_packages", "run", "cuda"), lines, strict=True):
        assert word in line


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        ("python_version: 3.10", 'python_version must be in quotes, such as "3.11"'),
        ("python_packages: numpy", "python_packages must be a list"),
        ("python_requirements: gone.txt", "names gone.txt, which is no text file in the folder"),
        ("python_requirements: ../outside.txt", "which is no text file in the folder"),
        ("python_requirements: needs.txt\n  python_packages: [x]", "keep one of them"),
    ],
)
def test_a_build_that_makes_no_sense_is_refused(
    folder: Folder, start: Start, build: str, reason: str
) -> None:
    with pytest.raises(SetupFailed, match=reason):
        start(folder(build=build), "v1")


def test_the_lock_has_a_place_of_its_own() -> None:
    assert outputs.lock_key("abc", "3.11-linux-x86_64") == "locks/abc/3.11-linux-x86_64.txt"
