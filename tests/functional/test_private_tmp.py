"""Two hosts of one machine that write the same path in /tmp."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core.prediction import Succeeded
from jobs.host import privatetmp
from jobs.ports import Host
from tests.servers.penstock import until

SAME = Path("/tmp/penstock-same-path.txt")
#: goes on when it is told to, so that the other one can write in between
MODEL = f"""
import os, subprocess, time
from cog import Path

def predict(text: str, told: str) -> list[Path]:
    Path("{SAME}").write_text(text)
    Path(told, text).touch()
    while not os.path.exists(told + "/go"):
        time.sleep(0.01)
    facts = os.path.join(os.environ["TMPDIR"], "facts.txt")  # both have the same folder here
    with open(facts, "w") as file:
        subprocess.run(["ls", "/tmp", os.getcwd()], stdout=file)
    return [Path("{SAME}"), Path(facts)]
"""

#: starts two hosts that see so much of /tmp
Pair = Callable[[Sequence[str] | None], tuple[Host, Host]]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # as a worker has it
    model, scratch = tmp_path / "model", tmp_path / "hosts"
    model.mkdir()
    scratch.mkdir()
    (model / "cog.yaml").write_text("predict: predict.py:predict")
    (model / "predict.py").write_text(MODEL)
    made: list[Host] = []

    def start(seen: Sequence[str] | None) -> tuple[Host, Host]:
        hosts = ProcessHosts(scratch, seen=seen)
        for _ in range(2):
            made.append(hosts.start(model, scratch=scratch, threads=1, setup_timeout_s=60))
        return made[0], made[1]

    yield start
    for host in made:
        host.close()
    SAME.unlink(missing_ok=True)


def given_by(hosts: tuple[Host, Host], folder: Path) -> list[list[str]]:
    """The two files that each gives, read; both write before either reads."""

    def run(host: Host, text: str) -> list[str]:
        row = {"text": text, "told": str(folder)}
        [[result]] = list(host.run([row], files=folder / "made" / text, timeout_s=60))
        assert isinstance(result, Succeeded), result
        return [Path(one["__path__"]).read_text() for one in json.loads(bytes(result.output))]

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run, *one) for one in zip(hosts, ("a", "b"), strict=True)]
        until(lambda: {"a", "b"} <= set(os.listdir(folder)))
        (folder / "go").touch()
        return [one.result() for one in runs]


def test_each_gives_what_it_wrote_itself(pair: Pair, tmp_path: Path) -> None:
    private = privatetmp.possible()  # not in every container; the doctor tells

    with tempfile.NamedTemporaryFile(dir=SAME.parent) as stranger:
        (first, facts), (second, _) = given_by(pair([str(tmp_path)]), tmp_path)

    assert ({first, second} == {"a", "b"}) is private
    assert SAME.exists() is not private
    assert (Path(stranger.name).name in facts) is not private
    seen, work = (part.split() for part in facts.split("\n\n"))
    assert SAME.name in seen
    assert set(work) == {f"{tmp_path / 'model'}:", *os.listdir(tmp_path / "model")}


def test_they_share_it_where_that_is_wanted(pair: Pair, tmp_path: Path) -> None:
    (first, _), (second, _) = given_by(pair([str(tmp_path), "/tmp"]), tmp_path)

    assert first == second == SAME.read_text()


def test_nothing_of_it_is_left(pair: Pair, tmp_path: Path) -> None:
    hosts = pair([str(tmp_path)])
    given_by(hosts, tmp_path)

    for host in hosts:
        host.close()

    assert os.listdir(tmp_path / "hosts") == []
    assert (tmp_path / "model" / "predict.py").read_text() == MODEL
