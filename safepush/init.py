"""A first configuration for a model folder, from its predictor's source, which is not run."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from safepush.errors import BundleInvalid
from safepush.reports.places import method_of

#: a picture of 4 x 4 pixels
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mP8z4AATAxE"
    "cQAz0QEH0oWRNwAAAABJRU5ErkJggg=="
)
EXAMPLES = {"str": "hello", "int": 1, "float": 1.0, "bool": True, "Path": PICTURE, "File": PICTURE}

HEAD = """\
# What a new version must do before it goes live: `safepush` in this folder.
# `safepush schema config` prints the schema of this file, for editors.
"""
TAIL = """\
  # "@picture.png" as an input is the file of that name beside this one.
  # Each of these may stand under a test case, several at a time:
  #   exact_string, contains, regex, similar_to, number, json_schema, jq_query, latency, cost,
  #   match_file, match_url, match_prompt, script, at_least; not-... is the opposite of each
"""


@dataclass(frozen=True)
class Input:
    """One input as the source declares it."""

    name: str
    kind: str
    required: bool
    example: Any


def text(folder: Path, model: str | None) -> str:
    """The configuration, ready to be tried.

    Raises:
        BundleInvalid: the folder is no Cog model.
    """
    if not folder.is_dir():
        raise BundleInvalid(str(folder), "there is no such folder")
    if not (folder / "cog.yaml").is_file():
        raise BundleInvalid(str(folder), "has no cog.yaml; name the folder of a Cog model")
    name = model or f"me/{_name(folder)}"
    needed = {one.name: one.example for one in inputs(folder) if one.required}
    cases: list[dict[str, Any]] = [{"inputs": needed}]
    if needed:
        # what is missing must be told by its name
        cases.append({"inputs": {}, "error_contains": next(iter(needed))})
    told = {
        "model": name,
        "predict": {"compare_outputs": True, "predict_timeout": 300, "test_cases": cases},
    }
    body = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)
    return f"{HEAD}{body}{TAIL}"


def inputs(folder: Path) -> list[Input]:
    """The inputs that the predictor declares, as far as its source tells."""
    method = method_of(folder)
    if method is None:
        return []
    arguments = [one for one in method.args.args if one.arg not in ("self", "cls")]
    count = len(method.args.args)
    defaults = dict(
        zip(
            [one.arg for one in method.args.args[count - len(method.args.defaults) :]],
            method.args.defaults,
            strict=True,
        )
    )
    return [_input(one, defaults.get(one.arg)) for one in arguments]


def _input(argument: ast.arg, default: ast.expr | None) -> Input:
    kind = ast.unparse(argument.annotation) if argument.annotation else "str"
    facts: dict[str | None, ast.expr] = {}
    required = default is None
    if isinstance(default, ast.Call):
        facts = {one.arg: one.value for one in default.keywords}
        required = not default.args and "default" not in facts
    is_optional = "None" in kind or kind.startswith("Optional")
    return Input(argument.arg, kind, required and not is_optional, _example(kind, facts))


def _example(kind: str, facts: dict[str | None, ast.expr]) -> Any:
    for name in ("choices", "ge", "le"):
        try:
            found = ast.literal_eval(facts[name])
        except (KeyError, ValueError):
            continue
        if name != "choices":
            return found
        if isinstance(found, list | tuple | set) and found:
            return next(iter(found))
    base = kind.rpartition(".")[2]
    if kind.startswith(("list[", "List[")):
        return [EXAMPLES.get(kind[5:-1].rpartition(".")[2], "hello")]
    return EXAMPLES.get(base, "hello")


def _name(folder: Path) -> str:
    return "-".join(re.findall("[a-z0-9]+", folder.resolve().name.lower())) or "model"
