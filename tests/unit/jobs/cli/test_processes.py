"""The commands that start processes, called within one that goes on."""

import gc
from pathlib import Path

from click.testing import CliRunner

from jobs.cli import main


def test_one_that_cannot_start_leaves_the_collector_on(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["api", "--data", str(tmp_path)])

    assert done.exit_code == 2, done.output
    assert gc.isenabled()
