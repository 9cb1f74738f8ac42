"""A model folder on this machine, without a server: its schema, one prediction, a first folder."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import http, out
from jobs.cli.inputs import json_or_text
from jobs.cli.out import json_option
from jobs.cli.outputs import Pieces, readable
from jobs.core.printed import news

if TYPE_CHECKING:
    from jobs.ports import Host, Task

SETUP_LIMIT_S = 1800.0
DAY_S = 86_400.0
TRY = "penstock predict {} -i text=world"
#: files of a first model that do not lie beside the others: GitHub looks nowhere else
PLACES = {"safe-push.yaml": ".github/workflows"}
#: in the place of a local file, for the judge of inputs: an address that it has nothing against
STAND_IN = "data:,"
#: what may be a model on a server, though there is a folder of that name
_NAME = re.compile(r"[a-z0-9][^/]*/[^/]+")
folder_argument = click.argument(
    "folder",
    default=Path(),
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


def is_model(ref: str) -> bool:
    """Whether it names a model folder here, and not a model on a server.

    Raises:
        CliError: it is a folder that is no model, and cannot be a model's name.
    """
    if Path(ref, "cog.yaml").is_file():
        return True
    if Path(ref).is_dir() and not _NAME.fullmatch(ref):
        raise no_model(ref)
    return False


def no_model(folder: str) -> http.CliError:
    """Why a folder is none that can be run."""
    return http.CliError(
        f"{folder} has no cog.yaml; `penstock init` makes a model", http.CANNOT_RUN
    )


@click.command()
@folder_argument
@json_option
def schema(folder: Path, as_json: bool) -> None:
    """Print the OpenAPI document of the model in FOLDER, as Cog would write it.

    The model is loaded, so its types and defaults are the real ones. No server is needed. With
    --json it is on one line.

    Example: penstock schema . > openapi.json
    """
    from jobs.core import training

    with _loaded(folder) as host:
        document, trains = host.schema, host.trains
    if trains:
        with _loaded(folder, "train") as trainer:
            document = training.joined(document, trainer.schema)
    out.tell(document, as_json, [json.dumps(document, indent=2, ensure_ascii=False)])


@click.command()
@click.argument("folder", default=Path(), type=click.Path(file_okay=False, path_type=Path))
@json_option
def init(folder: Path, as_json: bool) -> None:
    """Write a small model that works into FOLDER; files that are there stay as they are.

    With it come a first safepush.yaml and a GitHub workflow that runs safepush by it; a workflow
    is only found at the top of a repository.

    Example: penstock init hello && cd hello
    """
    from importlib.resources import files

    written: list[str] = []
    templates = files("jobs.cli").joinpath("first_model").iterdir()
    for template in sorted((one for one in templates if one.is_file()), key=str):
        place = folder / PLACES.get(template.name, "") / template.name
        if place.exists():
            out.note(f"{place} is there already; left alone")
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(template.read_bytes())
        written.append(str(place))
    lines = [*(f"wrote {place}" for place in written), f"try it: {TRY.format(folder)}"]
    out.tell({"written": written}, as_json, lines)


def predict(
    folder: Path,
    given: Mapping[str, str],
    output: Path | None,
    as_json: bool,
    as_it_comes: bool,
) -> None:
    """Run one input through the model in the folder; what it prints goes to stderr."""
    with _loaded(folder) as host:
        given = _inputs(host.schema, given)
        pieces = Pieces.of(host.schema) if as_it_comes else None
        if pieces is not None:
            _print(host, given, pieces)
            return
        with _ran(host, given, "prediction") as value:
            written: list[Path] = []
            value = readable(_kept(value, _Places(output, value, written)), host.schema)
            if output is not None and not written:
                output.write_text(value if isinstance(value, str) else json.dumps(value))
                written.append(output)
    if as_json or not written:
        out.tell(value, True, ())
        return
    out.tell(None, False, map(str, written))


def _print(host: "Host", given: dict[str, Any], pieces: Pieces) -> None:
    """Run one input and print its output as it comes; from the first file on, at the end."""
    from jobs.worker import staging

    files = False

    def show(part: Any) -> None:
        nonlocal files
        files = files or staging.has_files(part)
        if not files:
            pieces.show([part], pieces.count)

    try:
        with _ran(host, given, "prediction", show) as value:
            pieces.show(_kept(value, _Places(None, value, [])))
    finally:
        pieces.end()


def train(folder: Path, given: Mapping[str, str], output: Path | None, as_json: bool) -> None:
    """Run the folder's train(); a zip is looked through before, as a server does it."""
    from jobs.worker import zips

    for name, text in given.items():
        if text.startswith("@"):
            try:
                zips.check(Path(_file(text[1:])))
            except zips.ZipRefused as error:
                raise http.CliError(f"{name}: {error}") from error
    with (
        _loaded(folder, "train") as host,
        _ran(host, _inputs(host.schema, given), "training") as value,
    ):
        told = {"weights": value} if "__path__" in value else value
        written: list[Path] = []
        weights = _kept(told["weights"], _Places(output, told["weights"], written))
        others = {name: one for name, one in told.items() if name != "weights"}
        told = _kept(others, _Places(None, others, written)) | {"weights": weights}
    out.tell(told, as_json, map(str, written))


@contextmanager
def _ran(
    host: "Host",
    given: dict[str, Any],
    kind: str,
    on_output: Callable[[Any], None] = lambda part: None,
) -> "Iterator[Any]":
    """The output of one input, whose files are there meanwhile; what is printed is shown."""
    from jobs.core.prediction import Failed

    with tempfile.TemporaryDirectory(prefix="penstock-") as made:
        shown = _Shown()
        result = host.stream(
            given,
            files=Path(made),
            timeout_s=DAY_S,
            on_output=on_output,
            on_logs=shown.show,
            cancelled=lambda: False,
        )
        shown.show(result.logs if result else "")
        if result is None or isinstance(result, Failed):
            why = "it was cancelled" if result is None else f"{result.message} ({result.code})"
            raise http.CliError(f"the {kind} failed: {why}")
        yield json.loads(bytes(result.output))


class _Shown:
    """What the model prints, on stderr as it comes; each time we are told all of it so far."""

    def __init__(self) -> None:
        self._text = ""

    def show(self, text: str) -> None:
        """Print what is new."""
        click.echo(news(self._text, text), err=True, nl=False)
        self._text = text


@contextmanager
def _loaded(folder: Path, task: "Task" = "predict") -> "Iterator[Host]":
    from jobs.adapters.environments import Environments
    from jobs.adapters.hosts import ProcessHosts
    from jobs.core.errors import SetupFailed

    with tempfile.TemporaryDirectory(prefix="penstock-") as scratch:
        hosts = ProcessHosts(Path(scratch), Environments.of_this_user(Path(scratch)))
        try:
            host = hosts.start(
                folder.resolve(),
                scratch=Path(scratch),
                threads=os.cpu_count() or 1,
                setup_timeout_s=SETUP_LIMIT_S,
                task=task,
            )
        except SetupFailed as error:
            click.echo(error.logs, err=True, nl=False)
            raise http.CliError(f"{folder}: {error}") from error
        click.echo(host.logs, err=True, nl=False)
        try:
            yield host
        finally:
            host.close()


def _inputs(document: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Texts from the command line as the model's schema wants them.

    Raises:
        UsageError: the schema refuses one, or a file is not there.
    """
    from jobs.core.checker import compile as compile_check
    from jobs.core.checker import input_record

    properties, _ = input_record(document)
    values: dict[str, Any] = {}
    judged: dict[str, Any] = {}
    for name, text in given.items():
        # a text's text is never taken for a number
        is_text = properties.get(name, {}).get("type") == "string"
        values[name] = judged[name] = text if is_text else json_or_text(text)
        if text.startswith("@"):
            values[name], judged[name] = _file(text[1:]), STAND_IN
    faults = compile_check(document)(judged)
    if faults:
        raise click.UsageError("; ".join(f"{fault.field} {fault.message}" for fault in faults))
    return values


def _file(name: str) -> str:
    path = Path(name)
    if not path.is_file():
        raise click.UsageError(f"there is no file {name!r}")
    return str(path.resolve())


class _Places:
    """Where output files go: to the place that was asked for, or beside us as output.EXT."""

    def __init__(self, asked: Path | None, value: Any, written: list[Path]) -> None:
        self._several = not (isinstance(value, dict) and "__path__" in value)
        self._asked = asked
        self._written = written

    def take(self, made: Path) -> str:
        """Copy a file to its place; where that is."""
        number = len(self._written)
        if self._asked is None:
            place = Path(
                f"output.{number}{made.suffix}" if self._several else f"output{made.suffix}"
            )
        elif self._several or self._asked.is_dir():
            self._asked.mkdir(parents=True, exist_ok=True)
            place = self._asked / (f"{number}-{made.name}" if self._several else made.name)
        else:
            self._asked.parent.mkdir(parents=True, exist_ok=True)
            place = self._asked
        shutil.copyfile(made, place)
        self._written.append(place)
        return str(place)


def _kept(value: Any, places: _Places) -> Any:
    """The output with places of ours where the model gave files."""
    if isinstance(value, dict):
        if "__path__" in value:
            return places.take(Path(value["__path__"]))
        return {name: _kept(item, places) for name, item in value.items()}
    return [_kept(item, places) for item in value] if isinstance(value, list) else value
