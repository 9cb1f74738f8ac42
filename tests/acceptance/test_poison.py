"""Rows that raise, crash, hang, lie and make a mess: each costs itself and nothing else."""

import shutil
import signal
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import tree
from tests.servers.penstock import ROOT, Penstock, until

#: a deed of the chaos monkey -> the code of its row, and what the message says
POISON = {
    "fail": ("prediction_failed", "ValueError: this row was asked to fail"),
    "sys_exit": ("prediction_failed", "SystemExit: the model called sys.exit(3)"),
    "memory": ("out_of_memory", "ran out of memory on this row"),
    "crash": ("worker_crashed", "the model process ended itself with exit status 1"),
    "segfault": ("worker_crashed", "the model process was killed by SIGSEGV"),
    "killed": ("worker_crashed", "was killed by SIGKILL (the system may have run out of memory)"),
    "hang": ("timeout", "it took longer than the time allowed"),
    "hang_native": ("timeout", "it took longer than the time allowed"),
    "bad_output": ("invalid_output", "not the string that its schema declares"),
    "not_json": ("invalid_output", "the output holds a set, which is not JSON"),
}
MORE_POISON = {
    "recurse": ("prediction_failed", "RecursionError"),
    "unspeakable": ("prediction_failed", "Unspeakable"),
    "half_text": ("invalid_output", "half of a surrogate pair"),
    "no_file": ("invalid_output", "a file that is not there: nowhere.png"),
}
RUDE = ["leak_file", "leak_process", "come_back_twice", "shout", "close_output", "garble_output"]
#: a row that does nothing takes no time, but a busy machine may
TIMEOUT_S, PATIENCE_S = 3, 120.0
#: of the one server on which a setup takes too long
SETUP_TIMEOUT_S = 4
#: like `hang_native`, and what takes time is shown once
SLOW = {"hang"}


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("poison"), PENSTOCK_PREDICT_TIMEOUT_S=str(TIMEOUT_S))
    server.start()
    server.push("chaos-monkey", "demo/chaos")
    yield server
    server.stop()
    assert tree.hosts(server.data) == []


def test_ten_rows_of_three_hundred(penstock: Penstock) -> None:
    rows = _mixed(300, list(POISON), RUDE)

    batch, good, errors = _run(penstock, "demo/chaos", rows)

    assert batch["request_counts"]["completed"] == 290
    assert batch["request_counts"]["failed"] == 10
    _check(rows, good, errors, POISON)


def test_rows_that_share_a_forward_pass(penstock: Penstock, tmp_path: Path) -> None:
    """Exceptions are found by halving, crashes and hangs one by one."""
    folder = tmp_path / "together"
    shutil.copytree(ROOT / "examples" / "models" / "chaos-monkey", folder)
    cog = (folder / "cog.yaml").read_text()
    (folder / "cog.yaml").write_text(cog.replace(":Predictor", ":Together"))
    penstock.push(str(folder), "demo/together")
    deeds = [deed for deed in [*POISON, *MORE_POISON] if deed not in SLOW]
    rows = _mixed(200, deeds, [])

    batch, good, errors = _run(penstock, "demo/together", rows)

    assert batch["request_counts"]["completed"] == 200 - len(deeds)
    _check(rows, good, errors, {**POISON, **MORE_POISON})


def test_what_a_crash_says(penstock: Penstock) -> None:
    """A prediction that fails says why, and what was printed until then."""
    for deed, (_, words) in {**POISON, **MORE_POISON}.items():
        if deed in SLOW:
            continue
        told = _predict(penstock, {"do": deed})
        assert (told["status"], told["output"]) == ("failed", None), told
        assert words in told["error"], told
    assert "string_at" in _predict(penstock, {"do": "segfault"})["logs"]
    assert _predict(penstock, {"text": "alive"})["output"] == "alive"


def test_bad_manners(penstock: Penstock) -> None:
    """What is left behind or printed costs nothing; it is gone when its host is."""
    for deed in RUDE:
        assert _predict(penstock, {"do": deed, "text": deed})["output"] == deed
    shouted = _predict(penstock, {"do": "shout"})["logs"]
    assert 200_000 < len(shouted) < 300_000
    assert "left out" in shouted.splitlines()[0]
    folders = penstock.data / "hosts"
    before = len(list(folders.iterdir()))
    assert _sleepers(penstock)

    _predict(penstock, {"do": "crash"})

    until(lambda: not _sleepers(penstock), PATIENCE_S)
    assert len(list(folders.iterdir())) == before - 1


def test_a_cancelled_prediction_ends_its_host(penstock: Penstock) -> None:
    url = "/v1/predictions"
    id = penstock.call("POST", url, json=_asked({"do": "hang_native"}))["id"]
    until(lambda: penstock.call("GET", f"{url}/{id}")["status"] == "processing")

    penstock.call("POST", f"{url}/{id}/cancel")

    ended = until(lambda: _ended(penstock.call("GET", f"{url}/{id}")))
    assert (ended["status"], ended["error"]) == ("canceled", None)
    assert _predict(penstock, {"text": "next"})["output"] == "next"


def test_a_host_that_dies_while_it_is_idle_costs_nothing(penstock: Penstock) -> None:
    assert _predict(penstock, {"text": "before"})["output"] == "before"
    tree.signal_all(tree.hosts(penstock.data), signal.SIGKILL)
    until(lambda: not tree.hosts(penstock.data))

    assert _predict(penstock, {"text": "after"})["output"] == "after"


SETUPS = {
    "raise RuntimeError('no weights here')": "RuntimeError: no weights here",
    "os._exit(7)": "ended itself with exit status 7",
    "print('x' * 10_000_000, 'this is setup'); sys.exit('done')": "called sys.exit('done')",
}


@pytest.mark.parametrize("statement", SETUPS)
def test_a_setup_that_fails(penstock: Penstock, tmp_path: Path, statement: str) -> None:
    said = _refused(penstock, tmp_path / "model", statement)
    assert SETUPS[statement] in said
    assert len(said) < 50_000
    assert _predict(penstock, {"text": "alive"})["output"] == "alive"


def test_a_setup_that_takes_too_long(tmp_path: Path) -> None:
    hurried = Penstock(tmp_path, PENSTOCK_SETUP_TIMEOUT_S=str(SETUP_TIMEOUT_S))
    hurried.start()
    try:
        said = _refused(hurried, tmp_path / "model", "time.sleep(3600)")
    finally:
        hurried.stop()
    assert "took longer than the time allowed" in said


def _refused(penstock: Penstock, folder: Path, statement: str) -> str:
    """What a push says of a model with this statement in its setup()."""
    body = f"""
        def setup(self):
            print("this is setup")
            sys.stdout.flush()
            {statement}

        def predict(self) -> str:
            return "never"
    """
    _write(folder, body)
    done = penstock.cli("push", str(folder), "demo/setup")
    assert done.returncode != 0
    assert "this is setup" in done.stderr
    return done.stderr


def test_a_model_that_cannot_be_set_up_again(penstock: Penstock, tmp_path: Path) -> None:
    """Its rows end as error rows: a batch is never stuck."""
    body = """
        def setup(self):
            open("done", "x")

        def predict(self, crash: bool) -> str:
            os._exit(1) if crash else None
            return "once"
    """
    _write(tmp_path / "model", body)
    penstock.push(str(tmp_path / "model"), "demo/once")
    rows = [{"custom_id": str(n), "input": {"crash": n == 3}} for n in range(10)]

    batch, good, errors = _run(penstock, "demo/once", rows)

    assert batch["status"] == "completed"
    assert len(good) + len(errors) == 10
    assert "setup_failed" in {row["error"]["code"] for row in errors}
    assert any("FileExistsError" in row["error"]["message"] for row in errors)


def test_each_row_has_its_own_file(penstock: Penstock, tmp_path: Path) -> None:
    """Also if the model writes to the same path every time, and tidies nothing."""
    body = """
        def setup(self):
            self.place = tempfile.gettempdir()
            open(f"{self.place}/weights", "w").close()

        def predict(self, text: str) -> Path:
            junk, _ = tempfile.mkstemp()
            os.write(junk, b"x" * 100_000)
            os.close(junk)
            os.makedirs(tempfile.mkdtemp() + "/deep/er")
            place = Path(self.place) / "the same #1.txt"
            place.write_text(text)
            return place
    """
    _write(tmp_path / "model", body)
    penstock.push(str(tmp_path / "model"), "demo/scribe")
    rows = [{"custom_id": f"r{n}", "input": {"text": f"text {n}"}} for n in range(100)]

    _, good, errors = _run(penstock, "demo/scribe", rows)

    assert errors == []
    urls = [row["response"]["body"]["output"] for row in good]
    assert len(set(urls)) == 100
    for number in range(0, 100, 9):
        assert penstock.call("GET", urls[number].removeprefix(penstock.url)) == f"text {number}"
    hosts = penstock.data / "hosts"
    until(lambda: [path.name for path in hosts.glob("*/tmp/*")] == ["weights"], PATIENCE_S)
    until(lambda: not list((penstock.data / "scratch").iterdir()), PATIENCE_S)


def _mixed(count: int, poison: list[str], rude: list[str]) -> list[dict[str, Any]]:
    """Rows that succeed, with each deed once, spread over them."""
    rows = [{"custom_id": f"row-{n}", "input": {"text": str(n)}} for n in range(count)]
    for place, deed in enumerate(poison):
        rows[7 + place * (count // (len(poison) + 1))]["input"] = {"do": deed}
    for place, deed in enumerate(rude):
        rows[11 + place * (count // (len(rude) + 1))]["input"]["do"] = deed
    return rows


def _run(
    penstock: Penstock, model: str, rows: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    id = penstock.submit(model, rows)
    batch = penstock.ended(id, PATIENCE_S)
    assert batch["status"] == "completed"
    return batch, penstock.lines(id, "output.jsonl"), penstock.lines(id, "errors.jsonl")


def _check(
    rows: list[dict[str, Any]],
    good: list[dict[str, Any]],
    errors: list[dict[str, Any]],
    poison: dict[str, tuple[str, str]],
) -> None:
    """Every row is where it belongs, in order, the bad ones each with the words of its deed."""
    bad = [row for row in rows if row["input"].get("do") in poison]
    kept = [row for row in rows if row["input"].get("do") not in poison]
    assert [row["custom_id"] for row in errors] == [row["custom_id"] for row in bad]
    for row, told in zip(bad, errors, strict=True):
        code, words = poison[row["input"]["do"]]
        assert told["error"]["code"] == code, told
        assert words in told["error"]["message"], told
    answers = [(row["custom_id"], row["response"]["body"]["output"]) for row in good]
    assert answers == [(row["custom_id"], row["input"]["text"]) for row in kept]


def _sleepers(penstock: Penstock) -> list[int]:
    """What `leak_process` left running."""
    return [pid for pid in tree.hosts(penstock.data) if tree.name(pid) == "sleep"]


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {"version": "demo/chaos", "input": given}


def _ended(prediction: dict[str, Any]) -> dict[str, Any] | None:
    ended = prediction["status"] in ("succeeded", "failed", "canceled")
    return prediction if ended else None


def _predict(penstock: Penstock, given: dict[str, Any]) -> dict[str, Any]:
    id = penstock.call("POST", "/v1/predictions", json=_asked(given))["id"]
    told: dict[str, Any] = until(
        lambda: _ended(penstock.call("GET", f"/v1/predictions/{id}")), PATIENCE_S
    )
    return told


def _write(folder: Path, body: str) -> None:
    """A model folder whose class has the body."""
    folder.mkdir()
    (folder / "cog.yaml").write_text('predict: "predict.py:Predictor"\n')
    head = "import os\nimport sys\nimport tempfile\nimport time\n\n"
    head += "from cog import BasePredictor, Path\n\n\nclass Predictor(BasePredictor):\n"
    (folder / "predict.py").write_text(head + textwrap.indent(textwrap.dedent(body), "    "))
