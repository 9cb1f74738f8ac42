"""What users test their receivers with, and what the plain install needs."""

import os
import subprocess
import sys
import sysconfig
import textwrap
import time
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from tests.servers.process import Server, free_port
from webhooks import Verifier, new_secret
from webhooks.errors import Stale
from webhooks.receiver import Receiver
from webhooks.testing import signed_request

ROOT = Path(__file__).parents[3]
SECRET = new_secret()


def test_a_signed_request_is_one_that_a_verifier_takes() -> None:
    asked = signed_request(SECRET, {"type": "a"}, id="evt_9")
    message = Verifier([SECRET]).verify(asked["headers"], asked["data"], time.time())
    assert (message.id, message.body) == ("evt_9", b'{"type": "a"}')


def test_a_signed_request_can_be_of_another_time_and_of_any_bytes() -> None:
    asked = signed_request(SECRET, b"\x00", at=1000)
    with pytest.raises(Stale):
        Verifier([SECRET]).verify(asked["headers"], b"\x00", 2000)
    assert Verifier([SECRET]).verify(asked["headers"], b"\x00", 1000).timestamp == 1000


THEIRS = """
    import pytest
    from flask import Flask
    from webhooks.receiver import Receiver

    pytest_plugins = ["webhooks.fixtures"]
    SECRET = "{secret}"

    @pytest.fixture
    def client():
        app = Flask("theirs")
        receiver = Receiver([SECRET])
        receiver.init_app(app)
        seen = []
        receiver.on("*")(lambda event: seen.append((event.data, event.sequence)))
        yield app.test_client()
        assert seen == [({{"id": "b"}}, 1), (None, 7)]
"""
USE = """
    from conftest import SECRET

    def test_theirs(client, send_webhook):
        first = send_webhook("/webhooks", SECRET, "a", {"id": "b"}, id="evt_1")
        assert first.json["status"] == "ok"
        again = send_webhook("/webhooks", SECRET, "a", {"id": "b"}, id="evt_1")
        assert again.json["status"] == "repeated"
        assert send_webhook("/webhooks", SECRET, "b", sequence=7).status_code == 200
        assert send_webhook("/webhooks", SECRET, "b", at=1000).status_code == 401
"""


def test_the_fixture_works_in_a_project_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(textwrap.dedent(THEIRS).format(secret=SECRET))
    (tmp_path / "test_theirs.py").write_text(textwrap.dedent(USE))
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_a_project_with_a_webhooks_of_its_own_can_still_run_its_tests(tmp_path: Path) -> None:
    (tmp_path / "webhooks.py").write_text("")
    (tmp_path / "test_theirs.py").write_text("def test_theirs(): import webhooks")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def started(folder: Path) -> subprocess.CompletedProcess[str]:
    """`app.py` of a folder, in an environment where ours is installed as from a wheel."""
    packages = sysconfig.get_path("purelib")
    return subprocess.run(
        [sys.executable, "-S", "app.py"],  # no .pth files: an editable install finds more
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("own", ["webhooks.py", "webhooks/__init__.py"])
def test_what_a_webhooks_of_ones_own_does_is_what_the_page_says(tmp_path: Path, own: str) -> None:
    page = (ROOT / "docs" / "04-webhooks.md").read_text(encoding="utf-8")
    (tmp_path / "app.py").write_text("from webhooks.receiver import Receiver\n")
    (tmp_path / own).parent.mkdir(exist_ok=True)
    (tmp_path / own).write_text("")
    error, _, said = started(tmp_path).stderr.splitlines()[-1].partition(": ")
    assert error == "ModuleNotFoundError"
    for part in said.split("; "):
        assert part in page


def test_a_webhooks_of_ones_own_is_in_nobodys_way_inside_a_package(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "webhooks.py").write_text("x = 1\n")
    (tmp_path / "app.py").write_text("import shop.webhooks, webhooks.receiver\n")
    done = started(tmp_path)
    assert done.returncode == 0, done.stderr


# --- the plain install ---------------------------------------------------------------------------

#: Flask, what Flask needs, and the standard library
PLAIN = """
import sys

ALLOWED = {"flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"}
ALLOWED |= {"webhooks", *sys.stdlib_module_names}

class OnlyFlask:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in ALLOWED:
            raise ModuleNotFoundError(f"{name} is not in the plain install", name=name)

sys.meta_path.insert(0, OnlyFlask())
for name in list(sys.modules):  # what site-packages' .pth files brought in
    if name.partition(".")[0] not in ALLOWED:
        del sys.modules[name]
"""
RECEIVE = """
from flask import Flask
import webhooks, webhooks.answers, webhooks.handoff, webhooks.inbox, webhooks.replay
from webhooks.receiver import Receiver
from webhooks.testing import signed_request

secret = webhooks.new_secret()
receiver = Receiver([secret])
app = Flask("plain")
receiver.init_app(app)
receiver.on("*")(lambda event: print(event.type))
answer = app.test_client().post("/webhooks", **signed_request(secret, {"type": "it.works"}))
print(answer.status_code)
"""


def test_a_receiver_needs_flask_and_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLAIN + RECEIVE], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["it.works", "200"], done.stderr


COMMAND = """
ALLOWED |= {"jobs", "safepush"}
from jobs.cli import main
main(WORDS, prog_name="penstock")
"""
#: what the extra `cli` adds, and what that needs
CLI = """
ALLOWED |= {"httpx", "httpcore", "h11", "anyio", "idna", "certifi", "sniffio", "typing_extensions"}
ALLOWED |= {"rich", "pygments", "markdown_it", "mdurl", "yaml", "_yaml"}
"""


def test_a_command_without_its_packages_says_what_to_install() -> None:
    env = os.environ | {"PENSTOCK_TOKEN": "x", "PENSTOCK_URL": "http://127.0.0.1:1"}
    asked = {"capture_output": True, "text": True, "check": False, "env": env}
    secret, plain = "WORDS = ['webhooks', 'secret']\n", "WORDS = ['--help']\n"
    done = subprocess.run([sys.executable, "-c", PLAIN + plain + COMMAND], **asked)
    assert "webhooks" in done.stdout, done.stderr
    done = subprocess.run([sys.executable, "-c", PLAIN + secret + COMMAND], **asked)
    assert done.returncode == 2
    assert (
        "needs httpx, which is not installed: in a checkout of Penstock, pip install '.[cli]'"
        in done.stderr
    )
    assert "Traceback" not in done.stderr
    done = subprocess.run([sys.executable, "-c", PLAIN + CLI + secret + COMMAND], **asked)
    assert "cannot reach http://127.0.0.1:1" in done.stderr


def test_the_proof_above_can_fail() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLAIN + "import pycurl"], capture_output=True, text=True, check=False
    )
    assert "pycurl is not in the plain install" in done.stderr


# --- the example ---------------------------------------------------------------------------------

EXAMPLE = ROOT / "examples" / "receiver" / "app.py"


def test_the_example_receives(tmp_path: Path) -> None:
    port = free_port()
    env = {"PENSTOCK_WEBHOOK_SECRET": SECRET, "RECEIVED": str(tmp_path / "got"), "PORT": str(port)}
    server = Server([sys.executable, EXAMPLE], tmp_path / "log", env=env)
    try:
        server.wait_for(port)
        asked = signed_request(SECRET, {"type": "batch.completed", "data": {"id": "é"}})
        statuses = [_post(port, asked) for _ in range(2)]
    finally:
        server.stop()
    assert statuses == [200, 200]
    (line,) = (tmp_path / "got").read_text().splitlines()
    assert '"batch.completed"' in line
    assert len(EXAMPLE.read_text().splitlines()) <= 30


def _post(port: int, asked: dict[str, object]) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/hook",
        data=asked["data"],  # type: ignore[arg-type]
        headers=asked["headers"],  # type: ignore[arg-type]
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return int(response.status)


def test_the_extension_leaves_other_routes_alone() -> None:
    app = Flask(__name__)
    Receiver([SECRET]).init_app(app)
    app.get("/other")(lambda: "fine")
    assert app.test_client().get("/other").data == b"fine"
    assert "webhooks.receive" in app.view_functions
