"""A model folder at work on this machine: behind Cog's HTTP interface, or a command beside it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import http
from jobs.cli.local import folder_argument, no_model

if TYPE_CHECKING:
    from jobs.serve.callback import Credentials

NOT_FOUND, CANNOT_BE_RUN = 127, 126


@click.command()
@folder_argument
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "-p", "--port", default=8393, show_default=True, envvar="PORT", type=click.IntRange(0, 65535),
    help="0: any that is free.",
)  # fmt: skip
@click.option("--reload", is_flag=True, help="Load the model again when its code changes.")
@click.option(
    "--concurrency", default=0, type=click.IntRange(0, 1024), metavar="N",
    help="Accept N predictions at once; else as many as the model says that it runs, or one.",
)  # fmt: skip
@click.option("--upload-url", metavar="URL", help="PUT output files below this address.")
@click.option("--timeout", default=86_400.0, metavar="SECONDS", help="For one prediction.")
def serve(
    folder: Path,
    host: str,
    port: int,
    reload: bool,
    concurrency: int,
    upload_url: str | None,
    timeout: float,
) -> None:
    """Serve the model in FOLDER alone, with the HTTP interface of Cog's own server.

    Whoever reaches it may use it: there is no token. Webhooks carry PENSTOCK_WEBHOOK_SECRET's
    signature and WEBHOOK_AUTH_TOKEN as a bearer token, where these are set.

    Example: penstock serve . --reload
    """
    if not (folder / "cog.yaml").is_file():
        raise no_model(str(folder))
    from jobs.adapters import logs
    from jobs.core.errors import JobsError
    from jobs.serve import server
    from jobs.serve.server import Options

    logs.configure("text", "info", "serve")
    options = Options(
        host, port, reload, concurrency, timeout, upload_url, _credentials(), _show
    )  # fmt: skip

    def ready(port: int) -> None:
        click.echo(f"{folder} is served on http://{host}:{port}; stop it with Ctrl-C")

    try:
        server.serve(folder, options, _end(), ready)
    except JobsError as error:
        raise http.CliError(f"{folder}: {error}", http.CANNOT_RUN) from error


def _credentials() -> "Credentials":
    from jobs.serve.callback import Credentials
    from webhooks.errors import ConfigurationError
    from webhooks.signing import Signer

    secret = os.environ.get("PENSTOCK_WEBHOOK_SECRET")
    try:
        signer = Signer([secret]) if secret else None
    except ConfigurationError as error:
        raise http.CliError(f"PENSTOCK_WEBHOOK_SECRET: {error}", http.CANNOT_RUN) from error
    return Credentials(os.environ.get("WEBHOOK_AUTH_TOKEN"), signer)


def _show(text: str) -> None:
    click.echo(text, err=True, nl=False)


def _end() -> threading.Event:
    """Set by the first SIGINT or SIGTERM; the second one ends at once."""
    end = threading.Event()

    def told(number: int, frame: Any) -> None:
        if end.is_set():
            raise SystemExit(http.INTERRUPTED)
        end.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    return end


@click.command(
    "exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(folder: Path, command: tuple[str, ...]) -> None:
    """Run COMMAND in FOLDER as its model would run: same folder, same Python, `import cog` works.

    What is set in this shell stays set, credentials included: it is your command.

    Example: penstock exec . python download_weights.py
    """
    from jobs.core.errors import JobsError

    try:
        env = environment(folder)
    except JobsError as error:
        raise http.CliError(f"{folder}: {error}", http.CANNOT_RUN) from error
    os.chdir(folder)
    sys.stdout.flush()
    try:
        os.execvpe(command[0], command, env)  # noqa: S606 - that is what was asked for
    except FileNotFoundError:
        raise http.CliError(f"there is no command {command[0]!r}", NOT_FOUND) from None
    except OSError as error:
        message = f"{command[0]} cannot be run: {error.strerror}"
        raise http.CliError(message, CANNOT_BE_RUN) from error


def environment(folder: Path) -> dict[str, str]:
    """This shell's environment, in which `python` is the one that runs the model.

    Raises:
        SetupFailed, Unavailable: cog.yaml cannot be read, or its packages cannot be had.
    """
    from jobs.adapters import cogyaml
    from jobs.adapters.environments import Environments
    from jobs.host.cogpackage import FALLBACK

    told = cogyaml.read(folder)
    with tempfile.TemporaryDirectory(prefix="penstock-") as scratch:
        environments = Environments.of_this_user(Path(scratch))
        made, said = environments.take(told.build, folder.resolve(), "")
    click.echo(said, err=True, nl=False)
    env = {**os.environ, **told.environment}
    python = Path(sys.executable) if made is None else made.python
    if made is not None:  # what would come before its own packages
        env.pop("PYTHONPATH", None)
        env["VIRTUAL_ENV"] = str(made.folder)
    env["PATH"] = _joined(str(python.parent), env.get("PATH"))
    look = [str(python), "-c", "import cog"]
    if subprocess.run(look, env=env, capture_output=True, check=False).returncode:  # noqa: S603
        env["PYTHONPATH"] = _joined(env.get("PYTHONPATH"), str(FALLBACK))
    return env


def _joined(*places: str | None) -> str:
    return os.pathsep.join(filter(None, places))
