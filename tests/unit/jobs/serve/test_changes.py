"""What makes `penstock serve --reload` load the model again, and what does not."""

from pathlib import Path

import pytest

from jobs.serve.changes import Changes


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("predict.py", True),
        ("parts/deep/other.py", True),
        ("cog.yaml", True),
        ("output.txt", False),
        (".git/hook.py", False),
        ("venv/lib/a.py", False),
        ("penstock-data/bundles/0a/predict.py", False),
    ],
)
def test_only_the_models_own_code_counts(tmp_path: Path, name: str, counts: bool) -> None:
    changes = Changes(tmp_path)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()

    assert (changes.any(), changes.any()) == (counts, False)
