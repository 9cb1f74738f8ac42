"""The command where its packages were left out, as after the plain install."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: what `pip install flask` brings
FLASK = ("blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug")


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
    assert line.endswith(" is not installed: pip install 'penstock[safepush]'")
