"""The command where its packages were left out, as after the plain install."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: what `pip install flask` brings
FLASK = ("blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug")
#: and what its extra `cli` brings
CLI = (
    *("anyio", "certifi", "h11", "httpcore", "httpx", "idna", "sniffio", "typing_extensions.py"),
    *("_yaml", "markdown_it", "mdurl", "pygments", "rich", "yaml"),
)


@pytest.fixture
def plain_install(tmp_path: Path) -> dict[str, str]:
    """An environment with Flask's packages and our own, and nothing else."""
    for name in FLASK:
        (tmp_path / name).symlink_to(Path(sysconfig.get_path("purelib"), name))
    return os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}


@pytest.mark.parametrize("args", [["--help"], ["."], ["compat", "old.json", "new.json"]])
def test_the_plain_install_says_in_one_line_what_to_install(
    plain_install: dict[str, str], args: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "safepush.cli", *args],  # -S: no site-packages
        env=plain_install,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("safepush: ")
    assert line.endswith(" is not installed: pip install '.[safepush]' in a checkout of Penstock")


def test_what_only_fuzzing_needs_is_missed_before_anything_is_pushed(
    plain_install: dict[str, str], tmp_path: Path
) -> None:
    for name in CLI:
        if (there := Path(sysconfig.get_path("purelib"), name)).exists():
            (tmp_path / name).symlink_to(there)
    done = subprocess.run(
        [sys.executable, "-S", "-m", "safepush.cli", "--help"],
        env=plain_install,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "numpy is not installed" in done.stderr


def test_no_text_says_to_install_a_name_that_is_somebody_elses() -> None:
    """On a public index `penstock` is not ours: it comes from a checkout, or a copy's address."""
    asks = re.compile(r"""install[^`\n]*?["' ]penstock\b|["'`]penstock\[""")
    texts = [
        path
        for folder in ("docs", "examples", "infra", "jobs", "safepush", "tests", "webhooks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".md", ".py", ".yaml", ".yml", ".sh") and path != Path(__file__)
    ]
    found = [
        f"{path}: {line.strip()}"
        for path in (ROOT / "README.md", *texts)
        for line in path.read_text(errors="replace").splitlines()
        if asks.search(line) and "@ git+" not in line
    ]

    assert not found
