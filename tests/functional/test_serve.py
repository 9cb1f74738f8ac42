"""`penstock serve`: one model folder behind Cog's HTTP interface."""

import base64
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers.hooks import Hooks
from tests.servers.penstock import BIN, free_port, until
from tests.servers.process import Server
from webhooks.signing import Verifier

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
WORDS = """
import os, time
from pathlib import Path
from typing import Iterator
from cog import BasePredictor, Input, Secret, current_scope

class Predictor(BasePredictor):
    def healthcheck(self):
        return not Path("ill").exists()

    def predict(
        self,
        text: str = Input(max_length=5),
        count: int = Input(default=2, ge=1, le=10),
        until: str = "",
        how: str = "well",
        token: Secret = None,
    ) -> Iterator[str]:
        print("begin", text)
        self.record_metric("words", count)
        if how == "by context":
            yield f"{text}{current_scope().context}"
            return
        if how == "badly":
            raise ValueError("no words")
        if how == "not at all":
            os._exit(3)
        for number in range(count):
            yield f"{text}{number}"
            while until and not Path(until).exists():
                time.sleep(0.02)
"""
#: what the log of a prediction with the input `colour` begins with
LEFT_OUT = (
    "left out of the input, since the model does not take it: colour;"
    " it takes: count, how, text, token, until\n"
)
FILES = """
import asyncio
from pathlib import Path as Place
from cog import Path

async def run(picture: Path, until: str = "") -> list[Path]:
    Place("begun").touch()
    if until:
        Place(f"{until}.begun").touch()
    while until and not Place(until).exists():
        await asyncio.sleep(0.02)
    made = []
    for name in ("a.txt", "b.txt"):
        place = Path(name)
        place.write_text(f"{name} " + open(picture).read() + " one")
        made.append(place)
    return made
"""
TALK = """
import asyncio, os, subprocess
from pathlib import Path
from cog import AsyncConcatenateIterator, BasePredictor, current_scope

class Predictor(BasePredictor):
    async def predict(
        self, name: str, until: str, dies: bool = False
    ) -> AsyncConcatenateIterator[str]:
        print("begin", name, current_scope().context)
        try:
            yield f"{name} one"
            while not Path(until).exists():
                await asyncio.sleep(0.02)
            if dies:
                os._exit(4)
            self.record_metric("of", name, mode="append")
            yield f"{name} two"
        except asyncio.CancelledError:
            print("told to stop", name)
            raise
        finally:
            print("end", name, end="")
"""
TRAIN = """
import time
from pathlib import Path as Place
from cog import BaseModel, Input, Path

class Output(BaseModel):
    weights: Path
    loss: float

def run(text: str) -> str:
    return text

def train(lines: int = Input(ge=1), until: str = "") -> Output:
    print("training on", lines)
    while until and not Place(until).exists():
        time.sleep(0.02)
    place = Path("weights.bin")
    place.write_text(f"of {lines}")
    return Output(weights=place, loss=0.5)
"""
PICTURE = "data:text/plain;base64," + base64.b64encode(b"picture").decode()


class Served:
    """A folder, and the `penstock serve` that serves it."""

    def __init__(self, folder: Path, config: str, code: str, *words: str) -> None:
        self.folder = folder
        (folder / "cog.yaml").write_text(config)
        (folder / "model.py").write_text(code)
        self.port = free_port()
        env = {"PENSTOCK_WEBHOOK_SECRET": SECRET, "WEBHOOK_AUTH_TOKEN": "let-me-in"}
        self.log = folder / "log.txt"
        self.server = Server(
            [BIN / "penstock", "serve", folder, "-p", str(self.port), *words], self.log, env=env
        )
        self.server.wait_for(self.port)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=90)
        until(lambda: self.health() == "READY", 60)

    def health(self) -> str:
        """The word of the health check."""
        return str(self.http.get("/health-check").json()["status"])

    def ask(self, given: Any, headers: dict[str, str] | None = None, **rest: Any) -> httpx.Response:
        """POST a prediction."""
        return self.http.post("/predictions", json={"input": given, **rest}, headers=headers)

    def stop(self) -> None:
        """End it."""
        self.http.close()
        self.server.stop()


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A model that yields text."""
    served = Served(tmp_path_factory.mktemp("words"), "predict: model.py:Predictor", WORDS)
    yield served
    served.stop()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that models wait for; it is there at the end, come what may."""
    return tmp_path / "gate"


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """Somebody who takes webhooks and uploads."""
    with Hooks() as made:
        yield made


def test_it_says_what_it_is(words: Served) -> None:
    assert words.http.get("/").json()["predictions_url"] == "/predictions"
    told = words.http.get("/health-check").json()
    assert (told["status"], told["setup"]["status"]) == ("READY", "succeeded")
    document = words.http.get("/openapi.json").json()
    assert document["components"]["schemas"]["Input"]["required"] == ["text"]


def test_a_prediction_is_answered_and_a_name_too_much_dropped(words: Served) -> None:
    told = words.ask({"text": "hi", "colour": "blue"}).json()
    assert (told["status"], told["output"], told["logs"]) == (
        "succeeded",
        ["hi0", "hi1"],
        f"{LEFT_OUT}begin hi\n",
    )
    assert None not in told.values()
    assert told["metrics"]["predict_time"] >= 0
    assert told["metrics"]["words"] == 2
    assert "colour" in words.log.read_text()
    assert "blue" not in words.log.read_text()


def test_who_listens_hears_of_a_name_too_much_before_all_else(words: Served) -> None:
    headers = {"Accept": "text/event-stream"}
    body = {"input": {"text": "hi", "colour": "blue"}}
    answer = words.http.post("/predictions", json=body, headers=headers).text

    told = [json.loads(line[6:]) for line in answer.splitlines() if line.startswith("data: ")]
    assert [one["data"] for one in told if "source" in one] == [LEFT_OUT, "begin hi\n"]


def test_what_a_request_says_beside_the_input_is_in_the_scope_of_that_one(words: Served) -> None:
    given = {"text": "", "how": "by context"}
    assert words.ask(given, context={"tenant": "a"}).json()["output"] == ["{'tenant': 'a'}"]
    assert words.ask(given).json()["output"] == ["{}"]
    refused = words.ask(given, context={"tenant": 5})
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "context"]
    assert "tenant" not in words.log.read_text()


def test_everything_wrong_is_told_at_once_in_cogs_shape(words: Served) -> None:
    answer = words.ask({"count": 99, "how": 1})
    assert answer.status_code == 422
    found = {one["loc"][-1]: (one["loc"][:-1], one["type"]) for one in answer.json()["detail"]}
    place = ["body", "input"]
    assert found == {
        "count": (place, "value_error"),
        "how": (place, "value_error"),
        "text": (place, "value_error.missing"),
    }
    refused = words.ask({"text": "a"}, webhook="http://127.0.0.1:9/", webhook_events_filter=["end"])
    assert refused.json()["detail"][0]["loc"] == ["body", "webhook_events_filter"]
    other = words.http.put("/predictions/one", json={"id": "two", "input": {"text": "a"}})
    assert (other.status_code, other.json()["detail"][0]["loc"]) == (422, ["body", "id"])


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [(b"{", "application/json", 400), (b"{}", "text/plain", 415), (b"", None, 422)],
)
def test_a_body_must_be_json(words: Served, content: bytes, kind: str | None, status: int) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert words.http.post("/predictions", content=content, headers=headers).status_code == status


def test_pages_of_other_sites_may_not_ask(words: Served) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    assert words.http.post("/shutdown", headers=origin).status_code == 403
    assert words.ask({"text": "a"}, origin).status_code == 403
    assert words.ask({"text": "a"}, {"Origin": str(words.http.base_url)}).status_code == 200


def test_a_failure_is_an_answer_and_a_death_is_got_over(words: Served) -> None:
    answer = words.ask({"text": "a", "how": "badly"})
    told = answer.json()
    assert (answer.status_code, told["status"], told["error"]) == (
        200,
        "failed",
        "ValueError: no words",
    )
    assert "begin a" in told["logs"]
    assert "Traceback" in told["logs"]
    told = words.ask({"text": "a", "how": "not at all"}).json()
    assert (told["status"], told["logs"]) == ("failed", "begin a\n")
    assert "exit status 3" in told["error"]
    assert words.ask({"text": "b"}).json()["output"] == ["b0", "b1"]


def test_a_model_says_itself_how_it_is(words: Served) -> None:
    (words.folder / "ill").touch()
    until(lambda: words.health() == "UNHEALTHY")
    assert "healthcheck()" in words.http.get("/health-check").json()["user_healthcheck_error"]
    assert words.ask({"text": "i"}).json()["status"] == "succeeded"
    (words.folder / "ill").unlink()
    until(lambda: words.health() == "READY")


def test_events_come_while_it_runs(words: Served, gate: Path) -> None:
    body = {"input": {"text": "e", "until": str(gate)}}
    events: list[tuple[str, Any]] = []
    headers = {"Accept": "text/event-stream"}
    with words.http.stream("POST", "/predictions", json=body, headers=headers) as answer:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                events.append((value, None))
            elif name == "data":
                events[-1] = (events[-1][0], json.loads(value))
                if "chunk" in events[-1][1]:
                    gate.touch()  # it does not go on before its first word has come through
    assert [name for name, _ in events if name != "log"] == [
        "start",
        "metric",
        "output",
        "output",
        "completed",
    ]
    assert ("output", {"chunk": "e1", "index": 1}) in events
    assert ("metric", {"name": "words", "value": 2, "mode": "replace"}) in events
    assert ("log", {"source": "stdout", "data": "begin e\n"}) in events
    assert events[-1][1]["output"] == ["e0", "e1"]


def test_one_at_a_time_the_same_again_and_cancelled(words: Served, gate: Path) -> None:
    given = {"text": "c", "until": str(gate), "token": "hush"}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(words.http.put, "/predictions/one", json={"input": given})
        until(lambda: words.health() == "BUSY")
        refused = words.ask({"text": "d"})
        assert (refused.status_code, refused.json()["status"]) == (409, "failed")
        again = words.http.put("/predictions/one", json={"input": given})
        assert (again.status_code, again.json()["status"]) == (202, "processing")
        assert again.json()["input"] == given | {"token": "**********"}
        assert words.http.post("/predictions/other/cancel").status_code == 404
        assert words.http.post("/predictions/one/cancel").status_code == 200
        assert running.result().json()["status"] == "canceled"
    assert words.ask({"text": "d"}).json()["status"] == "succeeded"


def test_who_hangs_up_has_cancelled(words: Served, gate: Path) -> None:
    body = json.dumps({"input": {"text": "h", "until": str(gate)}})
    head = "POST /predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", words.port)) as caller:
        caller.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        until(lambda: words.health() == "BUSY")
    until(lambda: words.health() == "READY", 60)
    assert not gate.exists()


class Talk:
    """A prediction followed by its events, in a thread of its own."""

    def __init__(self, served: Served, pool: ThreadPoolExecutor, name: str, **given: Any) -> None:
        self.events: list[tuple[str, Any]] = []
        self._body = {"id": name, "input": {"name": name, **given}, "context": {"of": name}}
        self._ended = pool.submit(self._follow, served)

    def _follow(self, served: Served) -> dict[str, Any]:
        headers = {"Accept": "text/event-stream"}
        with served.http.stream("POST", "/predictions", json=self._body, headers=headers) as answer:
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    self.events.append((kind, json.loads(value)))
        return dict(self.events[-1][1])

    def parts(self) -> list[str]:
        """The parts of its output so far."""
        return [told["chunk"] for name, told in list(self.events) if name == "output"]

    def ended(self) -> dict[str, Any]:
        """The prediction at its end."""
        return self._ended.result(60)


class Gates:
    """Files that models wait for; all are there at the end, come what may."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> Path:
        return self._folder / f"gate-{name}"

    def __enter__(self) -> "Gates":
        return self

    def __exit__(self, *_: object) -> None:
        for name in "abcd":
            self[name].touch()


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Served]:
    """An async model that runs three at once."""
    folder = tmp_path / "talk"
    folder.mkdir()
    served = Served(folder, "predict: model.py:Predictor\nconcurrency: {max: 3}", TALK)
    yield served
    served.stop()


def test_several_of_an_async_model_begin_tell_stop_and_end_each_for_itself(
    talk: Served, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(4) as pool, Gates(tmp_path) as gates:
        running = {n: Talk(talk, pool, n, until=str(gates[n])) for n in "abc"}
        for name, one in running.items():  # each is told while all run
            until(lambda name=name, one=one: one.parts() == [f"{name} one"])
        assert talk.ask({"name": "d", "until": ""}).status_code == 409
        assert talk.http.post("/predictions/b/cancel").status_code == 200
        stopped = running["b"].ended()
        assert (stopped["status"], stopped["logs"]) == (
            "canceled",
            "begin b {'of': 'b'}\ntold to stop b\nend b",
        )
        gates["d"].touch()  # one that comes later has the place, and ends first
        assert talk.ask({"name": "d", "until": str(gates["d"])}).json()["output"] == [
            "d one",
            "d two",
        ]
        for name in "ac":
            gates[name].touch()
            told = running[name].ended()
            assert (told["status"], told["output"]) == ("succeeded", [f"{name} one", f"{name} two"])
            assert told["logs"] == f"begin {name} {{'of': '{name}'}}\nend {name}"
            assert told["metrics"]["of"] == [name]
            told_of = [event for kind, event in running[name].events if kind == "metric"]
            assert told_of == [{"name": "of", "value": name, "mode": "append"}]


def test_a_death_ends_those_that_ran_beside_and_is_got_over(talk: Served, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool, Gates(tmp_path) as gates:
        beside = Talk(talk, pool, "a", until=str(gates["a"]))
        dying = Talk(talk, pool, "b", until=str(gates["b"]), dies=True)
        until(lambda: beside.parts() and dying.parts())
        gates["b"].touch()
        for one in (beside, dying):
            told = one.ended()
            assert (told["status"], "exit status 4" in told["error"]) == ("failed", True)
        assert beside.ended()["logs"] == "begin a {'of': 'a'}\n"
        assert talk.ask({"name": "c", "until": str(gates["b"])}).json()["status"] == "succeeded"


def test_webhooks_are_told_in_order_and_the_end_until_it_is_taken(
    words: Served, hooks: Hooks
) -> None:
    hooks.refuse_ends(1)
    events = {
        "webhook": f"{hooks.url}/hook",
        "webhook_events_filter": ["start", "output", "completed"],
    }
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"Prefer": "respond-async, wait=5", "traceparent": trace}
    answer = words.ask({"text": "w"}, headers, id="hooked", **events)
    assert (answer.status_code, answer.json()) == (202, {"id": "hooked", "status": "starting"})
    taken = until(lambda: len(hooks.taken) >= 4 and list(hooks.taken), 60)
    bodies = [json.loads(one.body) for one in taken]
    assert [(one["id"], one["status"]) for one in bodies] == [
        ("hooked", "processing"),
        ("hooked", "processing"),
        ("hooked", "succeeded"),
        ("hooked", "succeeded"),
    ]
    assert [one.get("output") for one in bodies] == [None, ["w0", "w1"], ["w0", "w1"], ["w0", "w1"]]
    ids = {Verifier([SECRET]).verify(one.headers, one.body, one.at).id for one in taken}
    assert len(ids) == 3
    assert {one.headers["Authorization"] for one in taken} == {"Bearer let-me-in"}
    assert {one.headers["traceparent"] for one in taken} == {trace}


def test_a_train_is_asked_for_as_predictions_are(tmp_path: Path, gate: Path) -> None:
    folder = tmp_path / "train"
    folder.mkdir()
    served = Served(folder, "run: model.py:run\ntrain: model.py:train\n", TRAIN)
    http = served.http
    try:
        assert http.get("/").json()["trainings_cancel_url"] == "/trainings/{training_id}/cancel"
        until(lambda: "/trainings" in http.get("/openapi.json").json()["paths"])
        refused = http.post("/trainings", json={"input": {"lines": 0}})
        assert refused.json()["detail"][0]["loc"] == ["body", "input", "lines"]
        told = http.post("/trainings", json={"input": {"lines": 3}}).json()
        weights = told["output"]["weights"].partition(",")[2]
        assert (base64.b64decode(weights), told["output"]["loss"]) == (b"of 3", 0.5)
        assert told["logs"] == "training on 3\n"
        given = {"input": {"lines": 1, "until": str(gate)}}
        headers = {"Prefer": "respond-async"}
        assert http.put("/trainings/one", json=given, headers=headers).status_code == 202
        until(lambda: http.put("/trainings/one", json=given).json()["logs"])
        assert served.ask({"text": "meanwhile"}).json()["output"] == "meanwhile"
        assert http.post("/predictions/one/cancel").status_code == 404
        assert http.post("/trainings/one/cancel").status_code == 200
        until(lambda: http.post("/trainings/one/cancel").status_code == 404)
    finally:
        gate.touch()
        served.stop()


def test_files_slots_a_changed_folder_and_the_end(tmp_path: Path, hooks: Hooks, gate: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    config = "run: model.py:run\nconcurrency: {max: 3}\n"
    served = Served(folder, config, FILES, "--reload")
    try:
        _files(served, hooks)
        _slots(served, gate)
        _changes(served)
        _end(served, tmp_path / "last")
    finally:
        gate.touch()
        served.stop()


def _files(served: Served, hooks: Hooks) -> None:
    told = served.ask({"picture": PICTURE}).json()
    read = [base64.b64decode(one.removeprefix("data:text/plain;base64,")) for one in told["output"]]
    assert read == [b"a.txt picture one", b"b.txt picture one"]

    there = f"{hooks.url}/files/"
    told = served.ask({"picture": PICTURE}, id="kept", output_file_prefix=there).json()
    assert told["output"] == [f"{there}a.txt", f"{there}b.txt"]
    assert [(one.path, one.headers["x-prediction-id"]) for one in hooks.taken] == [
        ("/files/a.txt", "kept"),
        ("/files/b.txt", "kept"),
    ]
    told = served.ask({"picture": PICTURE}, output_file_prefix=f"{hooks.url}/refused").json()
    assert told["status"] == "failed"
    assert "uploading a.txt answered 500" in told["error"]
    told = served.ask({"picture": "file_0123"}).json()
    assert (told["status"], "input.picture" in told["error"]) == ("failed", True)


def _slots(served: Served, gate: Path) -> None:
    given = {"picture": PICTURE, "until": str(gate)}
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(served.ask, given, id="slot-0")]
        until(Path(f"{gate}.begun").exists)
        running += [pool.submit(served.ask, given, id=f"slot-{n}") for n in (1, 2)]
        until(lambda: served.health() == "BUSY")
        assert served.ask(given).status_code == 409
        served.http.post("/predictions/slot-2/cancel")
        assert running.pop().result().json()["status"] == "canceled"
        gate.touch()
        states = [one.result().json()["status"] for one in running]
    assert states == ["succeeded", "succeeded"]


def _changes(served: Served) -> None:
    code = served.folder / "model.py"
    code.write_text(FILES.replace("import asyncio", "import nowhere"))
    until(lambda: served.health() == "SETUP_FAILED")
    assert "nowhere" in served.http.get("/health-check").json()["setup"]["logs"]
    refused = served.ask({"picture": PICTURE})
    assert (refused.status_code, "nowhere" in refused.json()["error"]) == (503, True)
    code.write_text(FILES.replace('" one"', '" two"'))
    until(lambda: served.health() == "READY")
    told = served.ask({"picture": PICTURE}).json()
    assert base64.b64decode(told["output"][0].rpartition(",")[2]).endswith(b"two")


def _end(served: Served, gate: Path) -> None:
    """What runs when the server is told to end is answered still; the model ends with it."""
    given = {"picture": PICTURE, "until": str(gate)}
    begun = served.folder / "begun"
    begun.unlink()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(served.ask, given)
        until(begun.exists)
        assert served.http.post("/shutdown").status_code == 200
        assert served.ask(given).status_code == 503
        gate.touch()
        assert running.result().json()["status"] == "succeeded"
    assert served.server.wait(60) == 0
