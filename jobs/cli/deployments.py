"""Deployments from the command line."""

import time
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.digests import BEGINNING, whole, whole_ref
from jobs.cli.inputs import deployment
from jobs.cli.out import json_option

PLACE = "/v1/deployments"
POLL_S = 0.2


@click.group()
def deployments() -> None:
    """Fixed names in front of versions: pin one, roll to another, step back.

    Example: penstock deployments create greeter demo/hello --min 1
    """


hardware_option = click.option("--hardware", help="The class of workers, such as a100; cpu: any.")
min_option = click.option(
    "--min", "min_instances", type=int, help="Instances kept warm. Default: 0."
)
max_option = click.option(
    "--max", "max_instances", type=int, help="Instances at a time. Default: 1."
)
wait_option = click.option(
    "--wait",
    "wait_s",
    metavar="SECONDS",
    type=click.FloatRange(0),
    help="Wait until new work goes to this release, at most so long.",
)


@deployments.command()
@click.argument("name")
@click.argument("version")
@hardware_option
@min_option
@max_option
@json_option
def create(name: str, version: str, as_json: bool, **given: Any) -> None:
    """Give a version a fixed name.

    VERSION is owner/model (the digest that is live now), owner/model:staging or owner/model:DIGEST;
    what it names now is pinned. Prints the deployment.

    Example: penstock deployments create greeter demo/hello --min 1 --max 2
    """
    told = http.call(
        "POST", PLACE, json={"name": name, "version": whole_ref(version)} | _given(given)
    )
    out.tell(told, as_json, _table(told))


@deployments.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a deployment, and who released what, the newest first.

    Example: penstock deployments show greeter
    """
    told = http.call("GET", _place(name))
    releases = http.pages(f"{_place(name)}/releases", 20)
    shown = told | {"releases": releases}
    out.tell(shown, as_json, [*_table(told), "", *map(_release, releases)])


@deployments.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List your deployments, by name.

    Example: penstock deployments list
    """
    told = http.pages(PLACE, 100_000)
    out.tell(told, as_json, map(_line, told))


@deployments.command()
@click.argument("name")
@click.option("--version", help="Another version: owner/model[:DIGEST], or a digest.")
@hardware_option
@min_option
@max_option
@wait_option
@json_option
def update(name: str, wait_s: float | None, as_json: bool, **given: Any) -> None:
    """Release a change; what is not named stays. Work under way keeps its version.

    With a minimum of instances the release before it serves until the first one of this is up.

    Example: penstock deployments update greeter --version demo/hello:staging --wait 300
    """
    body = _given(given)
    if not body:
        raise click.UsageError("say what to change; --help lists it")
    if "version" in body:
        body["version"] = _version(name, body["version"])
    told = _served(http.call("PATCH", _place(name), json=body), name, wait_s)
    out.tell(told, as_json, _table(told))


@deployments.command()
@click.argument("name")
@click.option("--to", "number", type=int, help="A release's number. Default: one version back.")
@wait_option
@json_option
def rollback(name: str, number: int | None, wait_s: float | None, as_json: bool) -> None:
    """Go back to the version before, as a new release; the bounds stay.

    Example: penstock deployments rollback greeter
    """
    body = {} if number is None else {"number": number}
    told = _served(http.call("POST", f"{_place(name)}/rollback", json=body), name, wait_s)
    out.tell(told, as_json, _table(told))


@deployments.command()
@click.argument("name")
@json_option
def delete(name: str, as_json: bool) -> None:
    """Forget a deployment and its releases; its versions stay.

    Example: penstock deployments delete greeter
    """
    http.call("DELETE", _place(name))
    out.tell({"id": name, "deleted": True}, as_json, [f"{name} is deleted"])


@deployments.command()
@click.argument("name")
@json_option
def activity(name: str, as_json: bool) -> None:
    """Show instances and their states, what waits, and what happened of late.

    Example: penstock deployments activity greeter
    """
    told = http.call("GET", f"{_place(name)}/activity")
    done = told["metrics"]["predictions"]
    counts = ", ".join(f"{count} {state}" for state, count in sorted(done.items()))
    lines = [
        *(_demand(one) for one in told["demand"]),
        f"in the last hour: {counts or 'no predictions'}{_pace(told['metrics'])}",
        "",
        *(_instance(one) for one in told["instances"]),
        *([""] if told["instances"] else []),
        *(_event(one) for one in told["events"][:20]),
    ]
    out.tell(told, as_json, lines)


def _served(told: dict[str, Any], name: str, wait_s: float | None) -> dict[str, Any]:
    """The deployment once new work goes to its release, if that is to be waited for."""
    until = time.monotonic() + (wait_s or 0)
    while wait_s is not None and told["rolling"]:
        if time.monotonic() > until:
            raise http.CliError(
                f"it still rolls after {wait_s:g} s, and the release before it serves;"
                f" `penstock deployments activity {name}` tells what its instances do"
            )
        time.sleep(POLL_S)
        told = http.outlast(_place(name))
    return told


def _place(name: str) -> str:
    return f"{PLACE}/{deployment(name)}"


def _version(name: str, version: str) -> str:
    """As the server takes it; a digest alone is of the model that is deployed."""
    if not BEGINNING.fullmatch(version):
        return whole_ref(version)
    return whole(http.call("GET", _place(name))["current_release"]["model"], version)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _table(told: dict[str, Any]) -> list[str]:
    release = told["current_release"]
    size = release["configuration"]
    serving = told["serving_release"]
    rolling = f"release {serving['number']} serves until an instance of it is up"
    return out.table(
        [
            ("deployment", f"{told['owner']}/{told['name']}"),
            ("release", f"{release['number']}, by {release['created_by']['name']}"),
            ("version", f"{release['model']}:{release['version']}"),
            ("hardware", size["hardware"]),
            ("instances", f"{size['min_instances']} to {size['max_instances']}"),
            ("rolling", rolling if told["rolling"] else None),
        ]
    )


def _line(told: dict[str, Any]) -> str:
    release = told["current_release"]
    name = f"{told['owner']}/{told['name']}"
    return f"{name}  release {release['number']}  {release['model']}:{release['version'][:12]}"


def _release(one: dict[str, Any]) -> str:
    size = one["configuration"]
    what = f"{one['model']}:{one['version'][:12]}  {size['hardware']}"
    bounds = f"{size['min_instances']} to {size['max_instances']}"
    return f"{one['number']:>4}  {one['created_at']}  {what}  {bounds}  {one['created_by']['name']}"


def _demand(one: dict[str, Any]) -> str:
    return (
        f"{one['version'][:12]}: {one['waiting']} waiting, {one['running']} running;"
        f" {one['instances']} instances of {one['wanted_instances']} wanted"
    )


def _pace(metrics: dict[str, Any]) -> str:
    took, total = metrics["predict_s"], metrics["total_s"]
    if took is None:
        return ""
    return f"; {out.duration(took)} each, {out.duration(total)} with waiting"


def _instance(one: dict[str, Any]) -> str:
    return f"{one['id']}  {one['state']:10}  {one['version'][:12]}  {one['worker']}"


def _event(one: dict[str, Any]) -> str:
    who = one.get("by") or one.get("worker")
    why = f"  ({one['reason']})" if one.get("reason") else ""
    return f"{one['at']}  {one['what']:10}  {one['version'][:12]}  {who}{why}"
