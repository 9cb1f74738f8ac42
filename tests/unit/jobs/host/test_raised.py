"""What is printed of an error is the model's part of the way to it."""

import traceback
from pathlib import Path

import pytest

from jobs.host import loader, raised


@pytest.mark.parametrize(
    ("source", "first"),
    [("import nowhere\n", "line 1, in <module>"), ("def run(:\n", "line 1\n")],
    ids=["in the file", "not Python"],
)
def test_a_model_that_does_not_load_shows_its_own_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], source: str, first: str
) -> None:
    (tmp_path / "model.py").write_text(source)
    with pytest.raises((ImportError, SyntaxError)) as failed:
        loader.load(tmp_path, "model.py:run", lambda made: made)

    assert failed.value.__traceback__ is not None
    raised.show(
        failed.value.with_traceback(failed.value.__traceback__.tb_next)
    )  # without this test

    told = capfd.readouterr().err
    assert f'File "{tmp_path}/model.py", {first}' in told
    assert "jobs/host" not in told


def test_an_error_of_ours_shows_all_of_it(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        loader.load(Path("/nowhere"), "model.py:run", lambda made: made)
    except Exception as error:
        raised.show(error)
        whole = traceback.format_exception(error)

    told = capfd.readouterr().err
    assert "loader.py" in "".join(whole)
    assert "loader.py" in told
