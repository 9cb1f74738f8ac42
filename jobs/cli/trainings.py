"""Trainings from the command line: train, and what becomes of that."""

import time
from pathlib import Path
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.digests import whole
from jobs.cli.inputs import json_or_text, pair, posted
from jobs.cli.out import json_option
from jobs.core.printed import news

RUNNING = ("starting", "processing")
FIRST_POLL_S, LAST_POLL_S = 0.02, 0.5


@click.command()
@click.argument("ref", metavar="MODEL")
@click.option("-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE", help="An input.")
@click.option("--destination", metavar="OWNER/NAME", help="The model that gets the new version.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the weights here as well.",
)
@json_option
def train(
    ref: str, pairs: tuple[str, ...], destination: str | None, output: Path | None, as_json: bool
) -> None:
    """Train a version and wait for the new one; what it prints goes to stderr. Ctrl-C cancels it.

    MODEL is owner/name on the server (its live version), owner/name:DIGEST, or a folder with a
    cog.yaml, which is trained here without one. A value is JSON where it can be read as JSON, text
    else; @FILE is a file. The destination is a model of yours; one that is not there is made. Its
    first version goes live at once.

    Example: penstock train demo/digits -i images=@kites.zip --destination demo/kites

    Example: penstock train . -i images=@kites.zip -o kites.safetensors
    """
    from jobs.cli import local

    if local.is_model(ref):
        if destination is not None:
            raise click.UsageError("--destination is for models on a server; here there is none")
        local.train(Path(ref), dict(map(pair, pairs)), output, as_json)
        return
    if destination is None:
        raise click.UsageError("name the model that gets the new version: --destination owner/name")
    told = _ended(_begun(ref, destination, pairs), quiet=False)
    if told["status"] == "succeeded":
        told["live"] = _is_live(told["output"]["version"])
        if output is not None:
            _write(told["output"]["weights"], output)
    _tell(told, as_json)


@click.group()
def trainings() -> None:
    """Look at trainings, and stop them.

    Example: penstock trainings list
    """


@trainings.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List trainings, the newest first.

    Example: penstock trainings list
    """
    told = http.pages("/v1/trainings", limit)
    lines = (
        f"{one['id']}  {one['status']:10}  {one['created_at']}  {one['model']}"
        f" -> {one['destination']}"
        for one in told
    )
    out.tell(told, as_json, lines)


@trainings.command()
@click.argument("id")
@json_option
def show(id: str, as_json: bool) -> None:
    """Show one training, and the end of what it printed.

    Example: penstock trainings show train_0198...
    """
    one = http.call("GET", f"/v1/trainings/{id}")
    rows = [
        ("training", one["id"]),
        ("status", one["status"]),
        ("of", f"{one['model']}:{one['version']}"),
        ("for", one["destination"]),
        ("created", one["created_at"]),
        ("ended", one["completed_at"]),
        ("version", (one["output"] or {}).get("version")),
        ("weights", (one["output"] or {}).get("weights")),
        ("error", one["error"]),
    ]
    out.tell(one, as_json, [*out.table(rows), *one["logs"].splitlines()[-20:]])


@trainings.command()
@click.argument("id")
@json_option
def cancel(id: str, as_json: bool) -> None:
    """Stop a training; it makes no version.

    Example: penstock trainings cancel train_0198...
    """
    told = _ended(http.call("POST", f"/v1/trainings/{id}/cancel"), quiet=True)
    out.tell(told, as_json, [f"{id} {told['status']}"])


def _begun(ref: str, destination: str, pairs: tuple[str, ...]) -> dict[str, Any]:
    from jobs.cli import transfer

    model, digest = _version(ref)
    given = {
        name: transfer.upload(value[1:]) if value.startswith("@") else json_or_text(value)
        for name, value in map(pair, pairs)
    }
    body = {"destination": destination, "input": given}
    path = f"/v1/models/{model}/versions/{digest}/trainings"
    is_new = _have(destination)
    try:
        told = posted(path, body, map(pair, pairs))
    except (http.Unreachable, http.NotNow):
        raise  # it may have been begun all the same
    except http.CliError:
        if is_new:  # what was refused leaves nothing behind
            http.call("DELETE", f"/v1/models/{destination}")
        raise
    out.note(f"{told['id']}: {model} is trained for {destination}")
    return told


def _version(ref: str) -> tuple[str, str]:
    model, _, digest = ref.partition(":")
    if model.count("/") != 1:
        raise click.UsageError(f"a model is written owner/name, not {model!r}")
    if not digest or digest in ("live", "staging"):
        alias = digest or "live"
        digest = http.call("GET", f"/v1/models/{model}")["aliases"][alias]
        if digest is None:
            raise http.CliError(f"{alias} of {model} names nothing", http.CANNOT_RUN)
    return model, whole(model, digest)


def _have(destination: str) -> bool:
    """Make the model that is to have the version, unless it is there; whether it was made."""
    owner, slash, name = destination.partition("/")
    if not slash or "/" in name:
        raise click.UsageError(f"a model is written owner/name, not {destination!r}")
    try:
        http.call("POST", "/v1/models", json={"owner": owner, "name": name})
    except http.CliError as error:
        if error.exit_code != http.EXIT_CODES[409]:
            raise
        return False
    return True


def _ended(told: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """The training once it has ended; what it prints is shown meanwhile."""
    path, pause_s, shown = f"/v1/trainings/{told['id']}", FIRST_POLL_S, ""
    try:
        while True:
            if not quiet:
                click.echo(news(shown, told["logs"]), err=True, nl=False)
                shown = told["logs"]
            if told["status"] not in RUNNING:
                return told
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, LAST_POLL_S)
            told = http.outlast(path)
    except KeyboardInterrupt:
        http.call("POST", f"{path}/cancel")
        out.note(f"{told['id']} is cancelled")
        raise SystemExit(http.INTERRUPTED) from None


def _is_live(version: str) -> bool:
    model, _, digest = version.partition(":")
    return bool(http.call("GET", f"/v1/models/{model}")["aliases"]["live"] == digest)


def _write(address: str, target: Path) -> None:
    from urllib.parse import urlsplit

    from jobs.cli import transfer

    path = urlsplit(address).path
    place = target / Path(path).name if target.is_dir() else target
    with http.client() as client:
        transfer.download(client, path, place, transfer.silent)


def _tell(told: dict[str, Any], as_json: bool) -> None:
    if told["status"] != "succeeded":
        if as_json:
            out.tell(told, True, ())
        raise http.CliError(f"the training {told['status']}: {told['error'] or 'no reason'}")
    version = told["output"]["version"]
    model, _, digest = version.partition(":")
    next_ = (
        f"it is live: penstock predict {model} -i ..."
        if told["live"]
        else f"make it live: penstock promote {model} {digest}"
    )
    out.tell(told, as_json, [version, next_])
