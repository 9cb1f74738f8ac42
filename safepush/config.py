"""`safepush.yaml` as one frozen Config, and the environment as one frozen Connection."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from safepush.compare import USUAL, Tolerance
from safepush.compat import RULES as COMPAT_RULES
from safepush.document import Document, Place, read
from safepush.errors import ConfigInvalid, Problem
from safepush.findings import Level, Policy, Rule
from safepush.lint import RULES as LINT_RULES
from safepush.reader import Field, Reader, suggestion

DEFAULT_URL = "http://127.0.0.1:8471"
DEFAULT_DATA = "penstock-data"
FILE_NAME = "safepush.yaml"

_NAME = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
MODEL = re.compile(f"{_NAME}/{_NAME}")
MODEL_FORM = "must be owner/name, in lower-case letters, digits, '.', '_' and '-'"

#: Known to cog-safe-push, and here before long: refused by name, since a check left out unsaid
#: would let a version through that nobody looked at.
LATER = {
    "": [
        *("test_model", "test_hardware", "train", "deployment", "dockerfile", "parallel"),
        *("fast_push", "use_cog_base_image", "ignore_schema_compatibility", "official_model"),
    ],
    "predict": ["fuzz"],
    "case": ["match_url", "jq_query", "match_prompt"],
}


LEVELS = {level.value: level for level in Level}
FAIL_ON = {"error": Level.ERROR, "warning": Level.WARNING, "never": Level.OFF}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One prediction and what must come of it; with no expectation it must just succeed."""

    inputs: Mapping[str, Any]
    exact_string: str | None = None
    error_contains: str | None = None


@dataclass(frozen=True, kw_only=True)
class Predict:
    """The `predict` section; `tolerance` is what is alike to the live version in any case."""

    test_cases: tuple[Case, ...] = ()
    predict_timeout_s: float = 300.0
    compare_outputs: bool = False
    tolerance: Tolerance = USUAL


@dataclass(frozen=True, kw_only=True)
class Config:
    """What a push is held to; `setup_timeout_s` is how long the version may take to be ready."""

    model: str
    predict: Predict = field(default_factory=Predict)
    lint: Policy = field(default_factory=Policy)
    compatibility: Policy = field(default_factory=Policy)
    setup_timeout_s: float = 1800.0
    promote: bool = True


@dataclass(frozen=True)
class Connection:
    """Where the server is, and the token it knows us by (kept out of every representation)."""

    url: str
    token: str | None = field(repr=False)


def find(folder: Path, path: Path | None, model: str | None) -> Config:
    """The configuration that a folder is held to; `path` and `model` are what was asked for.

    A model that is named needs no file; there are just no test cases then.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    if model is not None and not is_model(model):
        raise _unusable("--model", MODEL_FORM)
    source = path or folder / FILE_NAME
    if model is not None and path is None and not source.exists():
        return Config(model=model)
    config = load(source)
    return config if model is None else replace(config, model=model)


def load(path: Path) -> Config:
    """The configuration in the file at `path`.

    Raises:
        ConfigInvalid: with all that is wrong in it.
    """
    document = read(path)
    reader = _Reader(document)
    config = reader.config()
    if config is None or document.problems:
        problems = sorted(document.problems, key=lambda problem: problem.line or 0)
        raise ConfigInvalid(str(path), problems)
    return config


def is_model(text: str) -> bool:
    """Whether a text is `owner/name`."""
    return bool(MODEL.fullmatch(text)) and len(text) <= 200


def connection(environ: Mapping[str, str]) -> Connection:
    """The server to talk to: PENSTOCK_URL, and PENSTOCK_TOKEN or the embedded server's token file.

    Raises:
        ConfigInvalid: the address or the token cannot be used.
    """
    url = environ.get("PENSTOCK_URL") or DEFAULT_URL
    _check_url(url)
    token = environ.get("PENSTOCK_TOKEN", "").strip() or _token_file(environ)
    if token and not re.fullmatch(r"[!-~]+", token):
        raise _unusable("PENSTOCK_TOKEN", "holds characters no token has; copy it again")
    return Connection(url.rstrip("/"), token or None)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _unusable("PENSTOCK_URL", f"must be an http(s) address, such as {DEFAULT_URL}")
    if parts.username or parts.password:
        raise _unusable("PENSTOCK_URL", "must not hold a user or password; use PENSTOCK_TOKEN")


def _token_file(environ: Mapping[str, str]) -> str:
    source = Path(environ.get("PENSTOCK_DATA") or DEFAULT_DATA) / "token"
    try:
        return source.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as exc:
        raise _unusable(str(source), "cannot be read as a token; set PENSTOCK_TOKEN") from exc


def _unusable(place: str, message: str) -> ConfigInvalid:
    return ConfigInvalid(place, [Problem("", message)])


class _Reader(Reader):
    """The sections that `safepush.yaml` has."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._value = document.value

    def config(self) -> Config | None:
        fields: dict[str, Field] = {
            "model": ("model", self._model),
            "predict": ("predict", self._predict),
            "lint": ("lint", lambda value, place: self._policy(value, place, LINT_RULES)),
            "compatibility": (
                "compatibility",
                lambda value, place: self._policy(value, place, COMPAT_RULES),
            ),
            "setup_timeout": ("setup_timeout_s", self.seconds),
            "promote": ("promote", self.boolean),
        }
        values = self.section(self._value, (), fields, required=["model"], later=LATER[""])
        return Config(**values) if "model" in values else None

    def _predict(self, value: object, place: Place) -> Predict:
        fields: dict[str, Field] = {
            "test_cases": ("test_cases", self._cases),
            "predict_timeout": ("predict_timeout_s", self.seconds),
            "compare_outputs": ("compare_outputs", self.boolean),
            "tolerance": ("tolerance", self._tolerance),
        }
        return Predict(**self.section(value, place, fields, later=LATER["predict"]))

    def _cases(self, value: object, place: Place) -> tuple[Case, ...] | None:
        told = self.each(value, place, "test cases, each with `inputs`")
        cases = [self._case(one, where) for one, where in told or []]
        return None if told is None else tuple(case for case in cases if case is not None)

    def _case(self, value: object, place: Place) -> Case | None:
        fields: dict[str, Field] = {
            "inputs": ("inputs", self._inputs),
            "exact_string": ("exact_string", self.text),
            "error_contains": ("error_contains", self.text),
        }
        values = self.section(value, place, fields, required=["inputs"], later=LATER["case"])
        if "exact_string" in values and "error_contains" in values:
            self.wrong(place, "has exact_string and error_contains; keep one of them")
            return None
        return Case(**values) if "inputs" in values else None

    def _tolerance(self, value: object, place: Place) -> Tolerance:
        known = {one.name: (one.name, self.amount) for one in dataclasses.fields(Tolerance)}
        return replace(USUAL, **self.section(value, place, known))

    def _policy(self, value: object, place: Place, rules: Mapping[str, Rule]) -> Policy:
        fields: dict[str, Field] = {
            "fail_on": ("fail_on", lambda value, place: self.word(value, place, FAIL_ON)),
            "levels": ("levels", lambda value, place: self._levels(value, place, rules)),
            "accept": ("accepted", lambda value, place: self._accepted(value, place, rules)),
        }
        return Policy(**self.section(value, place, fields))

    def _levels(
        self, value: object, place: Place, rules: Mapping[str, Rule]
    ) -> dict[str, Level] | None:
        fields: dict[str, Field] = {
            id: (id, lambda value, place: self.word(value, place, LEVELS)) for id in rules
        }
        return self.section(value, place, fields)

    def _accepted(
        self, value: object, place: Place, rules: Mapping[str, Rule]
    ) -> dict[str, str] | None:
        told = self.each(value, place, "findings, each with `finding` and `reason`")
        if told is None:
            return None
        accepted = {}
        fields: dict[str, Field] = {
            "finding": ("finding", lambda value, place: self._finding(value, place, rules)),
            "reason": ("reason", self.text),
        }
        for one, where in told:
            values = self.section(one, where, fields, required=["finding", "reason"])
            if len(values) == len(fields):
                accepted[values["finding"]] = values["reason"]
        return accepted

    def _finding(self, value: object, place: Place, rules: Mapping[str, Rule]) -> str | None:
        text = self.text(value, place)
        if text is None:
            return None
        id, at, _ = text.partition(" at ")
        if id in rules and at:
            return text
        guess = suggestion(id, list(rules)) if id not in rules else ""
        self.wrong(place, f"must be a finding as the report writes it, `RULE at PLACE: ...`{guess}")
        return None

    def _model(self, value: object, place: Place) -> str | None:
        if isinstance(value, str) and is_model(value):
            return value
        self.wrong(place, MODEL_FORM)
        return None

    def _inputs(self, value: object, place: Place) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            self.wrong(place, "must be a mapping from input name to value (or {})")
            return None
        self._document.check_json(value, place)
        return value
