"""The commands in the documentation do what the documentation says."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.penstock import BIN, ROOT, Penstock

FENCE = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
CELL = re.compile(r"`(api .*?)` \|$", re.M)
#: what the batch and model of these pages cannot give or be asked for
REFUSED = (
    "/pause",
    "/resume",
    "$BATCH/cancel",
    "/retry-failed",
    "/rollback",
    "/a.png",
    "_00/replay",
)
START = 'set -euo pipefail\nexport PATH="$BIN:$PATH"\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    started = Penstock(tmp_path_factory.mktemp("docs"))
    started.start()
    yield started
    started.stop()


def run(server: Penstock, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """A script in a folder that has the examples."""
    if not (folder / "examples").exists():
        shutil.copytree(ROOT / "examples" / "models" / "hello", folder / "examples/models/hello")
    return subprocess.run(
        ["bash", "-c", START + script],
        cwd=folder,
        env=server.environment | {"BIN": str(BIN)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def commands(page: str) -> str:
    """The shell blocks of a page, in order."""
    return "\n".join(FENCE.findall((ROOT / "docs" / page).read_text()))


def test_the_first_page_leads_to_results_and_back(server: Penstock, tmp_path: Path) -> None:
    done = run(server, tmp_path, commands("01-start.md"))

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert '"hello world"' in said
    assert "exit code 4" in said
    assert '"good day world"' in said
    assert sum("completed: 100 completed of 100" in line for line in said) == 2
    row = json.loads(next(line for line in said if line.startswith('{"id"')))
    assert row["response"]["body"]["output"] == "hello number 1"


def test_every_endpoint_of_the_table_answers(server: Penstock, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "02-batches.md").read_text()
    cells = [cell.replace("\\|", "|") for cell in CELL.findall(text)]
    assert len(cells) == 50
    # each by itself, so that one that is refused does not end the script
    marked = [
        f'echo "@@ {number}"; {cell} || echo " @@ rc $?"' for number, cell in enumerate(cells)
    ]

    done = run(server, tmp_path, commands("02-batches.md") + "\n" + "\n".join(marked))

    assert done.returncode == 0, done.stderr
    before, *answers = re.split(r"^@@ \d+$", done.stdout, flags=re.M)
    for cell, answer in zip(cells, answers, strict=True):
        refused = cell.split()[1].endswith(REFUSED)
        assert ("@@ rc" in answer) is refused, (cell, answer)
        if refused:
            problem = json.loads(answer.partition("@@ rc")[0])
            assert problem["code"] in ("conflict", "not_found"), (cell, answer)
            assert "URL" not in problem["detail"]  # as it is said of paths that are none
    ids = [line for line in before.splitlines() if re.fullmatch(r"batch_[0-9a-f]+", line)]
    assert len(ids) == 2
    assert ids[0] == ids[1]  # one Idempotency-Key, one batch


def test_a_training_is_what_its_page_says(server: Penstock, tmp_path: Path) -> None:
    done = run(server, tmp_path, commands("10-trainings.md"))

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert (said[0], float(said[1])) == ("slope.txt", 20.0)
    version = next(line for line in said if line.startswith("me/steep:"))
    assert said.count(version) == 2  # by the command and by HTTP, of the same points
    assert said[-1] == "2.0"
    assert "slope 2 of 2 points" in done.stderr


def test_what_replicate_s_clients_are_told_is_so(server: Penstock, tmp_path: Path) -> None:
    done = run(server, tmp_path, commands("09-replicate.md"))

    assert done.returncode == 0, done.stderr
    pushed, output, deadline, *stream, first, again, name = done.stdout.splitlines()
    assert "is staging and live" in pushed or "is there" in pushed
    assert output == "hello you"
    assert deadline.endswith("Z")
    assert "data: hello you" in stream
    assert first == again
    assert first.startswith("pred_")
    assert name == "hello"


def test_a_deployment_is_rolled_and_stepped_back_as_its_page_says(
    server: Penstock, tmp_path: Path
) -> None:
    done = run(server, tmp_path, commands("12-deployments.md"))

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    answers = [line for line in said if line.endswith(' you"')]
    assert answers == ['"hello you"', '"good morning you"', '"hello you"']
    releases = [line.split()[0] for line in said if line.endswith("  1 to 2  embedded")]
    assert releases == ["3", "2", "1"]
    assert any("1 instances of 1 wanted" in line for line in said)
    assert sum("  ready       " in line for line in said) == 2
    assert server.call("GET", "/v1/deployments")["results"] == []


def test_what_openai_s_clients_are_told_is_so(server: Penstock, tmp_path: Path) -> None:
    done = run(server, tmp_path, commands("11-openai.md"))

    assert done.returncode == 0, done.stderr
    _, completed, output, refused = done.stdout.splitlines()
    assert (completed, output, refused) == ("1", "hello you", "there is no file 'nothing'")
