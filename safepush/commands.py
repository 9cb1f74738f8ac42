"""The commands of `safepush`, one after the other."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from safepush import (
    approve,
    backends,
    init,
    judge,
    plan,
    promote,
    report,
    reports,
    schema,
    schemafile,
    thinker,
)
from safepush import push as pushing
from safepush.backends.rolling import rolled_back
from safepush.checks import CHECKS
from safepush.checks.base import judged
from safepush.compat import compare
from safepush.config import FAIL_ON, FILE_NAME, MODEL_FORM, Config, find, is_model, load
from safepush.errors import (
    FAILED,
    HELD,
    ConfigInvalid,
    Problem,
    SafePushError,
)
from safepush.findings import Policy
from safepush.flags import apply, peer_flags
from safepush.options import Options, budget, checks_named
from safepush.plain import plain
from safepush.replicatesettings import Replicate
from safepush.report import Report
from safepush.reports import artifacts, github

EPILOG = """Exit status: 0 every check held and the version is live, 1 a check failed, 2 the
command, the configuration or the folder cannot be used, 3 there was no verdict (server away,
another version went live meanwhile). PENSTOCK_URL and PENSTOCK_TOKEN name the server and the
token."""


COMPAT_EPILOG = """Exit status: 0 nothing was found that fails, 1 something was, 2 the
command or a file cannot be used."""


REPLAY_EPILOG = """Exit status: 0 it is not so any more, 1 it is still so, 2 the file cannot be
used, 3 there was no verdict."""


#: what is asked of `safepush` itself
OF_ITS_OWN = ("-h", "--help", "--version")


class Door(click.Group):
    """`safepush PATH` is short for `safepush push PATH`; write ./compat for such a folder."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the command named."""
        named = bool(args) and (args[0] in self.commands or args[0] in OF_ITS_OWN)
        return super().parse_args(ctx, args if named else ["push", *args])


@click.group(cls=Door, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="penstock", prog_name="safepush")
def command() -> None:
    """Let a version go live only if it holds. `safepush PATH` means `safepush push PATH`."""


FOLDER = click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=Path())
CONFIG = click.option(
    "--config", "path", type=click.Path(path_type=Path), help="Default: PATH/safepush.yaml."
)
MODEL = click.option("--model", help="owner/name, in place of the configuration's.")
BACKEND = click.option(
    "--backend",
    type=click.Choice(["penstock", "replicate"]),
    envvar="SAFEPUSH_BACKEND",
    help="Which kind of server it is; the configuration's section `replicate` says so else.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@command.command("push", epilog=EPILOG)
@FOLDER
@CONFIG
@MODEL
@JSON
@BACKEND
@click.option(
    "--push-command",
    envvar="SAFEPUSH_PUSH_COMMAND",
    help="What builds and pushes an image for --backend replicate; `cog push` by default.",
)
@click.option("--no-promote", "--no-push", is_flag=True, help="Only check; leave live as it is.")
@click.option("--plan", "only_plan", is_flag=True, help="Say what would run; ask no server.")
@click.option("--only", multiple=True, metavar="CHECK,…", help="These checks, and no promotion.")
@click.option("--skip", multiple=True, metavar="CHECK,…", help="All checks but these.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--budget", metavar="predictions=N,seconds=N,tokens=N", help="The most it may use.")
@click.option(
    "--report", "reports", multiple=True, metavar="KIND=FILE", help="json, junit, sarif, markdown."
)
@click.option(
    "--artifacts",
    type=click.Path(path_type=Path),
    default=artifacts.FOLDER,
    show_default=True,
    help="Where pictures of differences go, and the report of what waits for a person.",
)
@click.option("--show-inputs", is_flag=True, help="Print the inputs of what did not hold.")
@click.option("--help-config", is_flag=True, help="Print a first configuration.")
@click.option("-v", "--verbose", count=True, help="Accepted; every failure is told anyway.")
@peer_flags
def push_command(folder: Path, path: Path | None, model: str | None, **flags: Any) -> None:
    """Push the Cog folder PATH (or OWNER/NAME from this folder), and make it live if it holds."""

    def run() -> int:
        where, named = _place(folder, model)
        if flags["help_config"]:
            click.echo(init.text(where, named), nl=False)
            return HELD
        files = reports.wanted(flags["reports"])
        config, options = _wanted(where, path, named, flags)
        if flags["only_plan"]:
            return _tell_plan(plan.plan(config, options, tuple(CHECKS)), flags["as_json"])
        console = Console(stderr=True)
        request = pushing.Request(
            folder=where,
            config=config,
            options=options,
            say=lambda text: _say(console, text),
            means=judge.means,
            thinks=thinker.thinker,
        )
        outcome = approve.with_way_out(
            pushing.push(backends.chosen(config, os.environ), request),
            dict(files).get("json"),
            flags["artifacts"],
            here=config.replicate is None,
        )
        reports.write(outcome, files)
        return _tell(outcome, flags["as_json"], artifacts.write(outcome, flags["artifacts"]))

    _end_with(run, flags["as_json"])


def _place(folder: Path, model: str | None) -> tuple[Path, str | None]:
    """A folder and a model; `owner/name` in the place of the folder is one, as the peer has it."""
    if model is None and not folder.exists() and is_model(folder.as_posix()):
        return Path(), folder.as_posix()
    return folder, model


def _wanted(
    folder: Path, path: Path | None, model: str | None, flags: Mapping[str, Any]
) -> tuple[Config, Options]:
    """The configuration under the flags, and the options."""
    known = tuple(CHECKS)
    options = Options(
        only=checks_named(flags["only"], "--only", known),
        skip=checks_named(flags["skip"], "--skip", known),
        seed=flags["seed"],
        budget=budget(flags["budget"]),
        show_inputs=flags["show_inputs"],
    )
    if options.only and options.skip:
        raise ConfigInvalid("--only", [Problem("", "cannot stand beside --skip; keep one")])
    found = apply(find(folder, path, model), flags)
    return replace(found, promote=found.promote and not flags["no_promote"]), options


def _tell_plan(told: plan.Plan, as_json: bool) -> int:
    text = report.dump(told.to_json()) if as_json else "\n".join(told.lines())
    click.echo(text)
    return HELD


def _tell(outcome: Report, as_json: bool, written: Sequence[Path]) -> int:
    if as_json:
        click.echo(report.to_json(outcome))
    else:
        report.print_text(outcome, Console())
        for path in written:
            click.echo(f"picture: {path}")
    if outcome.refused is not None and not as_json:
        click.echo(f"safepush: {outcome.refused}", err=True)
    if github.is_here(os.environ):
        for line in github.tell(outcome, os.environ):
            # where JSON is asked for, standard output is JSON and nothing else
            click.echo(line, err=as_json)
    return outcome.exit_code


def _say(console: Console, text: str) -> None:
    console.print(text, style="dim", markup=False, highlight=False)


@command.command("approve", epilog=EPILOG)
@click.argument("source", metavar="REPORT.json", type=click.Path(path_type=Path))
@click.option("--reason", required=True, help="Why it may go live; printed for the job's log.")
@JSON
def approve_command(source: Path, reason: str, as_json: bool) -> None:
    """Promote what a run left for a person to decide: the digest in its report, and no other.

    Example: safepush approve safepush-artifacts/report.json --reason "looked at all four pictures"
    """

    def run() -> int:
        paused = approve.read(source)
        with backends.client(None, os.environ) as client:
            step = approve.approve(client, paused)
        told = report.step_to_json(step) if as_json else report.step_to_text(step)
        click.echo(told if as_json else f"{told}; approved: {plain(reason)}")
        return HELD

    _end_with(run, as_json)


@command.command("replay", epilog=REPLAY_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--version", help="A digest or its beginning, live or staging, in place of the one that had it."
)
@BACKEND
@JSON
def replay_command(file: Path, version: str | None, backend: str | None, as_json: bool) -> None:
    """Try a finding of the check fuzz again, from the FILE that the report names."""
    # with all of the fuzzer, which no other command needs at once
    from safepush import replay
    from safepush.fuzz import found

    def run() -> int:
        saved = found.load(file)
        with backends.client(_server(backend, None), os.environ) as client:
            seen = replay.replay(client, saved, file, version)
        state = "still so" if seen.still else "not so any more"
        told = f"{saved.found.finding.key}: {state} with {seen.version[:12]} ({plain(seen.told)})"
        click.echo(report.dump(seen.to_json()) if as_json else told)
        return FAILED if seen.still else HELD

    _end_with(run, as_json)


@command.command("schema")
@click.argument("what", type=click.Choice(["config", "report"]), default="config")
def schema_command(what: str) -> None:
    """Print the JSON Schema of safepush.yaml, or of the JSON report."""
    found = schema.configuration() if what == "config" else schema.report()
    click.echo(report.dump(found))


@command.command("init")
@FOLDER
@MODEL
@JSON
def init_command(folder: Path, model: str | None, as_json: bool) -> None:
    """Write a first safepush.yaml for the Cog folder PATH, from its predictor's source."""

    def run() -> int:
        if model is not None and not is_model(model):
            raise ConfigInvalid("--model", [Problem("", MODEL_FORM)])
        text = init.text(folder, model)
        target = folder / FILE_NAME
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as exc:
            told = Problem("", "is there already; it was left as it is")
            raise ConfigInvalid(str(target), [told]) from exc
        done = f"wrote {target}; look at it, then run safepush"
        click.echo(report.dump({"wrote": str(target)}) if as_json else done)
        return HELD

    _end_with(run, as_json)


@command.command("rollback", epilog=EPILOG)
@FOLDER
@CONFIG
@MODEL
@BACKEND
@JSON
def rollback_command(
    folder: Path, path: Path | None, model: str | None, backend: str | None, as_json: bool
) -> None:
    """Make live what was live before, in one step; nothing is built or checked again.

    The deployment that the configuration names goes along, if it had the version that was live.
    """

    def run() -> int:
        settings = find(folder, path, model)
        with backends.client(_server(backend, settings.replicate), os.environ) as client:
            step = promote.rollback(client, settings.model)
            if not as_json:
                click.echo(report.step_to_text(step))
                forward = f"penstock promote {step.model} {step.live_before[:12]}"
                click.echo(f"to go forward again: {forward}", err=True)
            told = rolled_back(client, settings, step)
        if as_json:
            click.echo(report.step_to_json(step, told))
        elif told:
            click.echo(told)
        return 0

    _end_with(run, as_json)


@command.command("compat", epilog=COMPAT_EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--config", "path", type=click.Path(path_type=Path), help="A safepush.yaml to judge by."
)
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    help="The least level that is a failure; error by default, or as the configuration says.",
)
@JSON
def compat_command(
    old: Path, new: Path, path: Path | None, fail_on: str | None, as_json: bool
) -> None:
    """Tell whether callers of the model in OLD can use the one in NEW without a change.

    OLD and NEW are OpenAPI documents as JSON: what Cog writes, or what a server answers when it is
    asked for a version.
    """

    def run() -> int:
        policy = Policy() if path is None else load(path).compatibility
        if fail_on is not None:
            policy = replace(policy, fail_on=FAIL_ON[fail_on])
        findings = compare(schemafile.read(old), schemafile.read(new), names=(str(old), str(new)))
        judgement = policy.judge(findings)
        if as_json:
            click.echo(report.judgement_to_json(judgement))
        else:
            report.print_result(judged("compatibility", judgement, f"{new} holds"), Console())
        return HELD if judgement.held else FAILED

    _end_with(run, as_json)


def _server(backend: str | None, told: Replicate | None) -> Replicate | None:
    """What kind of server was asked for, or what the configuration says."""
    if backend is None:
        return told
    return None if backend == "penstock" else told or Replicate()


def _end_with(run: Callable[[], int], as_json: bool) -> None:
    """Leave with the status that `run` gives, or with that of the error it meets."""
    try:
        code = run()
    except SafePushError as exc:
        code = exc.exit_code
        if as_json:
            click.echo(report.error_to_json(exc))
        else:
            click.echo(f"safepush: {exc}", err=True)
        if github.is_here(os.environ):
            for line in github.tell_error(exc, os.environ):
                click.echo(line, err=as_json)
    click.get_current_context().exit(code)
