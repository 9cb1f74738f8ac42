"""The back end of Replicate-compatible servers: which version came of a push, and what is said."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from safepush import commands, errors
from safepush.backends import replicate
from safepush.backends.cogpush import PushCommand, command
from safepush.backends.replicate import Replicate
from safepush.backends.service import ReplicateClient
from safepush.config import Config, load
from safepush.connection import Connection, replicate_connection
from safepush.peer import Peer
from safepush.replicatesettings import Replicate as Settings
from safepush.version import read_bundle

TESTED, BUILT, OTHER = ("a" * 64, "b" * 64, "c" * 64)
CONFIG = Config(model="me/hello")
DEPLOYED = {
    "name": "front",
    "model": "me/hello",
    "hardware": "cpu",
    "min_instances": 1,
    "max_instances": 20,
}


def silent(text: str) -> None:
    """Nobody listens."""


def printing(*lines: str) -> tuple[str, ...]:
    return ("sh", "-c", "".join(f"echo '{line}'; " for line in lines))


@pytest.fixture
def backend(server: Any) -> Iterator[Callable[..., Replicate]]:
    client = ReplicateClient(Connection(server.url, "t0ken"), ("files.example",))

    def made(*lines: str) -> Replicate:
        return Replicate(client, Settings(push=printing(*lines)))

    yield made
    client.__exit__()


def test_the_digest_that_is_a_version_is_the_one(
    server: Any, folder: Path, backend: Callable[..., Replicate]
) -> None:
    server.built = [OTHER, TESTED]
    pushing = backend(f"#3 sha256:{BUILT} 3 MB", f"digest: sha256:{TESTED} size: 9", "done")

    staged = pushing.stage(read_bundle(folder), CONFIG, say=silent)

    assert (staged.model, staged.version.id, staged.live) == ("me/hello-test", TESTED, None)
    assert server.models == {"me/hello-test"}


def test_a_push_that_prints_no_digest_is_told_by_the_new_version_if_it_is_one(
    server: Any,
    folder: Path,
    backend: Callable[..., Replicate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replicate, "LISTED_S", 0)
    server.built = [BUILT, TESTED, OTHER]
    news = iter([(OTHER,), (TESTED, OTHER), (OTHER,), (BUILT, TESTED, OTHER)])
    monkeypatch.setattr(ReplicateClient, "newest", lambda self, model: next(news))
    pushing = backend("pushed")

    staged = pushing.stage(read_bundle(folder), CONFIG, say=silent)

    assert staged.version.id == TESTED
    with pytest.raises(errors.NotListed, match="printed: none"):
        pushing.stage(read_bundle(folder), CONFIG, say=silent)


def test_what_is_not_promoted_and_why(
    server: Any, folder: Path, backend: Callable[..., Replicate]
) -> None:
    bundle, pushing = read_bundle(folder), backend(f"sha256:{TESTED}")
    staged = pushing.stage(bundle, CONFIG, say=silent)

    (folder / "predict.py").write_text("class Predictor: changed\n")
    with pytest.raises(errors.BundleInvalid, match="changed during the checks"):
        pushing.promote(bundle, CONFIG, staged, say=silent)

    server.models.add("me/hello")
    server.aliases["live"] = OTHER
    with pytest.raises(errors.LiveMoved):
        pushing.promote(bundle, CONFIG, staged, say=silent)

    server.aliases["live"] = TESTED
    assert pushing.promote(bundle, CONFIG, staged, say=silent).live == TESTED


def test_a_second_build_with_another_schema_is_an_error_that_comes_late(
    server: Any, folder: Path, backend: Callable[..., Replicate]
) -> None:
    bundle = read_bundle(folder)
    staged = backend(f"sha256:{TESTED}").stage(bundle, CONFIG, say=silent)
    second = backend(f"sha256:{BUILT}")

    same = second.promote(bundle, CONFIG, staged, say=silent)
    server.schema = {"components": {}}
    other = second.promote(bundle, CONFIG, staged, say=silent)

    assert same.wrong is None
    assert "built again from the same files and with the same schema" in same.told[0]
    assert isinstance(other.wrong, errors.BuiltOtherwise)
    assert other.wrong.exit_code == 1


@pytest.mark.parametrize("name", ["me/hello", "no-owner"])
def test_the_test_model_is_another_model(name: str) -> None:
    with pytest.raises(errors.ConfigInvalid, match="test_model"):
        replicate.test_model(replace(CONFIG, peer=Peer(test_model=name)))


def test_the_peers_keys_are_flags_of_the_push_command(tmp_path: Path) -> None:
    peer = Peer(fast_push=True, use_cog_base_image=False, dockerfile="D")

    made = command(Settings(), peer, "me/hello", tmp_path)

    flags = ("--x-fast", "--use-cog-base-image=false", "--dockerfile=D")
    assert made.words == ("cog", "push", "r8.im/me/hello", *flags)


def test_a_push_command_without_an_end_is_killed_with_what_it_started(tmp_path: Path) -> None:
    words = ("sh", "-c", "echo begun; sleep 600 & wait")
    began = time.monotonic()

    with pytest.raises(errors.PushCommandFailed, match=r"no end within 0.5 s(.|\n)*begun"):
        PushCommand(words, tmp_path).run(0.5, silent)

    # the pipe closes only once the child that holds it is gone too
    assert time.monotonic() - began < 300


def test_a_push_command_that_left_a_child_with_the_pipe_has_its_limit_too(tmp_path: Path) -> None:
    words = ("sh", "-c", "echo begun; sleep 600 & exit 0")
    began = time.monotonic()

    with pytest.raises(errors.PushCommandFailed, match=r"no end within 0.5 s(.|\n)*begun"):
        PushCommand(words, tmp_path).run(0.5, silent)

    assert time.monotonic() - began < 300


def test_a_push_command_is_not_given_the_key_of_the_language_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    said: list[str] = []

    PushCommand(("env",), tmp_path).run(30, said.append)

    assert said
    assert "sk-secret" not in "\n".join(said)


@pytest.mark.parametrize(
    ("address", "is_file"),
    [
        ("https://files.example/a.png", True),
        ("https://pbxt.files.example/a.png?x=1", True),
        ("http://files.example/a.png", False),
        ("https://notfiles.example/a.png", False),
        ("https://files.example.org/a.png", False),
        ("http://127.0.0.1:9/v1/predictions/p1/files/a.png?ticket=x", True),
        ("http://127.0.0.1:9/v1/predictions/p2/files/a.png", False),
        ("http://127.0.0.1:9/v1/account", False),
        ("http://169.254.169.254/p1/", False),
    ],
)
def test_only_addresses_of_output_files_are_opened(address: str, is_file: bool) -> None:
    with ReplicateClient(Connection("http://127.0.0.1:9", "t"), ("files.example",)) as client:
        found = client.file_address(address, "p1")

    assert found == (address if is_file else None)


def test_however_often_it_was_asked_there_is_a_next_time(server: Any) -> None:
    with ReplicateClient(Connection(server.url, "t0ken"), ()) as client:
        assert [client._pause_s(number) for number in (0, 10_000)] == [0.1, 1.0]


def test_another_host_is_not_told_the_token(server: Any) -> None:
    with ReplicateClient(Connection("http://127.0.0.1:9", "t0ken"), ()) as client:
        elsewhere = client._opener(f"{server.url}/a.png")
        own = client._opener("http://127.0.0.1:9/v1/predictions/p1/files/a.png")

    assert "Authorization" not in elsewhere.headers
    assert own.headers["Authorization"] == "Bearer t0ken"


def test_the_address_may_end_with_v1_and_the_token_must_be_there() -> None:
    told = {"REPLICATE_BASE_URL": "https://a.example/v1/", "REPLICATE_API_TOKEN": "r8_x"}

    assert replicate_connection(told).url == "https://a.example"
    assert replicate_connection({"REPLICATE_API_TOKEN": "x"}).url == "https://api.replicate.com"
    with pytest.raises(errors.ConfigInvalid, match="REPLICATE_API_TOKEN: is not set"):
        replicate_connection({})


def test_the_section_replicate_is_read_and_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "safepush.yaml"
    path.write_text("model: me/hello\nreplicate: {push: [depot, push], registry: r.example}\n")
    found = load(path).replicate

    assert found == Settings(push=("depot", "push"), registry="r.example")
    path.write_text("model: me/hello\nreplicate: {pusch: x, files: []}\n")
    with pytest.raises(errors.ConfigInvalid) as caught:
        load(path)
    assert {one.place for one in caught.value.problems} == {"replicate.pusch", "replicate.files"}


def test_a_report_says_what_is_live(server: Any, folder: Path, tmp_path: Path) -> None:
    environ = {"REPLICATE_BASE_URL": server.url, "REPLICATE_API_TOKEN": "t0ken"}
    script = tmp_path / "push.sh"
    # whatever is pushed to the model itself is built otherwise than what is tested
    script.write_text(
        f'case "$1" in *-test) echo sha256:{TESTED};; *) echo sha256:{BUILT};; esac\n'
    )
    words = ["push", str(folder), "--backend", "replicate", "--push-command", f"sh {script}"]

    done = CliRunner().invoke(commands.command, [*words, "--json"], env=environ)

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["version"], told["live"], told["promoted"]) == (TESTED, BUILT, True)


@pytest.mark.parametrize(
    ("owner", "wrong"), [("me", None), ("them", "a token of me cannot make it")]
)
def test_a_deployment_that_cannot_be_made_is_told_once_the_version_is_live(
    server: Any, folder: Path, backend: Callable[..., Replicate], owner: str, wrong: str | None
) -> None:
    server.account = "me"
    config = replace(CONFIG, peer=Peer(deployment={"owner": owner, "name": "front"}))
    bundle, pushing = read_bundle(folder), backend(f"sha256:{TESTED}")
    staged = pushing.stage(bundle, config, say=silent)

    done = pushing.promote(bundle, config, staged, say=silent)

    assert done.live == TESTED
    assert (wrong or "None") in str(done.wrong)
    assert server.deployments == ([] if wrong else [{**DEPLOYED, "version": TESTED}])


def test_a_push_that_fails_after_the_checks_does_not_lose_them(
    server: Any, folder: Path, tmp_path: Path
) -> None:
    script = tmp_path / "push.sh"
    script.write_text(f'case "$1" in *-test) echo sha256:{TESTED};; *) exit 3;; esac\n')
    environ = {"REPLICATE_BASE_URL": server.url, "REPLICATE_API_TOKEN": "t0ken"}
    words = ["push", str(folder), "--backend", "replicate", "--push-command", f"sh {script}"]

    done = CliRunner().invoke(commands.command, [*words, "--json"], env=environ)

    told = json.loads(done.stdout)
    assert (done.exit_code, told["verdict"], told["promoted"]) == (3, "held", False)
    assert told["error"]["code"] == "push_failed"
