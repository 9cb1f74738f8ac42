"""What is printed of an error is the model's part of the way to it."""

import sys
import traceback
from pathlib import Path

import pytest

from jobs.host import loader, raised


@pytest.fixture(autouse=True)
def back_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that loads a model goes to its folder; this one has other things to do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "model", raising=False)


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
    without_this_test = failed.value.__traceback__.tb_next
    raised.show(failed.value.with_traceback(without_this_test))

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
