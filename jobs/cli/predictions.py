"""Single predictions from the command line: ask for one, and what became of others."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from jobs.cli import http, out
from jobs.cli.inputs import json_or_text, pair, posted, target
from jobs.cli.lists import limit_option, which, which_options
from jobs.cli.out import json_option
from jobs.cli.outputs import Pieces, readable, stream_option, streamed
from jobs.cli.stream import Live, Whole
from jobs.core.prediction import State
from jobs.core.printed import news

FIRST_POLL_S, LAST_POLL_S = 0.02, 0.5
RUNNING = ("starting", "processing")
#: what has not begun for so long is worth a word
UNBEGUN_S = 10.0
UNBEGUN = (
    "not begun yet: the model is being loaded, all workers are busy, or none runs for it "
    "(`penstock doctor`, where the server runs, tells)"
)
#: of an output, so much is shown; --json has all of it
OUTPUT_LETTERS = 2000
LOG_LINES = 20


@click.command()
@click.argument("ref", metavar="MODEL")
@click.option("-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE", help="An input.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the output here: a file, or a folder for several.",
)
@click.option("--local", "is_local", is_flag=True, help="Run the server's version on this machine.")
@stream_option
@json_option
def predict(
    ref: str,
    pairs: tuple[str, ...],
    output: Path | None,
    is_local: bool,
    streams: bool | None,
    as_json: bool,
) -> None:
    """Run one input through a version and wait for it; Ctrl-C cancels it.

    What the model prints goes to stderr. On a terminal, or with --stream, a text that comes in
    pieces is printed as it comes, and what else comes one by one as a line of JSON each.
    MODEL is owner/name on the server, deployment:name for one through a deployment of yours, or a
    folder with a cog.yaml, which is run here without a server.
    With --local the files of owner/name@DIGEST (live, without one) are brought here and run here.
    A value is JSON where it can be read as JSON and the input is no text; @FILE is a file.

    Example: penstock predict demo/digits -i prompt="a red seven" -i seed=7 -o seven.png

    Example: penstock predict . -i text=world
    """
    from jobs.cli import fetched, local, transfer

    as_it_comes = streamed(streams, as_json=as_json, place=output)
    if is_local or local.is_model(ref):
        folder = fetched.folder(ref) if is_local else Path(ref)
        local.predict(folder, dict(map(pair, pairs)), output, as_json, as_it_comes)
        return
    given = {name: transfer.upload(value[1:]) if value.startswith("@") else json_or_text(value)
             for name, value in map(pair, pairs)}  # fmt: skip
    body = target(ref, "version") | {"input": given}
    told, is_shown = _ended(posted("/v1/predictions", body, map(pair, pairs)), as_it_comes)
    if as_json:
        out.tell(told, True, ())
    if told["status"] != "succeeded":
        why = f"the prediction {told['status']}: {told['error'] or 'no reason'}"
        raise http.CliError(f"{why}; what it printed: penstock predictions show {told['id']}")
    if is_shown:
        return
    value = _readable(told)
    if output is not None:
        written = list(_written(value, told["id"], output))
        out.tell(None, False, () if as_json else map(str, written))
    elif not as_json:
        out.tell(value, True, ())


@click.group()
def predictions() -> None:
    """Look at single predictions, and stop them.

    Example: penstock predictions list
    """


@predictions.command("list")
@limit_option
@which_options(State)
@json_option
def list_(limit: int, as_json: bool, **asked: Any) -> None:
    """List single predictions, the newest first; rows of batches are not among them.

    Example: penstock predictions list --status failed --model demo/hello --since 1d
    """
    told = http.pages("/v1/predictions", limit, **which(**asked))
    lines = (
        f"{one['id']}  {one['status']:10}  {one['created_at']}  {one['model']}" for one in told
    )
    out.tell(told, as_json, lines)


@predictions.command()
@click.argument("id")
@json_option
def show(id: str, as_json: bool) -> None:
    """Show one prediction, and the end of what it printed. Its input is in --json alone.

    Example: penstock predictions show pred_0198...
    """
    one = http.call("GET", f"/v1/predictions/{id}")
    output = None if one["output"] is None else json.dumps(one["output"], ensure_ascii=False)
    rows = [
        ("prediction", one["id"]),
        ("status", one["status"]),
        ("of", f"{one['model']}:{one['version']}"),
        ("created", one["created_at"]),
        ("started", one["started_at"]),
        ("ended", one["completed_at"]),
        ("output", output and output[:OUTPUT_LETTERS]),
        ("error", one["error"]),
    ]
    out.tell(one, as_json, [*out.table(rows), *one["logs"].splitlines()[-LOG_LINES:]])


@predictions.command()
@click.argument("id")
@json_option
def cancel(id: str, as_json: bool) -> None:
    """Stop a prediction; one that has ended stays as it is.

    Example: penstock predictions cancel pred_0198...
    """
    told = http.call("POST", f"/v1/predictions/{id}/cancel")
    out.tell(told, as_json, [f"{id} {told['status']}"])


class _Beginning:
    """Says once that a prediction has not begun for long."""

    def __init__(self) -> None:
        self._since, self._is_told = time.monotonic(), False

    def see(self, told: Mapping[str, Any]) -> None:
        late = told["status"] == "starting" and time.monotonic() - self._since > UNBEGUN_S
        if late and not self._is_told:
            out.note(UNBEGUN)
            self._is_told = True


def _ended(told: dict[str, Any], as_it_comes: bool) -> tuple[dict[str, Any], bool]:
    """The prediction once it has ended; what it prints is shown meanwhile.

    Returns:
        It, and whether its output was printed as it came.
    """
    path, pause_s, shown = f"/v1/predictions/{told['id']}", FIRST_POLL_S, ""
    begins = _Beginning()
    shows: Whole | Live = Whole()
    try:
        if as_it_comes:
            shows = _shows(told)
        while told["status"] in RUNNING:
            shows.wait(pause_s)
            pause_s = min(pause_s * 1.5, LAST_POLL_S)
            told = http.outlast(path)
            begins.see(told)
            click.echo(news(shown, told["logs"]), err=True, nl=False)
            shown = told["logs"]
            shows.show(told)
    except (KeyboardInterrupt, BrokenPipeError) as error:
        http.call("POST", f"{path}/cancel")
        if isinstance(error, BrokenPipeError):
            raise  # nobody reads on
        shows.close()
        out.note(f"{told['id']} is cancelled")
        raise SystemExit(http.INTERRUPTED) from None
    shows.close()
    return told, shows.prints


def _shows(told: dict[str, Any]) -> Whole | Live:
    document = _document(told)
    pieces = Pieces.of(document)
    return Live(told["id"], document, pieces) if pieces else Whole()


def _document(told: dict[str, Any]) -> dict[str, Any]:
    """The schema of the version that it runs through."""
    version = http.call("GET", f"/v1/models/{told['model']}/versions/{told['version']}")
    return version["openapi_schema"] or {}


def _readable(told: dict[str, Any]) -> Any:
    output = told["output"]
    if not isinstance(output, list) or not all(isinstance(item, str) for item in output):
        return output
    return readable(output, _document(told))


def _written(output: Any, id: str, place: Path) -> Iterator[Path]:
    """Where the output lies now; a folder takes files under the names that the model gave."""
    from jobs.cli import transfer

    paths = list(transfer.named(output, f"/v1/predictions/{id}/files/"))
    folder = place.is_dir() or len(paths) > 1 or str(place).endswith("/")
    if not paths:
        target = place / "output.json" if folder else place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(output if isinstance(output, str) else json.dumps(output))
        yield target
    with http.client() as client:
        for path in paths:
            name = unquote(path.rpartition("/")[2])
            target = place / Path(name).name if folder else place
            transfer.download(client, path, target, transfer.silent)
            yield target
