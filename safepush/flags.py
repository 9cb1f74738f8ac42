"""The flags of cog-safe-push, and what each changes in a configuration."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from safepush import peer
from safepush.config import MODEL_FORM, Config, is_model
from safepush.document import Document
from safepush.errors import ConfigInvalid, Problem
from safepush.findings import Level
from safepush.replicatesettings import Replicate
from safepush.testcase import Case, CaseReader

Command = Callable[..., Any]

OPTIONS = (
    click.option("--test-model", help="Where --backend replicate tests; not used else."),
    click.option("--test-hardware", help="Of that model, if it is made; not used else."),
    click.option("--no-compare-outputs", is_flag=True, help="Do not compare with the live one."),
    click.option("--predict-timeout", type=float, help="Seconds for each prediction."),
    click.option(
        "--test-case",
        "test_cases",
        multiple=True,
        help="'NAME=VALUE;NAME=VALUE', then nothing, ==TEXT, ==URL or ~=PROMPT. "
        r"Write \; for a semicolon, \= for an equals sign. In place of the file's.",
    ),
    click.option("--fuzz-fixed-inputs", help="'NAME=VALUE;NAME=VALUE' for fuzzing."),
    click.option("--fuzz-disabled-inputs", help="'NAME;NAME': never given in fuzzing."),
    click.option("--fuzz-iterations", type=click.IntRange(0, peer.MAX_ITERATIONS)),
    click.option("--fuzz-prompt", help="What fuzzing should know, in words."),
    click.option("--parallel", type=click.IntRange(1, peer.MAX_AT_ONCE), help="At once."),
    click.option("--fast-push", is_flag=True, help="For the push command; not used else."),
    click.option("--ignore-schema-compatibility", is_flag=True, help="Tell, but do not fail."),
    click.option(
        "--push-official-model",
        is_flag=True,
        help="Check and promote the configuration's official_model.",
    ),
)


def peer_flags(command: Command) -> Command:
    """All of them on one command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def apply(config: Config, flags: Mapping[str, Any]) -> Config:
    """The configuration with what was said on the command line.

    Raises:
        ConfigInvalid: a flag cannot be used.
    """
    changed = replace(config, predict=_predict(config, flags))
    if flags["parallel"] is not None:
        changed = replace(changed, parallel=flags["parallel"])
    if flags["ignore_schema_compatibility"]:
        lenient = replace(changed.compatibility, fail_on=Level.OFF)
        changed = replace(changed, compatibility=lenient)
    if flags["push_official_model"]:
        changed = replace(changed, model=_official(config))
    return replace(
        changed,
        peer=_peer(config.peer, flags),
        replicate=_replicate(config, flags),
        overruled=tuple(_overruled(config, flags)),
    )


def _overruled(config: Config, flags: Mapping[str, Any]) -> Iterator[str]:
    """What the file asks for and this run does not, so that whoever reads the report knows."""
    count = len(config.predict.test_cases)
    if flags["test_cases"] and count:
        yield f"--test-case: stands in place of the configuration's test cases ({count})"
    if flags["no_compare_outputs"] and config.predict.compare_outputs:
        yield "--no-compare-outputs: the configuration has outputs compared"
    if flags["ignore_schema_compatibility"] and config.compatibility.fail_on is not Level.OFF:
        yield "--ignore-schema-compatibility: what compatibility finds is told, and fails nothing"


def _peer(told: peer.Peer, flags: Mapping[str, Any]) -> peer.Peer:
    names = [key for key in ("test_model", "test_hardware", "fast_push") if flags[key]]
    given = tuple(dict.fromkeys((*told.given, *names)))
    return replace(told, given=given, **{name: flags[name] for name in names})


def _replicate(config: Config, flags: Mapping[str, Any]) -> Replicate | None:
    """How a Replicate-compatible server is pushed to, if the server is one."""
    backend, words = flags["backend"], flags["push_command"]
    if backend == "penstock" or (backend is None and config.replicate is None):
        return None
    found = config.replicate or Replicate()
    if not words:
        return found
    try:
        return replace(found, push=tuple(shlex.split(words)))
    except ValueError as exc:
        raise _unusable("--push-command", f"cannot be read as words ({exc})") from exc


def _official(config: Config) -> str:
    model = config.peer.official_model
    if model is None:
        raise _unusable("--push-official-model", "the configuration has no official_model")
    if not is_model(model):
        raise _unusable("official_model", MODEL_FORM)
    return model


def _predict(config: Config, flags: Mapping[str, Any]) -> Any:
    predict = config.predict
    if flags["no_compare_outputs"]:
        predict = replace(predict, compare_outputs=False)
    if flags["predict_timeout"] is not None:
        if not 0 < flags["predict_timeout"] <= 86400:
            raise _unusable("--predict-timeout", "must be above 0, at most 86400")
        predict = replace(predict, predict_timeout_s=flags["predict_timeout"])
    if flags["test_cases"]:
        predict = replace(predict, test_cases=tuple(map(test_case, flags["test_cases"])))
    return replace(predict, fuzz=_fuzz(predict.fuzz, flags))


def _fuzz(fuzz: peer.Fuzz | None, flags: Mapping[str, Any]) -> peer.Fuzz | None:
    changed: dict[str, Any] = {}
    if flags["fuzz_fixed_inputs"] is not None:
        changed["fixed_inputs"] = pairs(flags["fuzz_fixed_inputs"], "--fuzz-fixed-inputs")
    if flags["fuzz_disabled_inputs"] is not None:
        names = _split(flags["fuzz_disabled_inputs"], ";")
        changed["disabled_inputs"] = tuple(name.strip() for name in names if name.strip())
    if flags["fuzz_iterations"] is not None:
        changed["iterations"] = flags["fuzz_iterations"]
    if flags["fuzz_prompt"] is not None:
        changed["prompt"] = flags["fuzz_prompt"]
    if not changed:
        return fuzz
    made = replace(fuzz or peer.Fuzz(), **changed)
    both = sorted(set(made.fixed_inputs) & set(made.disabled_inputs))
    if both:
        raise _unusable("--fuzz-disabled-inputs", f"{', '.join(both)}: fixed and disabled")
    return made


def test_case(text: str) -> Case:
    """One `--test-case`: inputs, then ==TEXT, ==URL, ~=PROMPT or nothing.

    Raises:
        ConfigInvalid: it is not of that form.
    """
    head, mark, wish = _checker(text)
    told: dict[str, Any] = {"inputs": pairs(head, "--test-case")}
    if mark == "~=":
        told["match_prompt"] = wish
    elif mark:
        key = "match_url" if wish.startswith(("http://", "https://")) else "exact_string"
        told[key] = wish
    document = Document([told], {}, folder=Path())
    cases = CaseReader(document).cases([told], ())
    if document.problems or not cases:
        raise ConfigInvalid("--test-case", document.problems)
    return cases[0]


def _checker(text: str) -> tuple[str, str, str]:
    """(inputs, ==, ~= or nothing, what follows it); the first mark that is not escaped counts."""
    found = re.search(r"(?<!\\)(==|~=)", text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found.group(), text[found.end() :]


def pairs(text: str, flag: str) -> dict[str, Any]:
    """`NAME=VALUE;NAME=VALUE`; a value may hold further equals signs.

    Raises:
        ConfigInvalid: a part has no equals sign, or no name.
    """
    found: dict[str, Any] = {}
    for part in _split(text, ";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise _unusable(flag, "must be NAME=VALUE, several with ; between them")
        found[name.strip()] = value_of(value.strip().replace("\\=", "="))
    return found


def value_of(text: str) -> Any:
    """A boolean or a number where the text is how one is written; `07` and `1e` stay text."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+([eE][+-]?\d+)?", text):
        return float(text)
    return text


def _split(text: str, mark: str) -> list[str]:
    parts = re.split(rf"(?<!\\){re.escape(mark)}", text)
    return [part.replace(f"\\{mark}", mark) for part in parts]


def _unusable(place: str, message: str) -> ConfigInvalid:
    return ConfigInvalid(place, [Problem("", message)])
