"""Where in a repository something stands: test cases in the configuration, inputs in the source."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path

import yaml

from safepush.findings import Finding
from safepush.report import Report

RUNNERS = ("predict", "run", "train")


@dataclass(frozen=True)
class Spot:
    """A file, as its path from the top of the repository, and a line in it."""

    path: str
    line: int = 1


def from_top(path: Path) -> str:
    """A path as code hosts want it: from the checkout's top, or from here, with slashes."""
    whole = path.absolute()
    for top in (os.environ.get("GITHUB_WORKSPACE"), os.getcwd()):
        if top and whole.is_relative_to(Path(top).absolute()):
            return whole.relative_to(Path(top).absolute()).as_posix()
    return path.as_posix()


def of_configuration(report: Report, line: int | None) -> Spot:
    """A line of the configuration; of cog.yaml where there is none."""
    source = report.source or report.folder / "cog.yaml"
    return Spot(from_top(source), line or 1)


def of_finding(report: Report, finding: Finding) -> Spot:
    """Where a finding is about: its own line of the code, or what the schema declares there."""
    if finding.line is not None:
        return Spot(from_top(report.folder / finding.place), finding.line)
    return of_schema(report, finding.place)


def of_schema(report: Report, place: str) -> Spot:
    """Where a place of the schema, such as `input.steps`, is declared, as far as it can be told."""
    name = place.split(".")[1].partition("[")[0] if "." in place else ""
    found = declarations(report.folder)
    if found is None:
        return Spot(from_top(report.folder / "cog.yaml"))
    path, lines = found
    return Spot(from_top(path), lines.get(name, lines.get("", 1)))


def declarations(folder: Path) -> tuple[Path, dict[str, int]] | None:
    """(the predictor's file, the line of each of its inputs; "" is that of the method itself).

    The source is read and never run.
    """
    named = _predictor(folder)
    if named is None:
        return None
    method = method_of(folder)
    if method is None:
        return named[0], {}
    arguments = (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs)
    return named[0], {"": method.lineno, **{one.arg: one.lineno for one in arguments}}


def method_of(folder: Path) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The method that predicts, as its source has it."""
    named = _predictor(folder)
    if named is None:
        return None
    path, name = named
    try:
        return _method(ast.parse(path.read_bytes()), name)
    except (OSError, SyntaxError, ValueError):
        return None


def _predictor(folder: Path) -> tuple[Path, str] | None:
    try:
        told = yaml.safe_load((folder / "cog.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    text = told.get("predict") or told.get("run") if isinstance(told, dict) else None
    if not isinstance(text, str) or ":" not in text:
        return None
    file, _, name = text.partition(":")
    return folder / file, name


def _method(tree: ast.Module, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for node in tree.body:
        if isinstance(node, functions) and node.name == name:
            return node
        if isinstance(node, ast.ClassDef) and node.name == name:
            inner = (one for one in node.body if isinstance(one, functions))
            return next((one for one in inner if one.name in RUNNERS), None)
    return None
